"""Writes a synthetic DiVertAnalysis ntuple: `python make_ntuple.py OUT.root EVENTS`.

uproot writes the file, the keys and the baskets; the tree's own record is made here, since uproot writes no branches of
`std::vector`, which real ntuples have. Sizes as in real events: 10 jets, 80 clusters, 95 tracks and 60 muon segments on
average; 1000 events in a basket, zlib level 1.
"""

import struct
import sys

import numpy as np
import uproot
from uproot.writing._cascade import RawStreamerInfo
from uproot.serialization import numbytes_version, string

EVENTS_PER_BASKET = 1000
TREE = "trees_DV_"
COUNTS = {"jet": 10, "clus": 80, "track": 95, "MSeg": 60, "llp": 2, "HLT_jet": 1}
FEATURES = {
    "jet": ["pT", "eta", "phi", "isClean_LooseBadLLP"],
    "clus": ["pt", "eta", "phi", "time", *[f"l{layer}{kind}cal" for layer in (1, 2, 3, 4) for kind in "eh"]],
    "track": ["pT", "eta", "phi", "chiSquared", "d0", "z0", "vertex_nParticles", "SCTHits", "SCTHoles", "SCTShared",
              "PixelHits", "PixelHoles", "PixelShared"],
    "MSeg": ["etaPos", "phiPos", "etaDir", "phiDir", "t0", "chiSquared"],
    "llp": ["pT", "eta", "phi", "Lxy", "Lz"],
    "HLT_jet": ["pT", "eta", "phi", "isBIB"],
}  # fmt: skip
FLOATS = ("time", "chiSquared", "t0")
INDICES = {"clus": "cluster_jetIndex", "track": "track_jetIndex", "MSeg": "MSeg_jetIndex"}
FLAT = {"runNumber": ">u4", "eventNumber": ">u8", "mcEventWeight": ">f4"}
LEAVES = {">u4": ("TLeafI", 4, True), ">u8": ("TLeafL", 8, True), ">f4": ("TLeafF", 4, False)}
VECTORS = {">f8": "vector<double>", ">f4": "vector<float>", ">i4": "vector<int>", ">i1": "vector<char>"}


# --- events ---


def feature(random, prefix, name, total):
    if name in ("pT", "pt"):
        scale = {"jet": 60, "clus": 4000, "track": 3, "llp": 80, "HLT_jet": 80}[prefix]
        return scale * random.exponential(size=total)
    if name.startswith("eta"):
        return random.normal(0, 1.2, total)
    if name.startswith("phi"):
        return random.uniform(-np.pi, np.pi, total)
    if name in ("isBIB", "isClean_LooseBadLLP"):
        return (random.uniform(size=total) < 0.7).astype(int)
    if name == "Lxy":
        return random.uniform(0, 5000, total)
    if name == "Lz":
        return random.uniform(-7000, 7000, total)
    if name.startswith(("SCT", "Pixel", "vertex")):
        return random.poisson(4, total).astype(float)
    return random.normal(0, 10, total)


def dtype_of(name):
    if name == "isBIB":
        return ">i4"
    if name.startswith("isClean"):
        return ">i1"
    return ">f4" if name in FLOATS else ">f8"


def vectors(counts, values, dtype):
    """Bytes of `std::vector` of numbers, one an event, and where each begins."""
    values = values.astype(dtype)
    offsets = np.concatenate([[0], np.cumsum(10 + counts * values.itemsize)])
    data = np.zeros(offsets[-1], "u1")
    places = np.concatenate([[0], np.cumsum(counts)])
    raw = values.tobytes()
    for event, count in enumerate(counts):
        start, end = offsets[event], offsets[event + 1]
        head = struct.pack(">IHI", (end - start - 4) | 0x40000000, 9, count)
        first, last = places[event] * values.itemsize, places[event + 1] * values.itemsize
        data[start:end] = np.frombuffer(head + raw[first:last], "u1")
    return data, offsets


