"""Loads architecture and weights in the installed Keras and compares its prediction with ours."""

import keras
from checks import Checks, manifest
from custom_layers import CUSTOM_LAYERS
from predictions import check_prediction

checks = Checks()
keras2_only = manifest()["wholeModels"] if keras.__version__.startswith("2.") else []
for entry in manifest()["keras"] + keras2_only:
    checks.run(entry["name"], check_prediction, entry, CUSTOM_LAYERS)
for entry in manifest()["archives"]:
    checks.run(f"{entry['name']}.keras", check_prediction, entry, CUSTOM_LAYERS)
checks.exit()
