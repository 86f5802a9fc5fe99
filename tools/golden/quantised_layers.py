"""Numbers of QKeras 0.9.0 for QConv1D and QBatchNormalization: data/golden/quantised/layers_extra.json.

    .interop/venvq/bin/python tools/golden/quantised_layers.py data/golden/quantised/layers_extra.json
"""

import json
import sys

import numpy as np
import qkeras
import tensorflow as tf

SEED = 1234
WEIGHTS = "quantized_bits(5,1,0,alpha=1)"
AUTOMATIC = "quantized_bits(4,0,1,alpha='auto_po2')"
CONV_1D = [
    {"kernel_size": 3, "strides": 1, "padding": "same", "quantiser": WEIGHTS, "activation": None},
    {"kernel_size": 3, "strides": 2, "padding": "valid", "quantiser": WEIGHTS, "activation": "quantized_relu(6,2)"},
    {"kernel_size": 1, "strides": 1, "padding": "valid", "quantiser": AUTOMATIC, "activation": None},
]
PLAIN = {name: "quantized_bits(8,3,0,alpha=1)" for name in ("gamma", "beta", "mean", "variance")}
NORMALISATIONS = [
    {"shape": [6, 3], "quantisers": {}, "center": True, "scale": True},
    {"shape": [4, 5, 3], "quantisers": PLAIN, "center": True, "scale": True},
    {"shape": [2, 3, 3, 4], "quantisers": {}, "center": True, "scale": True},
    {"shape": [2, 3, 3, 4], "quantisers": PLAIN, "center": False, "scale": False},
]


def numbers(array):
    """Shortest decimals that give the same float32."""
    return [float(str(np.float32(value))) for value in np.ravel(array)]


def conv_1d(rng, case):
    layer = qkeras.QConv1D(
        4, case["kernel_size"], strides=case["strides"], padding=case["padding"], activation=case["activation"],
        kernel_quantizer=case["quantiser"], bias_quantizer=WEIGHTS,
    )
    x = tf.constant(rng.normal(0, 1, (2, 7, 3)).astype("float32"))
    layer.build(x.shape)
    kernel = rng.normal(0, 0.6, layer.kernel.shape).astype("float32")
    bias = rng.normal(0, 0.6, layer.bias.shape).astype("float32")
    layer.set_weights([kernel, bias])
    with tf.GradientTape() as tape:
        tape.watch(x)
        out = layer(x)
        squares = tf.reduce_sum(out * out)
    gradients = tape.gradient(squares, [x, layer.kernel, layer.bias])
    found = {"x": x, "kernel": kernel, "bias": bias, "out": out}
    found |= dict(zip(("grad_x", "grad_kernel", "grad_bias"), gradients))
    shapes = {"x": list(x.shape), "kernel": list(kernel.shape), "out": list(out.shape)}
    return {**case, "shapes": shapes, **{key: numbers(value) for key, value in found.items()}}


def normalisation(rng, case):
    quantisers = {f"{name}_quantizer": text for name, text in case["quantisers"].items()}
    layer = qkeras.QBatchNormalization(center=case["center"], scale=case["scale"], **quantisers)
    x = tf.constant(rng.normal(0.4, 1.3, case["shape"]).astype("float32"))
    cotangent = rng.normal(0, 1, case["shape"]).astype("float32")
    layer.build(x.shape)
    channels = case["shape"][-1]
    start = {"gamma": rng.uniform(0.3, 2, channels), "beta": rng.normal(0, 0.7, channels)}
    start |= {"moving_mean": rng.normal(0, 0.7, channels), "moving_variance": rng.uniform(0.2, 3, channels)}
    start = {name: value.astype("float32") for name, value in start.items() if hasattr(getattr(layer, name), "assign")}
    for name, value in start.items():
        getattr(layer, name).assign(value)
    inference = layer(x, training=False)
    learnt = [name for name in ("gamma", "beta") if name in start]
    with tf.GradientTape() as tape:
        tape.watch(x)
        out = layer(x, training=True)
        product = tf.reduce_sum(out * cotangent)
    gradients = tape.gradient(product, [x, *(getattr(layer, name) for name in learnt)])
    found = {"x": x, "cotangent": cotangent, **start, "inference": inference, "training": out}
    found |= dict(zip(["grad_x", *(f"grad_{name}" for name in learnt)], gradients))
    found |= {"next_mean": layer.moving_mean, "next_variance": layer.moving_variance}
    return {**case, **{key: numbers(value) for key, value in found.items()}}


rng = np.random.default_rng(SEED)
result = {
    "conv1d": [conv_1d(rng, case) for case in CONV_1D],
    "normalisation": [normalisation(rng, case) for case in NORMALISATIONS],
}
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(result, file, separators=(",", ":"))
    file.write("\n")
