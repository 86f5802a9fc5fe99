"""Adversarial training of the jet tagger: two compiled models share their layers and learn in turn, batch by batch."""

import keras
from keras import Model, layers, optimizers

from calratio_twin import Adversary, Tagger
from keras_fit import SETTINGS, load
from lockstep import SPEC, measure

SHAPES = SETTINGS["shapes"]


def nadam():
    return optimizers.Nadam(SETTINGS["learningRate"])


def models():
    """Discriminator (only the adversary learns) and original (only the tagger learns)."""
    main, control = ({name: layers.Input(shape) for name, shape in SHAPES.items()} for _ in range(2))
    tagger, adversary = Tagger(SETTINGS["classes"]), Adversary()
    classes, control_classes = tagger(main), tagger(control)
    judged = adversary(control_classes)
    discriminator = Model(list(control.values()), judged)
    original = Model([*main.values(), *control.values()], [classes, judged])
    for layer in discriminator.layers:
        layer.trainable = "adversary" in layer.name
    discriminator.compile(nadam(), "binary_crossentropy", metrics=["accuracy"])
    for layer in original.layers:
        layer.trainable = "adversary" not in layer.name
    original.compile(
        nadam(),
        ["categorical_crossentropy", "binary_crossentropy"],
        loss_weights=[1, -SETTINGS["adversaryWeight"]],
        metrics=["accuracy"],
    )
    return discriminator, original


def sample(name, answer):
    """Inputs, answers and weights of all the rows."""
    inputs = [load(f"{name}/{column}") for column in SHAPES]
    return inputs, load(f"{name}/{answer}"), load(f"{name}/weight")


def piece(columns, first):
    inputs, answers, weights = columns
    rows = slice(first, first + SETTINGS["batchSize"])
    return [column[rows] for column in inputs], answers[rows], weights[rows]


def train(rows):
    """Mini-batches over the first rows; mean loss of the original model."""
    starts = range(0, rows, SETTINGS["batchSize"])
    total = 0.0
    for first in starts:
        x, y, w = piece(MAIN, first)
        control, is_data, control_w = piece(CONTROL, first)
        for _ in range(SETTINGS["discriminatorSteps"]):
            DISCRIMINATOR.train_on_batch(control, is_data, sample_weight=control_w)
        total += ORIGINAL.train_on_batch([*x, *control], [y, is_data], sample_weight=[w, control_w])[0]
    return total / len(starts)


DISCRIMINATOR, ORIGINAL = models()
MAIN, CONTROL = sample("main", "label"), sample("control", "isData")
train(2 * SETTINGS["batchSize"])
measure(f"keras {keras.__version__} train_on_batch, {SPEC['threads']} threads", lambda: train(SPEC["rows"]))
