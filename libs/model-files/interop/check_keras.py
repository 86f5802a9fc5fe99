#!/usr/bin/env python3
"""Load an architecture and its weights in Keras and compare the prediction with a reference.

usage: check_keras.py arch.json weights.hdf5 x.npy y.npy tolerance

Prints one JSON line. Exit code 0: within the absolute tolerance, 1: outside, 2: a file could not be loaded.
Runs with Keras 2.15 and with Keras 3. Several inputs: x.npz with one array per input, in model order.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def load_input(path):
    import numpy as np

    loaded = np.load(path)
    return loaded if isinstance(loaded, np.ndarray) else [loaded[key] for key in loaded.files]


def main(arguments):
    if len(arguments) != 5:
        print(json.dumps({"error": __doc__.splitlines()[2]}))
        return 2
    architecture, weights, x_path, y_path, tolerance = arguments
    report = {"architecture": architecture, "weights": weights}
    try:
        import keras
        import numpy as np

        report["keras"] = keras.__version__
        with open(architecture, encoding="utf-8") as file:
            model = keras.models.model_from_json(file.read())
        model.load_weights(weights)
        x, y = load_input(x_path), np.load(y_path)
        predicted = model.predict(x, verbose=0)
    except Exception as error:  # every failure to load is reported the same way
        report["error"] = f"{type(error).__name__}: {str(error)[-600:]}"
        print(json.dumps(report))
        return 2
    same_shape = predicted.shape == y.shape
    difference = float(abs(predicted - y).max()) if same_shape else None
    passed = same_shape and difference <= float(tolerance)
    report.update(shape=list(predicted.shape), parameters=model.count_params(), max_difference=difference, ok=passed)
    print(json.dumps(report))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
