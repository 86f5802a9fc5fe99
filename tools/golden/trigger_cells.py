"""Writes the golden trigger cells as an HGCAL trigger ntuple, by uproot.

    python tools/golden/trigger_cells.py data/golden/geometry apps/ecoder-trainer/src/testing/trigger-cells.root.gz

The cells of ntuple_tc_rows.json, those of an event in one vector, with part and azimuth of their module from
ntuple_pivot.json; float32 and 32-bit integers as in the ntuple. The first particle of event e has pT 10 (e + 1) GeV and
eta 1.5 + 0.25 e. Gzip, since most of so small a file is the description of its classes.
"""

import gzip
import json
import sys
import tempfile
from pathlib import Path

import awkward as ak
import uproot

DIRECTORY = "FloatingpointThreshold0DummyHistomaxGenmatchGenclustersntuple"
TYPES = {
    **dict.fromkeys(["subdet", "zside", "layer", "waferu", "waferv", "cellu", "cellv"], "int32"),
    **{"data": "uint32", "eta": "float32", "phi": "float32", "simenergy": "float32"},
}


def records(path):
    table = json.load(open(path))
    return [dict(zip(table["columns"], row)) for row in table["rows"]]


def main(folder, target):
    place = lambda cell, prefix: tuple(cell[prefix + name] for name in ["layer", "waferu", "waferv"])
    modules = {place(module, ""): module for module in records(f"{folder}/ntuple_pivot.json")}
    cells = records(f"{folder}/ntuple_tc_rows.json")
    for cell in cells:
        module = modules[place(cell, "tc_")]
        cell.update(tc_subdet=module["subdet"], tc_phi=module["tc_phi"])
    events = 1 + int(max(cell["entry"] for cell in cells))
    of = lambda name: [[cell["tc_" + name] for cell in cells if cell["entry"] == event] for event in range(events)]
    vectors = ak.zip({name: ak.values_astype(ak.Array(of(name)), type) for name, type in TYPES.items()})
    particles = {
        "gen_pt": ak.values_astype(ak.Array([[10.0 * (event + 1)] for event in range(events)]), "float32"),
        "gen_eta": ak.values_astype(ak.Array([[1.5 + 0.25 * event] for event in range(events)]), "float32"),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trigger-cells.root"
        with uproot.recreate(path, compression=None) as file:
            data = {"tc": vectors, **particles}
            types = {name: ak.type(values).content for name, values in data.items()}
            tree = file.mktree(f"{DIRECTORY}/HGCalTriggerNtuple", types, initial_basket_capacity=2)
            tree.extend(data)
        Path(target).write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


main(*sys.argv[1:])
