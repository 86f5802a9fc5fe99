"""Loads architecture and weights in the installed Keras and compares its prediction with ours."""

import keras
import numpy as np
from checks import Checks, largest_difference, manifest
from custom_layers import CUSTOM_LAYERS


def check(entry):
    with open(entry["json"], encoding="utf-8") as file:
        model = keras.models.model_from_json(file.read(), custom_objects=CUSTOM_LAYERS)
    model.load_weights(entry["hdf5"])
    inputs = [np.load(path) for path in entry["inputs"]]
    predicted = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
    difference = largest_difference(
        predicted, np.load(entry["expected"]), entry["absolute"], entry["relative"]
    )
    return f"Keras {keras.__version__}, {model.count_params()} parameters, largest difference {difference:.1e}"


checks = Checks()
for entry in manifest()["keras"]:
    checks.run(entry["name"], check, entry)
checks.exit()
