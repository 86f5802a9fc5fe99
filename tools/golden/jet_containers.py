"""A ROOT file as the ATLAS trigger writes its jets: two containers in CollectionTree, a list for each event.

    python tools/golden/jet_containers.py data/golden/jets

needs uproot, awkward and pandas (the files are of uproot 5.7 and pandas 2). `containers.root.gz` is that file, packed;
`leading.pkl` the first jets of the trigger's container as a pickled table, as the studies keep theirs. Jet j of event e has pt 20000 + 1000 e + 100 j, m a tenth of that,
phi j / 4 - 1, eta e / 8 - 1; event e has (5 e) mod 4 jets, and one more in the second container, whose pt are twice as large.
"""

import gzip
import os
import sys

import awkward
import numpy
import pandas
import uproot

TRIGGER = "HLT_xAOD__JetContainer_TrigHLTJetDSSelectorCollectionAuxDyn"
OFFLINE = "AntiKt4EMTopoJetsAux"
EVENTS = 12


def container(more, factor):
    jets = [[(e, j) for j in range((5 * e) % 4 + more)] for e in range(EVENTS)]

    def of(formula):
        lists = [numpy.array([formula(e, j) for e, j in event], dtype="float32") for event in jets]
        return awkward.values_astype(awkward.Array(lists), "float32")

    pt = of(lambda e, j: factor * (20000 + 1000 * e + 100 * j))
    return awkward.zip({"m": pt / 10, "pt": pt, "phi": of(lambda e, j: j / 4 - 1), "eta": of(lambda e, j: e / 8 - 1)})


def main(folder):
    path = os.path.join(folder, "containers.root")
    branches = {TRIGGER: container(0, 1), OFFLINE: container(1, 2)}
    with uproot.recreate(path, compression=uproot.ZLIB(1)) as file:
        tree = file.mktree(
            "CollectionTree",
            {name: values.type.content for name, values in branches.items()},
            field_name=lambda outer, inner: f"{outer}.{inner}",
        )
        tree.extend(branches)
    with open(path, "rb") as plain, open(f"{path}.gz", "wb") as target:
        target.write(gzip.compress(plain.read(), 9, mtime=0))
    os.remove(path)
    first = [event[0].tolist() for event in branches[TRIGGER] if len(event) > 0]
    pandas.DataFrame(first, columns=["m", "pt", "phi", "eta"]).to_pickle(os.path.join(folder, "leading.pkl"), protocol=4)


main(sys.argv[1])
