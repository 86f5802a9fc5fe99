"""A table to a Parquet file with pyarrow."""

import os

import pyarrow as pa
import pyarrow.parquet as pq

from lockstep import SPEC, measure

FOLDER = SPEC["folder"]
pa.set_cpu_count(SPEC["threads"])
TABLE = pq.read_table(os.path.join(FOLDER, SPEC["settings"]["file"]), use_threads=SPEC["threads"] > 1)


def write():
    pq.write_table(TABLE, os.path.join(FOLDER, "peer.parquet"), compression="zstd", compression_level=3)
    return TABLE.num_rows


measure(f"pyarrow {pa.__version__} write_table", write)
