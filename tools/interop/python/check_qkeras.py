"""Loads quantised networks in QKeras and compares its prediction with ours."""

from checks import Checks, manifest
from custom_layers import CUSTOM_LAYERS
from predictions import check_prediction
from qkeras_objects import QKERAS_OBJECTS

checks = Checks()
for entry in manifest()["qkeras"]:
    checks.run(entry["name"], check_prediction, entry, {**QKERAS_OBJECTS, **CUSTOM_LAYERS})
checks.exit()
