"""A pickled table with pandas."""

import os

import pandas as pd

from lockstep import SPEC, measure

PATH = os.path.join(SPEC["folder"], SPEC["settings"]["file"])


def last_row():
    return float(pd.read_pickle(PATH).iloc[-1].sum())


measure(f"pandas {pd.__version__} read_pickle", last_row)
