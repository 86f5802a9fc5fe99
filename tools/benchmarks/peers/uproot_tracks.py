"""Ntuples of tracks to balanced samples as the reference framework makes them: uproot in a pool of processes, pandas, npz."""

import os
from concurrent.futures import ProcessPoolExecutor
from glob import glob

import awkward as ak
import numpy as np
import pandas as pd
import uproot

from lockstep import SPEC, measure

SETTINGS = SPEC["settings"]
ITERATION = "trk_originalAlgo"


def load(path):
    """A row for each track, float32, the score of the trees from 0 to 1."""
    with uproot.open(path, array_cache=None, object_cache=None) as file:
        arrays = file[SETTINGS["tree"]].arrays(SETTINGS["branches"], library="ak")
    columns = {
        name: ak.to_numpy(ak.flatten(arrays[name])).astype(np.float32, copy=False) for name in SETTINGS["branches"]
    }
    table = pd.DataFrame(columns)
    table["trk_mva"] = (table["trk_mva"] + 1) / 2
    return table


def balanced(table):
    """As many tracks of each iteration, shuffled."""
    parts = [part for _, part in table.groupby(ITERATION)]
    rows = min(len(part) for part in parts)
    drawn = pd.concat([part.sample(rows) for part in parts])
    return drawn.sample(frac=1).reset_index(drop=True)


def samples():
    paths = sorted(glob(os.path.join(SPEC["folder"], "*.root")))
    with ProcessPoolExecutor(max_workers=SPEC["threads"]) as pool:
        table = pd.concat(list(pool.map(load, paths)))
    tests = int(SETTINGS["testFraction"] * len(table))
    table, test = table[:-tests], table[-tests:]
    drawn = balanced(table)
    validations = int(SETTINGS["validationFraction"] * len(drawn))
    parts = {"train": drawn[:-validations], "validation": drawn[-validations:], "test": test}
    for name, part in parts.items():
        path = os.path.join(SPEC["folder"], f"{name}-{os.getpid()}.npz")
        np.savez(path, **{column: part[column].to_numpy() for column in part.columns})
    return sum(len(part) for part in parts.values())


measure(f"uproot {uproot.__version__}, pandas {pd.__version__}", samples)
