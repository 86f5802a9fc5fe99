"""Branches of a TTree to arrays with uproot: NumPy where all rows are alike, Awkward for lists."""

import os

import numpy as np
import uproot

from lockstep import SPEC, measure

PATH = os.path.join(SPEC["folder"], "tree.root")
NAMES = SPEC["settings"]["columns"]


def last_row():
    library = "ak" if SPEC["settings"]["shape"] == "jagged" else "np"
    with uproot.open(PATH, array_cache=None, object_cache=None) as file:
        columns = file["tree"].arrays(NAMES, library=library)
    return sum(float(np.sum(columns[name][-1])) for name in NAMES)


measure(f"uproot {uproot.__version__}", last_row)
