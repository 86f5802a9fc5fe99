"""Writes golden numbers of fixed-point quantisers with bits as tensors: `make_fixed_point.py OPS_FILE OUTPUT`.

OPS_FILE is `quantizers/fixed_point/_fixed_point_ops.py` of the package `quantizers` 1.2.2, which is run as it is. It
asks for `keras.ops`, which Keras 2.15 does not have, so TensorFlow's functions of the same names stand in.
"""

import importlib.util
import json
import sys
import types

import numpy as np
import tensorflow as tf

ROUNDINGS = ["RND", "RND_CONV", "RND_ZERO", "RND_INF", "RND_MIN_INF", "TRN", "TRN_ZERO"]
COUNT = 24


def load_operations(path):
    keras = types.ModuleType("keras")
    keras.ops = types.SimpleNamespace(
        where=tf.where,
        floor=tf.floor,
        round=tf.round,
        sign=tf.sign,
        abs=tf.abs,
        maximum=tf.maximum,
        stop_gradient=tf.stop_gradient,
    )
    random = types.ModuleType("keras.random")
    random.SeedGenerator = object
    sys.modules.update({"keras": keras, "keras.random": random})
    spec = importlib.util.spec_from_file_location("operations", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def operands():
    """Ties of every rounding, numbers within and beyond the range, and random ones; each with bits of its own."""
    rng = np.random.default_rng(3)
    ties = np.array([0.125, -0.125, 0.375, -0.375, 0.25, -0.25, 0.0, 1.875, -1.9, 1.7])
    x = np.concatenate([ties, rng.uniform(-4, 4, COUNT - len(ties))])
    integer = np.concatenate([np.zeros(len(ties)), rng.integers(-2, 3, COUNT - len(ties))])
    fraction = np.concatenate([np.full(len(ties), 2), rng.integers(-1, 5, COUNT - len(ties))])
    return [np.float32(np.round(values * 2**10) / 2**10) for values in (x, integer, fraction)]


def entry(quantizer, format, arrays):
    x, integer, fraction = (tf.constant(array) for array in arrays)
    keep_negative = float(format["keepNegative"])
    with tf.GradientTape() as tape:
        tape.watch([x, integer, fraction])
        out = quantizer(x, keep_negative, integer, fraction, format["training"])
        total = tf.reduce_sum(out)
    zero = tf.UnconnectedGradients.ZERO
    gradients = tape.gradient(total, [x, integer, fraction], unconnected_gradients=zero)
    numbers = [out, *gradients]
    return format | dict(zip(["out", "gradX", "gradInteger", "gradFraction"], map(listed, numbers)))


def listed(tensor):
    return [float(f"{value:.6g}") for value in tensor.numpy()]


def main(source, output):
    operations = load_operations(source)
    x, integer, fraction = operands()
    entries = []
    for rounding in ROUNDINGS:
        for overflow in ["SAT", "SAT_SYM", "WRAP"]:
            quantizer = operations._get_fixed_quantizer(rounding, overflow)
            for keep_negative in [True, False]:
                for training in [True, False] if overflow == "WRAP" else [True]:
                    format = {"rounding": rounding, "overflow": overflow, "keepNegative": keep_negative}
                    entries.append(entry(quantizer, format | {"training": training}, (x, integer, fraction)))
    lists = {"x": x, "integer": integer, "fraction": fraction}
    golden = {name: [float(value) for value in values] for name, values in lists.items()} | {"entries": entries}
    with open(output, "w", encoding="utf-8") as file:
        file.write(json.dumps(golden, separators=(",", ":")).replace(".0,", ",").replace(".0]", "]") + "\n")


main(*sys.argv[1:])
