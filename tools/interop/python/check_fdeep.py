"""Reads frugally-deep files without our code: layout, hash, and the prediction of the network rebuilt in Keras."""

import base64
import hashlib
import json

import keras
import numpy as np
from checks import Checks, largest_difference, manifest, require

MAJOR = int(keras.__version__.split(".")[0])
KEYS = [
    "architecture", "image_data_format", "input_shapes", "output_shapes", "tests", "trainable_params", "hash",
]  # fmt: skip
#: Keys of a layer in the order of Keras' get_weights.
ORDER = {
    "Dense": ["weights", "bias"],
    "Conv1D": ["weights", "bias"],
    "Conv2D": ["weights", "bias"],
    "BatchNormalization": ["gamma", "beta", "moving_mean", "moving_variance"],
    "LSTM": ["weights", "recurrent_weights", "bias"],
}
PIECE = 1024


def decoded(pieces):
    require(all(len(piece) == PIECE for piece in pieces[:-1]), "a piece is not of 1024 characters")
    require(0 < len(pieces[-1]) <= PIECE, "the last piece is empty or too long")
    return np.frombuffer(base64.b64decode("".join(pieces), validate=True), dtype="<f4")


def weights_of(layer, stored):
    """Arrays for `set_weights`; the filters of a convolution stand first in the file."""
    keys = [key for key in ORDER[type(layer).__name__] if key in stored]
    require(len(keys) == len(stored), f"layer {layer.name} has keys {sorted(stored)}")
    for key, current in zip(keys, layer.get_weights(), strict=True):
        numbers = decoded(stored[key])
        if type(layer).__name__.startswith("Conv") and key == "weights":
            filters = current.shape[-1]
            yield np.moveaxis(numbers.reshape((filters, *current.shape[:-1])), 0, -1)
        else:
            yield numbers.reshape(current.shape)


def fill(model, stored, prefix=""):
    """Sets the weights of the layers; gives the keys that were used."""
    used = set()
    for layer in model.layers:
        name = prefix + layer.name
        if hasattr(layer, "layers"):
            used |= fill(layer, stored, f"{name}_")
        elif layer.get_weights():
            layer.set_weights(list(weights_of(layer, stored[name])))
            used.add(name)
    return used


def hash_of(model):
    digest = hashlib.sha256()
    for layer in model.layers:
        for weights in layer.get_weights():
            digest.update(np.ascontiguousarray(weights, dtype="<f4").tobytes())
        digest.update(layer.name.encode("ascii"))
    return digest.hexdigest()


def predict(model, inputs):
    predicted = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
    return np.asarray(predicted)


def check_tests(model, file):
    require(len(file["tests"]) > 0, "it has no tests")
    for test in file["tests"]:
        inputs = [decoded(tensor["values"]).reshape([1, *tensor["shape"]]) for tensor in test["inputs"]]
        require([list(array.shape[1:]) for array in inputs] == file["input_shapes"], "shapes of a test differ")
        for tensor, shape in zip(test["outputs"], file["output_shapes"], strict=True):
            require(tensor["shape"] == shape, "shape of an output differs")
            largest_difference(predict(model, inputs)[0], decoded(tensor["values"]).reshape(shape), 1e-5, 1e-5)


def check(entry):
    with open(entry["json"], encoding="utf-8") as text:
        file = json.load(text)
    require(list(file) == KEYS, f"keys {list(file)}")
    require(file["image_data_format"] == "channels_last", "image_data_format is not channels_last")
    model = keras.models.model_from_json(json.dumps(file["architecture"]))
    used = fill(model, file["trainable_params"])
    require(used == set(file["trainable_params"]), f"left over: {set(file['trainable_params']) - used}")
    require(hash_of(model) == file["hash"], "its hash differs")
    check_tests(model, file)
    predicted = predict(model, [np.load(path) for path in entry["inputs"]])
    difference = largest_difference(
        predicted, np.load(entry["expected"]), entry["absolute"], entry["relative"]
    )
    return f"Keras {keras.__version__}, largest difference {difference:.1e}"


checks = Checks()
for entry in manifest()["fdeep"]:
    if entry["keras"] == MAJOR:
        checks.run(f"{entry['name']} for frugally-deep", check, entry)
checks.exit()
