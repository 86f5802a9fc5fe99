"""Reads event files byte by byte and through TensorBoard, and compares the scalars with history.csv."""

import os
import struct

import pandas as pd
from checks import Checks, largest_difference, manifest, require
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.util import tensor_util

CASTAGNOLI = 0x82F63B78
HEADER = struct.Struct("<QI")
CHECKSUM = struct.Struct("<I")


def crc_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (CASTAGNOLI if value & 1 else 0)
        table.append(value)
    return table


TABLE = crc_table()


def masked_crc(data):
    """CRC32C, rotated and offset as TFRecord files store it."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 255] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(data):
    """Payloads of a TFRecord file; every length and both checksums of each record are verified."""
    position = 0
    while position < len(data):
        require(position + HEADER.size <= len(data), f"torn header at byte {position}")
        length, length_crc = HEADER.unpack_from(data, position)
        require(length_crc == masked_crc(data[position : position + 8]), f"length checksum at byte {position}")
        start, end = position + HEADER.size, position + HEADER.size + length
        require(end + CHECKSUM.size <= len(data), f"torn record at byte {position}")
        payload = data[start:end]
        require(CHECKSUM.unpack_from(data, end)[0] == masked_crc(payload), f"data checksum at byte {position}")
        yield payload
        position = end + CHECKSUM.size


def check_framing(path):
    with open(path, "rb") as file:
        events = [Event.FromString(payload) for payload in records(file.read())]
    require(events[0].file_version == "brain.Event:2", f"first record has version '{events[0].file_version}'")
    require(all(event.wall_time > 0 for event in events), "an event without wall time")
    return f"{len(events)} records"


def scalars(folder, tag):
    """[(step, value)] whichever way the writer stored them."""
    unlimited = {kind: 0 for kind in (event_accumulator.SCALARS, event_accumulator.TENSORS)}
    accumulator = event_accumulator.EventAccumulator(folder, size_guidance=unlimited)
    accumulator.Reload()
    tags = accumulator.Tags()
    if tag in tags["scalars"]:
        return [(event.step, event.value) for event in accumulator.Scalars(tag)]
    require(tag in tags["tensors"], f"no tag {tag}; there are {tags['scalars'] + tags['tensors']}")
    return [
        (event.step, float(tensor_util.make_ndarray(event.tensor_proto))) for event in accumulator.Tensors(tag)
    ]


def check_history(run, column, values):
    folder = "validation" if column.startswith("val_") else "train"
    tag = f"epoch_{column.removeprefix('val_')}"
    found = scalars(os.path.join(run["tensorboard"], folder), tag)
    steps = [step for step, _ in found]
    require(steps == list(range(len(values))), f"steps {steps}, expected 0 to {len(values) - 1}")
    largest_difference([value for _, value in found], values, 0, 1e-6)
    return f"{len(steps)} epochs"


def event_files(folder):
    names = [os.path.join(parent, name) for parent, _, files in os.walk(folder) for name in files]
    return sorted(name for name in names if "tfevents" in os.path.basename(name))


checks = Checks()
for run in manifest()["runs"]:
    files = event_files(run["tensorboard"])
    checks.run(f"{run['name']} event files", lambda found: require(found, "there are none"), files)
    for path in files:
        checks.run(f"{run['name']} {os.path.basename(os.path.dirname(path))} records", check_framing, path)
    history = pd.read_csv(run["history"])
    for column in history.columns.drop(["epoch", "seconds"]):
        checks.run(f"{run['name']} {column}", check_history, run, column, history[column].to_numpy())
checks.exit()
