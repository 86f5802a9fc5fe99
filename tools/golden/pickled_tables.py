"""Writes small pickled pandas tables whose values follow from formulas: python pickled_tables.py FOLDER TAG.

Run it with each version of pandas that is to be read; TAG names the version. The columns are those that
libs/datasets/src/pickle/pickle-versions.spec.ts expects.
"""
import sys
from pathlib import Path

import numpy as np
import pandas as pd

ROWS = 7
folder, tag = Path(sys.argv[1]), sys.argv[2]
row = np.arange(ROWS)
columns = {}
for code in ("i1", "i2", "i4", "i8"):
    columns[code] = (row * 11 - 30).astype(code)
for code in ("u1", "u2", "u4", "u8"):
    columns[code] = (row * 11).astype(code)
for code in ("f2", "f4", "f8"):
    columns[code] = (row / 4 - 0.5).astype(code)
columns["b1"] = row % 3 == 0
columns["large"] = np.array([2**63 + int(i) for i in row], dtype="u8")
columns["text"] = np.array([f"\u00e4{i}" for i in row], dtype=object)
table = pd.DataFrame(columns)
for protocol in (2, 5):
    table.to_pickle(folder / f"{tag}-protocol{protocol}.pkl", protocol=protocol)
matrix = pd.DataFrame((np.arange(ROWS * 4) / 8).reshape(ROWS, 4), columns=list("abcd"))
matrix.to_pickle(folder / f"{tag}-fortran.pkl")
big = pd.DataFrame({"x": (row / 4).astype(">f8"), "n": (row - 3).astype(">i2")}, index=row * 2)
big.to_pickle(folder / f"{tag}-big-endian.pkl")
