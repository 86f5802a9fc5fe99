"""The classes of QKeras that a reader of quantised networks must name."""

import sys

import qkeras
from qkeras.qlayers import Clip, QInitializer

if "tf_keras" in sys.modules:
    sys.exit("tf_keras is loaded; beside Keras 2.15 it makes model_from_json hang: mend requirements-qkeras.txt")

QKERAS_OBJECTS = {
    "QActivation": qkeras.QActivation,
    "QConv2D": qkeras.QConv2D,
    "QDense": qkeras.QDense,
    "quantized_bits": qkeras.quantized_bits,
    "quantized_relu": qkeras.quantized_relu,
    "Clip": Clip,
    "QInitializer": QInitializer,
}
