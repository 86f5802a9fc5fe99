"""Writes data/golden/root/tracks.root: events of toy tracks as a tree of vectors, by uproot.

    npx trackdnn-trainer toy --tracks 150 --nested --seed 11 -o tracks.parquet
    python tools/golden/track_trees.py tracks.parquet data/golden/root/tracks.root

Some of the branches, to keep it small. Counts and codes are 32-bit integers as in the tracking ntuple, the others float32;
zlib.
"""

import sys

import awkward as ak
import uproot

PREFIX = "trk_"
TYPES = {
    **dict.fromkeys(["pt", "dxyErr", "mva"], "float32"),
    **dict.fromkeys(["nPixel", "originalAlgo", "isTrue"], "int32"),
}


def main(source, target):
    events = ak.from_parquet(source)
    tracks = ak.zip({name: ak.values_astype(events[PREFIX + name], type) for name, type in TYPES.items()})
    with uproot.recreate(target, compression=uproot.ZLIB(9)) as file:
        types = {"event": "int32", "trk": ak.type(tracks).content}
        tree = file.mktree(
            "trackingNtuple/tree",
            types,
            field_name=lambda outer, inner: f"{outer}_{inner}".lstrip("_"),
            initial_basket_capacity=2,
        )
        tree.extend({"event": ak.values_astype(events["event"], "int32"), "trk": tracks})


main(*sys.argv[1:])
