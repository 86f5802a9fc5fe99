"""Runs frozen graphs in TensorFlow as CMSSW does and compares with our results."""

import numpy as np
import tensorflow as tf
from checks import Checks, Mismatch, largest_difference, manifest, require
from google.protobuf import text_format

v1 = tf.compat.v1
NOT_FROZEN = {"VarHandleOp", "ReadVariableOp", "VariableV2", "StatefulPartitionedCall", "PartitionedCall"}


def read_graph(path):
    definition = v1.GraphDef()
    with open(path, "rb") as file:
        definition.ParseFromString(file.read())
    return definition


def check_structure(definition, entry):
    live = sorted({node.op for node in definition.node} & NOT_FROZEN)
    require(not live and not definition.library.function, f"not frozen: {live or 'it has functions'}")
    placeholders = {node.name for node in definition.node if node.op == "Placeholder"}
    operands = set(entry["samples"][0]["inputs"])
    require(placeholders == operands, f"placeholders {sorted(placeholders)}, expected {sorted(operands)}")


def check_run(entry):
    definition = read_graph(entry["pb"])
    check_structure(definition, entry)
    graph = tf.Graph()
    with graph.as_default():
        tf.import_graph_def(definition, name="")
    largest = 0.0
    with v1.Session(graph=graph) as session:
        for sample in entry["samples"]:
            feeds = {f"{name}:0": np.load(path) for name, path in sample["inputs"].items()}
            result = session.run(f"{entry['output']}:0", feeds)
            expected = np.load(sample["expected"])
            largest = max(largest, largest_difference(result, expected, entry["absolute"], entry["relative"]))
    return f"TensorFlow {tf.__version__}, {len(definition.node)} nodes, largest difference {largest:.1e}"


def check_text(entry):
    with open(entry["pbAscii"], encoding="utf-8") as file:
        parsed = text_format.Parse(file.read(), v1.GraphDef())
    if parsed != read_graph(entry["pb"]):
        raise Mismatch(".pb.ascii is another graph than .pb")


checks = Checks()
for entry in manifest()["graphs"]:
    if "pb" not in entry:
        continue
    checks.run(f"{entry['name']} .pb", check_run, entry)
    if "pbAscii" in entry:
        checks.run(f"{entry['name']} .pb.ascii", check_text, entry)
checks.exit()
