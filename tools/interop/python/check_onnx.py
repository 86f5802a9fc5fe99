"""Checks ONNX files with onnx.checker, runs them in ONNX Runtime and compares with our results."""

import numpy as np
import onnx
import onnxruntime
from checks import Checks, largest_difference, manifest, require


def session_of(path):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def check(entry):
    model = onnx.load(entry["onnx"])
    onnx.checker.check_model(model, full_check=True)
    session = session_of(entry["onnx"])
    names = [output.name for output in session.get_outputs()]
    require(names == [entry["output"]], f"results {names}, expected {entry['output']}")
    largest = 0.0
    for sample in entry["samples"]:
        feeds = {name: np.load(path) for name, path in sample["inputs"].items()}
        (result,) = session.run(None, feeds)
        expected = np.load(sample["expected"])
        largest = max(largest, largest_difference(result, expected, entry["absolute"], entry["relative"]))
    opset = next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
    return f"IR {model.ir_version}, opset {opset}, largest difference {largest:.1e}"


checks = Checks()
for entry in manifest()["graphs"]:
    checks.run(f"{entry['name']} .onnx", check, entry)
checks.exit()
