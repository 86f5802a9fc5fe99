"""Loading of architecture and weights, and comparison of the prediction with ours."""

import keras
import numpy as np
from checks import largest_difference


def load(entry, custom_objects):
    if "archive" in entry:
        return keras.models.load_model(entry["archive"], custom_objects=custom_objects, compile=False)
    if "json" not in entry:
        return keras.models.load_model(entry["hdf5"], custom_objects=custom_objects, compile=False)
    with open(entry["json"], encoding="utf-8") as file:
        model = keras.models.model_from_json(file.read(), custom_objects=custom_objects)
    model.load_weights(entry["hdf5"])
    return model


def check_prediction(entry, custom_objects):
    model = load(entry, custom_objects)
    inputs = [np.load(path) for path in entry["inputs"]]
    predicted = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
    difference = largest_difference(
        predicted, np.load(entry["expected"]), entry["absolute"], entry["relative"]
    )
    return f"Keras {keras.__version__}, {model.count_params()} parameters, largest difference {difference:.1e}"
