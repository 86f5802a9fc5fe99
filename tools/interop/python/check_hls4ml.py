"""Simulates the firmware that hls4ml makes of quantised encoders; it must repeat our integers, bit for bit."""

import contextlib
import functools
import io

import hls4ml
import numpy as np
from checks import Checks, largest_difference, manifest
from predictions import load
from qkeras_objects import QKERAS_OBJECTS

# Holds charges divided by a power of two exactly; everything else hls4ml takes from the quantisers.
INPUT_PRECISION = "fixed<24,10>"


@functools.cache
def firmware(json, hdf5, project):
    model = load({"json": json, "hdf5": hdf5}, QKERAS_OBJECTS)
    config = hls4ml.utils.config_from_keras_model(
        model, granularity="name", backend="Vitis", default_precision=INPUT_PRECISION
    )
    simulation = hls4ml.converters.convert_from_keras_model(
        model, hls_config=config, backend="Vitis", io_type="io_parallel", output_dir=project, project_name="encoder"
    )
    simulation.compile()
    return model, simulation


def check(entry):
    with contextlib.redirect_stdout(io.StringIO()):
        model, simulation = firmware(entry["json"], entry["hdf5"], entry["project"])
        images = np.ascontiguousarray(np.load(entry["input"]))
        expected = np.load(entry["expected"])
        simulated = np.asarray(simulation.predict(images)).reshape(expected.shape)
        predicted = model.predict(images, verbose=0, batch_size=512)
    largest_difference(simulated, expected, 0, 0)
    largest_difference(predicted, expected, 0, 0)
    return f"hls4ml {hls4ml.__version__}, {expected.size} numbers, {len(np.unique(expected))} different ones, all equal"


checks = Checks()
for entry in manifest()["firmware"]:
    checks.run(entry["name"], check, entry)
checks.exit()