def vectors_of_one(counts, values):
    """Bytes of `std::vector<std::vector<int>>` with one number in each inner one."""
    pairs = np.stack([np.ones_like(values), values], axis=1).astype(">i4")
    data, offsets = vectors(2 * counts, pairs.reshape(-1), ">i4")
    for event, count in enumerate(counts):
        data[offsets[event] + 6 : offsets[event] + 10] = np.frombuffer(struct.pack(">I", count), "u1")
    return data, offsets


def branches_of_batch(random, first, events):
    """`name -> (class or leaf type, data, offsets)` of a batch of events."""
    counts = {prefix: random.poisson(mean, events) for prefix, mean in COUNTS.items()}
    branches = {}
    for prefix, names in FEATURES.items():
        total = counts[prefix].sum()
        for name in names:
            dtype = dtype_of(name)
            values = feature(random, prefix, name, total)
            branches[f"{prefix}_{name}"] = (VECTORS[dtype], *vectors(counts[prefix], values, dtype))
    for prefix, name in INDICES.items():
        jets = np.repeat(counts["jet"], counts[prefix])
        index = np.floor(random.uniform(size=len(jets)) * jets).astype(int)
        if prefix == "clus":
            branches[name] = ("vector<int>", *vectors(counts[prefix], index, ">i4"))
            continue
        index[random.uniform(size=len(jets)) < 0.5] = -1
        branches[name] = ("vector<vector<int> >", *vectors_of_one(counts[prefix], index))
    numbers = np.arange(first, first + events)
    for name, dtype in FLAT.items():
        values = np.full(events, 284500) if name == "runNumber" else numbers
        branches[name] = (dtype, values.astype(dtype), None)
    return branches


# --- the tree's record ---


def counted(version, *parts):
    body = b"".join(parts)
    return numbytes_version(len(body), version) + body


def tnamed(name, title, bits=0x03000000):
    return counted(1, struct.pack(">HII", 1, 0, bits), string(name), string(title))


def array_of(parts):
    return counted(3, struct.pack(">HII", 1, 0, 0x03000000), b"\x00", struct.pack(">II", len(parts), 0), *parts)


def any_object(class_name, body):
    inside = struct.pack(">I", 0xFFFFFFFF) + class_name.encode() + b"\x00" + body
    return struct.pack(">I", len(inside) | 0x40000000) + inside


def array(dtype, values):
    return b"\x01" + np.asarray(values, dtype).tobytes()


IO_FEATURES = b"@\x00\x00\x07\x00\x00\x1a\xa1/\x10\x00"
FILL = b"@\x00\x00\x06\x00\x02\x00\x00\x03\xe9"


def leaf(name, kind):
    if kind in LEAVES:
        class_name, size, unsigned = LEAVES[kind]
        base = counted(2, tnamed(name, name), struct.pack(">III??", 1, size, 0, False, unsigned), b"\x00" * 4)
        return any_object(class_name, counted(1, base, b"\x00" * (2 * size)))
    base = counted(2, tnamed(name, name), struct.pack(">III??", 1, 0, 0, False, False), b"\x00" * 4)
    return any_object("TLeafElement", counted(1, base, struct.pack(">ii", -1, -1)))


def branch(name, kind, baskets, events):
    capacity = len(baskets) + 1
    sizes, zipped, seeks, firsts = zip(*baskets)
    base = counted(
        13,
        tnamed(name, name if kind not in LEAVES else f"{name}/x", 0x00400000),
        FILL,
        struct.pack(">iiiiq", 0, 32000, 4000 if kind not in LEAVES else 0, len(baskets), events),
        IO_FEATURES,
        struct.pack(">iIiqqqq", 0, capacity, 0, events, 0, sum(sizes), sum(zipped)),
        array_of([]),
        array_of([leaf(name, kind)]),
        array_of([]),
        array(">i4", [*zipped, 0]),
        array(">i8", [*firsts, events]),
        array(">i8", [*seeks, 0]),
        b"\x00",
    )
    if kind in LEAVES:
        return any_object("TBranch", base)
    element = (string(kind), b"\x00", b"\x00", struct.pack(">Ihiiii", 0, 6, -1, 0, -1, 0), b"\x00" * 8)
    return any_object("TBranchElement", counted(10, base, *element))


