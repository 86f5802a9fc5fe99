"""Keras `fit`, epoch by epoch."""

import os

import keras
import numpy as np
import tensorflow as tf

from lockstep import SPEC, Lockstep

tf.config.threading.set_intra_op_parallelism_threads(SPEC["threads"])
tf.config.threading.set_inter_op_parallelism_threads(SPEC["threads"])
tf.keras.utils.set_random_seed(1)
SETTINGS = SPEC["settings"]


class _Epochs(keras.callbacks.Callback):
    """Lets every epoch of one `fit` wait for its turn."""

    def __init__(self, lockstep):
        super().__init__()
        self._lockstep = lockstep

    def on_epoch_begin(self, epoch, logs=None):
        self._lockstep.begin()

    def on_epoch_end(self, epoch, logs=None):
        self._lockstep.end(logs["loss"])


def load(name):
    """An input column."""
    return np.load(os.path.join(SPEC["folder"], f"{name}.npy"))


def measure_fit(model, inputs, target):
    """Trains a compiled model; two batches and a partial one, if there is one, are run beforehand to trace it."""
    batch, rows = SETTINGS["batchSize"], SPEC["rows"]
    arrays = inputs if isinstance(inputs, list) else [inputs]
    first = min(rows, 2 * batch + rows % batch)
    model.fit([a[:first] for a in arrays], target[:first], batch_size=batch, verbose=0)
    lockstep = Lockstep(f"keras {keras.__version__} fit, {SPEC['threads']} threads")
    model.fit(arrays, target, batch_size=batch, epochs=SPEC["rounds"], verbose=0, callbacks=[_Epochs(lockstep)])
    lockstep.finish()
