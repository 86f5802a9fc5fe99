"""The conversion of ntuples to one row per jet, as a user of uproot and awkward writes it: no loop over events."""

import awkward as ak
import numpy as np
import uproot

from lockstep import SPEC, measure

MIN_PT, MAX_PT = 40, 500
PATH = f"{SPEC['folder']}/ntuple.root"
IS_SIGNAL = SPEC["settings"]["dataType"] == "sig"
COUNTS = {"track": 20, "clus": 30, "MSeg": 30}
LAYERS = [f"l{layer}{kind}cal" for layer in (1, 2, 3, 4) for kind in "eh"]
FIELDS = {
    "track": ["chiSquared", "d0", "PixelShared", "PixelHoles", "PixelHits", "SCTHits", "SCTHoles", "SCTShared",
              "vertex_nParticles", "z0", "pT"],
    "clus": ["pt", "time", *LAYERS],
    "MSeg": ["etaDir", "t0", "chiSquared"],
}  # fmt: skip
ANGLES = {"track": ["eta", "phi"], "clus": ["eta", "phi"], "MSeg": ["etaPos", "phiPos", "phiDir"]}
INDICES = {"track": "track_jetIndex", "clus": "cluster_jetIndex", "MSeg": "MSeg_jetIndex"}
PT = {"track": "track_pT", "clus": "clus_pt"}
BRANCHES = [
    *(f"jet_{name}" for name in ("pT", "eta", "phi", "isClean_LooseBadLLP")),
    *(f"{kind}_{name}" for kind in COUNTS for name in FIELDS[kind] + ANGLES[kind]),
    *INDICES.values(),
    *(f"llp_{name}" for name in ("pT", "eta", "phi", "Lxy", "Lz") if IS_SIGNAL),
    *("mcEventWeight", "runNumber", "eventNumber"),
]


def wrap(angle):
    return (angle + np.pi) % (2 * np.pi) - np.pi


def good_jets(events):
    """Position before sorting of the jets that pass the cuts, by falling pt; their events have one or more."""
    order = ak.argsort(events.jet_pT, ascending=False, stable=True)
    pt, eta = events.jet_pT[order], events.jet_eta[order]
    return order[(pt >= MIN_PT) & (pt < MAX_PT) & (abs(eta) <= 2.5)]


def matched_jets(events, jets):
    """Nearest good jet within 0.4 of each particle that decays in the calorimeter, and the particle."""
    eta, lz = abs(events.llp_eta), abs(events.llp_Lz)
    barrel = (eta < 1.4) & (events.llp_Lxy > 1200) & (events.llp_Lxy < 4000)
    particles = ak.local_index(eta)[barrel | ((eta > 1.4) & (lz > 3500) & (lz < 6000))]
    eta = events.llp_eta[particles][:, :, np.newaxis] - events.jet_eta[jets][:, np.newaxis, :]
    phi = wrap(events.llp_phi[particles][:, :, np.newaxis] - events.jet_phi[jets][:, np.newaxis, :])
    distance = np.hypot(eta, phi)
    nearest = ak.fill_none(ak.min(distance, axis=-1), np.inf) <= 0.4
    jet = ak.firsts(ak.broadcast_arrays(jets[:, np.newaxis, :], distance)[0][ak.argmin(distance, axis=-1, keepdims=True)], axis=-1)
    return ak.drop_none(jet[nearest]), particles[nearest]


def objects_of(events, jets, kind, axes):
    """Columns of the objects of each jet, `[rows, count]` by name."""
    count = COUNTS[kind]
    first_field = f"{kind}_{ANGLES[kind][0]}"
    position = ak.local_index(events[first_field])
    if kind in PT:
        position = position[ak.argsort(events[PT[kind]], ascending=False, stable=True)]
    belongs = events[INDICES[kind]][position]
    if kind == "clus":
        mask = jets[:, :, np.newaxis] == belongs[:, np.newaxis, :]
    else:
        mask = ak.any(jets[:, :, np.newaxis, np.newaxis] == belongs[:, np.newaxis, :, :], axis=-1)
    starts = np.concatenate([[0], np.cumsum(ak.num(events[first_field]))[:-1]])
    everywhere = ak.broadcast_arrays((position + starts)[:, np.newaxis, :], mask)[0]
    members = ak.flatten(everywhere[mask], axis=1)
    padded = ak.to_numpy(ak.fill_none(ak.pad_none(members, count, clip=True), -1))
    absent = padded < 0

    def of(name):
        values = ak.to_numpy(ak.flatten(events[f"{kind}_{name}"]))
        taken = values[padded] if len(values) else np.zeros(padded.shape, values.dtype)
        return np.nan_to_num(np.where(absent, values.dtype.type(0), taken), nan=0)

    columns = {name: of(name) for name in FIELDS[kind]}
    for name in ANGLES[kind]:
        values = of(name)
        axis = values[:, :1] if kind == "clus" else axes[name[:3]][:, np.newaxis]
        relative = values - axis
        columns[name] = np.where(absent, 0, wrap(relative) if name.startswith("phi") else relative)
    return columns


def convert(events):
    jets = good_jets(events)
    particles = None
    if IS_SIGNAL:
        jets, particles = matched_jets(events, jets)
    rows = {name: ak.to_numpy(ak.flatten(events[f"jet_{name}"][jets])) for name in ("eta", "phi", "isClean_LooseBadLLP", "pT")}
    table = {f"jet_{name}": values for name, values in rows.items()}
    counts = ak.num(jets)
    for name in ("mcEventWeight", "runNumber", "eventNumber"):
        table[name] = np.repeat(ak.to_numpy(events[name]), counts)
    if particles is not None:
        table["mcEventWeight"] = np.ones(len(table["jet_eta"]))
        for name in ("eta", "phi", "Lxy", "Lz", "pT"):
            table[f"llp_{name}"] = ak.to_numpy(ak.flatten(events[f"llp_{name}"][particles]))
    for kind in COUNTS:
        for name, values in objects_of(events, jets, kind, rows).items():
            for index in range(values.shape[1]):
                table[f"{kind}_{name}_{index}"] = values[:, index]
    return table


def work():
    total = 0.0
    with uproot.open(PATH) as file:
        for events in file["trees_DV_"].iterate(BRANCHES, step_size=SPEC["settings"]["eventsPerBatch"]):
            total += sum(float(np.sum(values, dtype="f8")) for values in convert(events).values())
    return total


measure("uproot, awkward", work)
