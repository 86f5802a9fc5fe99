"""Checks our copies of tables of pandas and pyarrow, and the files that we write of one table."""

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from checks import Checks, manifest, require

ARROW = {"float32": "float", "float64": "double", "text": "string"}


def lists_of(values):
    """Lists as nested Python lists; nothing is an empty one, as our reader has it."""
    return [] if values is None else [lists_of(value) if isinstance(value, (list, type(None))) else value for value in values]


def read_columns(path):
    if path.endswith(".pkl"):
        return {str(name): column for name, column in pd.read_pickle(path).items()}
    table = pq.read_table(path)
    return dict(zip(table.column_names, table.columns))


def compare(name, expected, copied):
    if str(getattr(expected, "type", "")).startswith("list"):
        require(lists_of(expected.to_pylist()) == lists_of(copied.to_pylist()), f"lists of {name} differ")
        return
    wanted, found = np.asarray(expected), np.asarray(copied)
    require(wanted.shape == found.shape, f"{name} has shape {found.shape}, expected {wanted.shape}")
    if wanted.dtype.kind not in "OUT":
        require(wanted.dtype.newbyteorder("=") == found.dtype, f"{name} is {found.dtype}, expected {wanted.dtype}")
        require(np.array_equal(wanted, found, equal_nan=wanted.dtype.kind == "f"), f"numbers of {name} differ")
    else:
        require(list(wanted) == list(found), f"texts of {name} differ")


def check_copy(entry):
    source, copy = read_columns(entry["source"]), read_columns(entry["copy"])
    require(list(source) == list(copy), f"columns {list(copy)}, expected {list(source)}")
    for name in source:
        compare(name, source[name], copy[name])
    return f"{len(source)} columns"


def check_written(entry):
    table = pq.read_table(entry["parquet"])
    frame = pd.read_parquet(entry["parquet"])
    require(frame.shape == table.shape, "pandas and pyarrow see other shapes")
    for name, kind in entry["types"].items():
        found = str(table.schema.field(name).type)
        require(found == ARROW.get(kind, kind), f"{name} is {found}, expected {kind}")
    arrays = np.load(entry["npz"])
    types = {name: kind for name, kind in entry["types"].items() if kind not in ("bool", "text")}
    text = pd.read_csv(entry["csv"], dtype=types, float_precision="round_trip")
    for name, kind in entry["types"].items():
        values = table[name].to_numpy()
        same = np.array_equal(text[name].to_numpy().astype(values.dtype), values, equal_nan=kind.startswith("float"))
        require(same, f"{name} differs in the csv file")
        if kind != "text":
            require(arrays[name].dtype == values.dtype, f"{name} is {arrays[name].dtype} in the npz file")
            require(np.array_equal(arrays[name], values, equal_nan=kind.startswith("float")), f"{name} differs in the npz file")
    return f"{table.num_rows} rows of {table.num_columns} types"


checks = Checks()
for entry in manifest()["tableCopies"]:
    checks.run(entry["name"], check_copy, entry)
for entry in manifest()["writtenTables"]:
    checks.run(entry["name"], check_written, entry)
checks.exit()
