"""Loads quantised networks in QKeras and compares its prediction with ours."""

from checks import Checks, manifest
from predictions import check_prediction
from qkeras_objects import QKERAS_OBJECTS

checks = Checks()
for entry in manifest()["qkeras"]:
    checks.run(entry["name"], check_prediction, entry, QKERAS_OBJECTS)
checks.exit()
