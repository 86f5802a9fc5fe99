"""Writes tables for our readers with pandas and pyarrow: `write_tables.py FOLDER`."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 3000
NUMBERS = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8"]
COMPRESSIONS = ["none", "snappy", "gzip", "brotli", "zstd"]


def numbers(generator):
    def column(code):
        if code[0] == "f":
            values = (50 * generator.normal(size=ROWS)).astype(code)
            values[::17] = np.nan
            return values
        limits = np.iinfo(code)
        return generator.integers(limits.min, limits.max, ROWS, dtype=code, endpoint=True)

    return {code: column(code) for code in NUMBERS} | {"flag": generator.integers(0, 2, ROWS).astype(bool)}


def texts():
    return np.array([f"t\u00e4xt {i % 40}" for i in range(ROWS)], dtype=object)


def lists(generator, depth):
    counts = generator.poisson(2, ROWS)
    if depth == 1:
        return [list(generator.normal(size=count)) for count in counts]
    return [[list(range(inner)) for inner in generator.poisson(1, count)] for count in counts]


def write_pickles(folder, generator):
    table = pd.DataFrame(numbers(generator) | {"text": texts()})
    for protocol in (2, 3, 4, 5):
        table.to_pickle(folder / f"protocol{protocol}.pkl", protocol=protocol)
    pd.DataFrame(generator.normal(size=(ROWS, 12)), columns=list("abcdefghijkl")).to_pickle(folder / "fortran.pkl")
    swapped = {code: generator.integers(0, 100, ROWS).astype(code) for code in (">i2", ">u4", ">f4", ">f8")}
    pd.DataFrame(swapped, index=np.arange(ROWS)[::-1]).to_pickle(folder / "big-endian.pkl")
    table.iloc[:0].to_pickle(folder / "empty.pkl")


def write_parquet(folder, generator):
    flat = pa.table(numbers(generator) | {"text": texts()})
    for compression in COMPRESSIONS:
        pq.write_table(flat, folder / f"{compression}.parquet", compression=compression, row_group_size=1100)
    pq.write_table(flat, folder / "plain.parquet", use_dictionary=False, data_page_size=2000)
    pq.write_table(flat, folder / "page-version-2.parquet", data_page_version="2.0")
    sums = pa.table({"x": np.arange(ROWS) // 3, "y": generator.normal(size=ROWS)})
    encodings = {"x": "DELTA_BINARY_PACKED", "y": "BYTE_STREAM_SPLIT"}
    pq.write_table(sums, folder / "encodings.parquet", use_dictionary=False, column_encoding=encodings)
    gaps = np.where(generator.uniform(size=ROWS) < 0.3, None, generator.normal(size=ROWS))
    nested = {"gaps": pa.array(gaps, pa.float64()), "constant": pa.array([7] * ROWS, pa.int32())}
    nested |= {"list": pa.array(lists(generator, 1)), "lists": pa.array(lists(generator, 2))}
    nested["absent"] = pa.array([None if i % 5 == 0 else [float(i)] for i in range(ROWS)])
    for version in ("1.0", "2.0"):
        pq.write_table(pa.table(nested), folder / f"lists-{version}.parquet", data_page_version=version, row_group_size=700)


folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
write_pickles(folder, np.random.default_rng(1))
write_parquet(folder, np.random.default_rng(2))
