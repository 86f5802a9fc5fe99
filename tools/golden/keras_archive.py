"""A small network as the installed Keras saves it, and its prediction.

    .interop/venv/bin/python tools/golden/keras_archive.py data/golden/archives/keras2_archive
    .interop/venv3/bin/python tools/golden/keras_archive.py data/golden/archives/keras3_archive

writes `.keras` (packed again with deflate, to be small) and `.json` with inputs and outputs.
"""

import json
import sys
import zipfile

import keras
import numpy as np

ROWS = 3


def sawtooth(shape, offset=0):
    count = int(np.prod(shape))
    return ((7 * (np.arange(count) + offset) % 31 - 15) / 16).reshape(shape).astype("float32")


def network():
    """Layers whose names say nothing of their order, a nested model, weights that no other layer has."""
    layers = keras.layers
    sequence = keras.Input((5, 4), name="sequence")
    jet = keras.Input((3,), name="jet")
    inner_input = keras.Input((5,), name="inner_input")
    inner = keras.Model(inner_input, layers.Dense(4, name="z")(inner_input), name="inner")
    x = layers.Conv1D(3, 3, padding="causal", activation="relu", name="second")(sequence)
    x = layers.Conv1D(3, 1, name="first")(x)
    x = layers.Dropout(0.2, name="drop")(x)
    x = layers.LSTM(2, name="memory")(x)
    x = inner(layers.Concatenate(name="both")([x, jet]))
    x = layers.BatchNormalization(name="norm")(x)
    model = keras.Model([sequence, jet], layers.Dense(2, activation="softmax", name="a")(x), name="small")
    model.set_weights([sawtooth(weight.shape, i) for i, weight in enumerate(model.get_weights())])
    norm = model.get_layer("norm")
    norm.set_weights([*norm.get_weights()[:3], np.abs(norm.get_weights()[3])])
    return model


def main(stem):
    model = network()
    model.save(f"{stem}.keras")
    with zipfile.ZipFile(f"{stem}.keras") as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(f"{stem}.keras", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    inputs = {"sequence": sawtooth((ROWS, 5, 4), 3), "jet": sawtooth((ROWS, 3), 5)}
    output = model.predict([inputs["sequence"], inputs["jet"]], verbose=0)
    numbers = {name: [float(str(v)) for v in array.ravel()] for name, array in {**inputs, "output": output}.items()}
    with open(f"{stem}.json", "w", encoding="utf-8") as file:
        json.dump({"keras": keras.__version__, "rows": ROWS, **numbers}, file)


main(sys.argv[1])
