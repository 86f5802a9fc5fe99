"""Writes a table for the readers: `make_table.py PATH ROWS`; the name says the format.

*.pkl: jets as the reference saves them, blocks of float64, float32 and integers. zstd.parquet, snappy.parquet: 30 columns
of normal random numbers, float64 and float32 in turn.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def jets(generator, rows):
    columns = {"label": np.full(rows, 2), "eventNumber": generator.integers(0, 2**40, rows, dtype="u8")}
    columns |= {f"double_{i}": generator.normal(size=rows) for i in range(700)}
    columns |= {f"single_{i}": generator.normal(size=rows).astype("f4") for i in range(110)}
    return pd.DataFrame(columns)


def numbers(generator, rows):
    types = ["f8", "f4"] * 15
    return pa.table({f"column_{i}": (50 * generator.normal(size=rows)).astype(t) for i, t in enumerate(types)})


def main(path, rows):
    generator = np.random.default_rng(1)
    if path.suffix == ".pkl":
        jets(generator, rows).to_pickle(path)
    else:
        pq.write_table(numbers(generator, rows), path, compression=path.stem)


main(Path(sys.argv[1]), int(sys.argv[2]))
