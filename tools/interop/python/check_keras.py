"""Loads architecture and weights in the installed Keras and compares its prediction with ours."""

from checks import Checks, manifest
from custom_layers import CUSTOM_LAYERS
from predictions import check_prediction

checks = Checks()
for entry in manifest()["keras"]:
    checks.run(entry["name"], check_prediction, entry, CUSTOM_LAYERS)
checks.exit()
