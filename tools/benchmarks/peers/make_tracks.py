"""Writes events of tracks as a tree of vectors: `make_tracks.py EVENTS.parquet OUTPUT.root DIRECTORY/TREE`.

Counts and codes are 32-bit integers as in the ntuple, all other branches float32; zlib, as CMSSW writes.
"""

import sys

import awkward as ak
import uproot

EVENTS_IN_BASKET = 1_000
INTEGERS = (
    "trk_nPixel trk_nStrip trk_nCluster trk_nLostLay trk_nInnerLost trk_nOuterLost "
    "trk_nInnerInactive trk_nOuterInactive trk_originalAlgo trk_isTrue"
).split()


def main(source, target, tree):
    events = ak.from_parquet(source)
    branches = {
        name: ak.values_astype(events[name], "int32" if name in INTEGERS or name == "event" else "float32")
        for name in events.fields
    }
    types = {
        name: "int32" if name == "event" else f"var * {'int32' if name in INTEGERS else 'float32'}"
        for name in branches
    }
    with uproot.recreate(target, compression=uproot.ZLIB(1)) as file:
        written = file.mktree(tree, types)
        for start in range(0, len(events), EVENTS_IN_BASKET):
            end = min(len(events), start + EVENTS_IN_BASKET)
            written.extend({name: values[start:end] for name, values in branches.items()})


main(*sys.argv[1:])
