"""Reads event files byte by byte and through TensorBoard, and compares the scalars with history.csv."""

import os
import struct

import pandas as pd
from checks import Checks, largest_difference, manifest, require
from tensorboard import context
from tensorboard.backend.event_processing import data_provider, event_accumulator, plugin_event_multiplexer
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import api_pb2, backend_context, get_experiment, list_session_groups
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


def hparams_backend(folder):
    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    multiplexer.AddRunsFromDirectory(folder)
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, folder)
    return backend_context.Context(
        base_plugin.TBContext(logdir=folder, multiplexer=multiplexer, data_provider=provider)
    )


def plain(value):
    return getattr(value, value.WhichOneof("kind"))


def check_comparison(folder, trainings):
    """What the plugin's own handlers make of the folder, as its page in the browser asks them."""
    backend, request = hparams_backend(folder), context.RequestContext()
    experiment = get_experiment.Handler(request, backend, "", api_pb2.GetExperimentRequest()).run()
    names = {info.name for info in experiment.hparam_infos}
    wanted = {name for training in trainings for name in training["hyperParameters"]}
    require(wanted <= names, f"hyper-parameters {sorted(names)}, expected {sorted(wanted)}")
    metrics = {info.name.tag for info in experiment.metric_infos}
    found = list_session_groups.Handler(
        request, backend, "", api_pb2.ListSessionGroupsRequest(slice_size=100, allowed_statuses=range(4))
    ).run()
    groups = {group.name: group for group in found.session_groups}
    require(sorted(groups) == sorted(training["name"] for training in trainings), f"trainings {sorted(groups)}")
    for training in trainings:
        group = groups[training["name"]]
        values = {name: plain(value) for name, value in group.hparams.items()}
        require(values == training["hyperParameters"], f"{group.name} has {values}")
        ended = {value.name.tag: value.value for value in group.metric_values}
        require(set(ended) <= metrics and ended == training["metrics"], f"{group.name} has {ended}")
        status = api_pb2.STATUS_FAILURE if training["isFailed"] else api_pb2.STATUS_SUCCESS
        require([session.status for session in group.sessions] == [status], f"{group.name} has another status")
    return f"{len(trainings)} trainings"


checks = Checks()
for run in manifest()["runs"]:
    files = event_files(run["tensorboard"])
    checks.run(f"{run['name']} event files", lambda found: require(found, "there are none"), files)
    for path in files:
        checks.run(f"{run['name']} {os.path.basename(os.path.dirname(path))} records", check_framing, path)
    history = pd.read_csv(run["history"])
    for column in history.columns.drop(["epoch", "seconds"]):
        checks.run(f"{run['name']} {column}", check_history, run, column, history[column].to_numpy())
for comparison in manifest()["comparisons"]:
    folder = comparison["tensorboard"]
    for path in event_files(folder):
        checks.run(f"{comparison['name']} {os.path.basename(os.path.dirname(path))} records", check_framing, path)
    checks.run(comparison["name"], check_comparison, folder, comparison["trainings"])
checks.exit()
