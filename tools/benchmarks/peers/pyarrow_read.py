"""A Parquet file to NumPy columns with pyarrow."""

import os

import pyarrow as pa
import pyarrow.parquet as pq

from lockstep import SPEC, measure

PATH = os.path.join(SPEC["folder"], SPEC["settings"]["file"])
pa.set_cpu_count(SPEC["threads"])


def last_row():
    table = pq.read_table(PATH, use_threads=SPEC["threads"] > 1)
    columns = [column.to_numpy() for column in table.columns]
    return sum(float(column[-1]) for column in columns)


measure(f"pyarrow {pa.__version__} read_table", last_row)
