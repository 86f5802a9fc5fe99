"""Writes trees and RNTuples of every compression and type with uproot: `write_root.py FOLDER`.

Prints `[{"name", "path", "tree"}]`. Baskets and clusters have 700, 3 and 1500 entries.
"""

import json
import os
import sys

import awkward as ak
import numpy as np
import uproot

COMPRESSIONS = {
    "plain": None,
    "zlib": uproot.ZLIB(4),
    "lz4": uproot.LZ4(4),
    "zstd": uproot.ZSTD(5),
    "lzma": uproot.LZMA(3),
}
NUMBERS = ["bool", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"]
ENTRIES = [700, 3, 1500]


def numbers(generator, kind, count):
    """All bits of short types, 52 bits of long ones, so that float64 holds them."""
    if kind == "bool":
        return generator.integers(0, 2, count).astype(bool)
    if kind[0] == "f":
        return generator.normal(size=count).astype(kind)
    limits = np.iinfo(kind)
    low, high = max(limits.min, -(2**52)), min(int(limits.max), 2**52)
    return generator.integers(low, high, count, endpoint=True).astype(kind)


def lists(generator, content):
    counts = generator.integers(0, 6, len(content))
    counts[np.cumsum(counts) > len(content)] = 0
    return ak.unflatten(content[: counts.sum()], counts)


def records(generator, rows):
    """Records, lists of records and values that may be missing, which trees of uproot's do not hold."""
    number = numbers(generator, "f4", rows)
    record = ak.zip({"x": number, "lists": lists(generator, number)}, depth_limit=1)
    # made of single values: of a mask uproot writes what is behind it, too
    missing = ak.Array([value if kept else None for value, kept in zip(number.tolist(), numbers(generator, "bool", rows))])
    return {
        "record": record,
        "records": lists(generator, record),
        "optional": missing,
        "optionals": lists(generator, missing),
    }


def columns(generator, rows, is_ntuple):
    made = {}
    for kind in NUMBERS:
        made[f"flat_{kind}"] = numbers(generator, kind, rows)
        made[f"list_{kind}"] = lists(generator, numbers(generator, kind, rows))
        if is_ntuple:
            made[f"lists_{kind}"] = lists(generator, lists(generator, numbers(generator, kind, rows)))
        else:
            made[f"pair_{kind}"] = numbers(generator, kind, 2 * rows).reshape(rows, 2)
            made[f"grid_{kind}"] = numbers(generator, kind, 6 * rows).reshape(rows, 2, 3)
    if is_ntuple:
        made |= records(generator, rows)
    made["text"] = ak.Array(["x" * int(length) for length in generator.integers(0, 300, rows)])
    return made


def branch_type(values):
    if isinstance(values, np.ndarray):
        return np.dtype((values.dtype, values.shape[1:]))
    return values.type.content


def write(path, compression, is_ntuple):
    generator = np.random.default_rng(1)
    with uproot.recreate(path, compression=compression) as file:
        batches = [columns(generator, rows, is_ntuple) for rows in ENTRIES]
        if is_ntuple:
            tree = file.mkrntuple("folder_tree", ak.Array(batches[0]))
            batches = [ak.Array(batch) for batch in batches[1:]]
        else:
            tree = file.mktree("folder/tree", {name: branch_type(values) for name, values in batches[0].items()})
        for batch in batches:
            tree.extend(batch)


def main(folder):
    os.makedirs(folder, exist_ok=True)
    files = []
    for name, compression in COMPRESSIONS.items():
        for kind, tree in [("TTree", "folder/tree"), ("RNTuple", "folder_tree")]:
            path = os.path.join(folder, f"{kind}_{name}.root")
            write(path, compression, kind == "RNTuple")
            files.append({"name": f"{kind}, {name}", "path": path, "tree": tree})
    print(json.dumps(files))


main(sys.argv[1])
