"""The jet tagger with the recipe of the reference: pieces of the samples that never change, last epoch kept."""

import json
import os
import sys
import time

import keras
import numpy as np
import tensorflow as tf
from keras import Model, layers, optimizers

from calratio_twin import Adversary, Tagger

SPEC = json.loads(sys.argv[1])
SHAPES = SPEC["shapes"]


def load(sample, name):
    return np.load(os.path.join(SPEC["folder"], sample, f"{name}.npy"))


def inputs_of(sample):
    return [load(sample, name) for name in SHAPES]


def fitted(column, rows):
    """Cut, or mirrored at the end until it is long enough."""
    missing = max(0, rows - len(column))
    return np.pad(column[:rows], [(0, missing), *[(0, 0)] * (column.ndim - 1)], "symmetric")


def pieces(columns):
    return list(zip(*[np.array_split(column, SPEC["splits"]) for column in columns]))


def compiled(model, losses, loss_weights, trains):
    for layer in model.layers:
        layer.trainable = trains(layer.name)
    model.compile(optimizers.Nadam(SPEC["learningRate"]), losses, loss_weights=loss_weights)
    return model


tf.config.threading.set_intra_op_parallelism_threads(SPEC["threads"])
tf.config.threading.set_inter_op_parallelism_threads(SPEC["threads"])
keras.utils.set_random_seed(SPEC["seed"])

main, control = ([layers.Input(shape) for shape in SHAPES.values()] for _ in range(2))
tagger, adversary = Tagger(SPEC["classes"]), Adversary()
classes, control_classes = (tagger(dict(zip(SHAPES, given))) for given in (main, control))
judged = adversary(control_classes)
discriminator = compiled(Model(control, judged), "binary_crossentropy", None, lambda name: "adversary" in name)
original = compiled(
    Model([*main, *control], [classes, judged]),
    ["categorical_crossentropy", "binary_crossentropy"],
    [1, -SPEC["adversaryWeight"]],
    lambda name: "adversary" not in name,
)

jets = [*inputs_of("main"), load("main", "label"), load("main", "weight")]
region = [*inputs_of("control"), load("control", "isData"), load("control", "weight")]
rows = len(jets[0])
steps = list(zip(pieces(jets), pieces(region), pieces([fitted(column, rows) for column in region])))
began, began_cpu = time.perf_counter(), time.process_time()
for epoch in range(SPEC["epochs"]):
    for (*x, y, w), (*small, is_data, small_w), (*padded, padded_is_data, padded_w) in steps:
        for _ in range(SPEC["discriminatorSteps"]):
            discriminator.train_on_batch(small, is_data, sample_weight=small_w)
        original.train_on_batch([*x, *padded], [y, padded_is_data], sample_weight=[w, padded_w])
used = {"wallSeconds": time.perf_counter() - began, "cpuSeconds": time.process_time() - began_cpu}

predictor = Model(main, classes)
for sample in ("test-main", "test-control"):
    scores = predictor.predict(inputs_of(sample), batch_size=1024, verbose=0)
    np.save(os.path.join(SPEC["output"], f"{sample}.npy"), scores.astype("float32"))
with open(os.path.join(SPEC["output"], "used.json"), "w") as file:
    json.dump(used, file)
