"""Table of numbers to float32 columns with pandas."""

import os

import numpy as np
import pandas as pd

from lockstep import SPEC, measure

PATH = os.path.join(SPEC["folder"], "table.csv")


def last_row():
    return pd.read_csv(PATH, dtype=np.float32).iloc[-1].sum()


measure(f"pandas {pd.__version__} read_csv", last_row)
