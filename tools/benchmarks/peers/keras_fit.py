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


def warm_up_rows(rows):
    """Two batches and a partial one, if there is one: what traces the model."""
    batch = SETTINGS["batchSize"]
    return min(rows, 2 * batch + rows % batch)


def measure_pipeline(model, pipeline, rows):
    """Trains a compiled model from `pipeline(rows)`, a data set of tf.data; some batches are run beforehand to trace it."""
    model.fit(pipeline(warm_up_rows(rows)), verbose=0)
    lockstep = Lockstep(f"keras {keras.__version__} fit on tf.data, {SPEC['threads']} threads")
    model.fit(pipeline(rows), epochs=SPEC["rounds"], callbacks=[_Epochs(lockstep)], verbose=0)
    lockstep.finish()


def measure_fit(model, inputs, target, weight=None):
    """Trains a compiled model; two batches and a partial one, if there is one, are run beforehand to trace it."""
    batch, rows = SETTINGS["batchSize"], SPEC["rows"]
    first = warm_up_rows(rows)
    fit = {"batch_size": batch, "verbose": 0}
    part = None if weight is None else weight[:first]
    model.fit([column[:first] for column in inputs], target[:first], sample_weight=part, **fit)
    lockstep = Lockstep(f"keras {keras.__version__} fit, {SPEC['threads']} threads")
    model.fit(
        inputs, target, sample_weight=weight, epochs=SPEC["rounds"], callbacks=[_Epochs(lockstep)], **fit
    )
    lockstep.finish()