def tree_record(baskets, kinds, events):
    totals = [sum(entry[part] for entries in baskets.values() for entry in entries) for part in (0, 1)]
    attributes = b"@\x00\x00\x08\x00\x02\x02Z\x00\x01\x00\x01" + FILL + b"@\x00\x00\n\x00\x02\x00\x01\x00\x01?\x80\x00\x00"
    numbers = uproot.models.TTree._ttree20_format1.pack(
        events, *totals, 0, totals[1], 1.0, 0, 25, 0, 1000, 0, 10**9, 10**9, 0, -300000000, -30000000, 1000000
    )
    branches = [branch(name, kinds[name], entries, events) for name, entries in baskets.items()]
    return counted(
        20, tnamed(TREE, TREE), attributes, numbers, b"\x00\x00" + IO_FEATURES, array_of(branches), array_of([]), b"\x00" * 28
    )


# --- descriptions of the classes that uproot does not write ---

MEMBERS = {
    "TBranchElement": ("TBranch", 13, [
        ("fClassName", "TString"), ("fParentName", "TString"), ("fClonesName", "TString"),
        ("fCheckSum", "unsigned int"), ("fClassVersion", "short"), ("fID", "int"), ("fType", "int"),
        ("fStreamerType", "int"), ("fMaximum", "int"),
        ("fBranchCount", "TBranchElement*"), ("fBranchCount2", "TBranchElement*"),
    ]),
    "TLeafElement": ("TLeaf", 2, [("fID", "int"), ("fType", "int")]),
}  # fmt: skip
VERSIONS = {"TBranchElement": 10, "TLeafElement": 1}
MEMBER_KINDS = {
    "TString": ("TStreamerString", 65, 24),
    "unsigned int": ("TStreamerBasicType", 13, 4),
    "short": ("TStreamerBasicType", 2, 2),
    "int": ("TStreamerBasicType", 3, 4),
    "TBranchElement*": ("TStreamerObjectPointer", 64, 8),
}


def element(name, code, size, type_name):
    return counted(4, tnamed(name, ""), struct.pack(">iiii5i", code, size, 0, 0, *[0] * 5), string(type_name))


def class_description(name):
    base, base_version, members = MEMBERS[name]
    elements = [any_object("TStreamerBase", counted(3, element(base, 0, 0, "BASE"), struct.pack(">i", base_version)))]
    for member, type_name in members:
        kind, code, size = MEMBER_KINDS[type_name]
        elements.append(any_object(kind, counted(2, element(member, code, size, type_name))))
    listed = any_object("TObjArray", array_of(elements))
    body = counted(9, tnamed(name, ""), struct.pack(">Ii", 1, VERSIONS[name]), listed)
    serialised = any_object("TStreamerInfo", body) + b"\x00"
    return RawStreamerInfo(None, serialised, name, VERSIONS[name])


# --- the file ---


def main(path, events):
    random = np.random.default_rng(1)
    with uproot.recreate(path, compression=uproot.ZLIB(1)) as file:
        cascade = file._cascading
        sink = file._file.sink
        # a tree of uproot's own gives the writers of baskets; it is never written
        writer = file.mktree(TREE, {"nothing": "uint8"})._cascading
        descriptions = [class_description(name) for name in MEMBERS]
        file._file._cascading.streamers.update_streamers(sink, descriptions)
        baskets, kinds = {}, {}
        for first in range(0, events, EVENTS_PER_BASKET):
            batch = branches_of_batch(random, first, min(EVENTS_PER_BASKET, events - first))
            for name, (kind, data, offsets) in batch.items():
                kinds[name] = kind
                if offsets is None:
                    written = writer.write_np_basket(sink, name, uproot.ZLIB(1), data)
                else:
                    written = writer.write_jagged_basket(sink, name, uproot.ZLIB(1), data, offsets.astype(">i4"))
                baskets.setdefault(name, []).append((*written, first))
        record = tree_record(baskets, kinds, events)
        cascade.add_object(sink, "TTree", TREE, TREE, record, len(record), big=True)


main(sys.argv[1], int(sys.argv[2]))
