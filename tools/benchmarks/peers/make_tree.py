"""Writes a TTree for the readers: `make_tree.py PATH ROWS flat|jagged zlib|lz4`.

flat: 8 float and 4 double branches, 50 000 rows a basket. jagged: 8 vectors of doubles, 8 on average, 5000 a basket.
"""

import sys

import awkward as ak
import numpy as np
import uproot

COMPRESSIONS = {"zlib": uproot.ZLIB(1), "lz4": uproot.LZ4(4)}


def flat(generator, rows):
    singles = {f"single_{i}": generator.normal(size=rows).astype("f4") for i in range(8)}
    doubles = {f"double_{i}": np.round(generator.exponential(size=rows), 3) for i in range(4)}
    return singles | doubles


def jagged(generator, rows):
    def lists():
        counts = generator.poisson(8, rows)
        return ak.unflatten(generator.normal(size=counts.sum()), counts)

    return {f"list_{i}": lists() for i in range(8)}


def main(path, rows, shape, compression):
    make, basket = {"flat": (flat, 50_000), "jagged": (jagged, 5_000)}[shape]
    generator = np.random.default_rng(1)
    with uproot.recreate(path, compression=COMPRESSIONS[compression]) as file:
        first = make(generator, 1)
        types = {name: "var * float64" if shape == "jagged" else values.dtype for name, values in first.items()}
        tree = file.mktree("tree", types)
        for start in range(0, rows, basket):
            tree.extend(make(generator, min(basket, rows - start)))


main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
