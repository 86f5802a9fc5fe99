"""Reads ROOT files with uproot and compares checksums of all branches with those that our reader got."""

import os
import sys

import awkward as ak
import uproot
from checks import Checks, manifest, require

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "..", "golden"))
from root_values import checksum  # noqa: E402


def numbers_of(branch):
    """The values of a branch, missing ones as empty lists, or None for records, whose members follow."""
    array = branch.array()
    kind, depth = array.type.content, 0
    while isinstance(kind, (ak.types.ListType, ak.types.RegularType)):
        kind, depth = kind.content, depth + 1
    if isinstance(kind, ak.types.RecordType):
        return None
    return ak.singletons(array, axis=depth) if isinstance(kind, ak.types.OptionType) else array


def check(entry):
    with uproot.open(entry["path"]) as file:
        arrays = {name: numbers_of(branch) for name, branch in file[entry["tree"]].items()}
    expected = {name: checksum(array) for name, array in arrays.items() if array is not None}
    ours = entry["columns"]
    require(ours.keys() == expected.keys(), f"columns {sorted(ours.keys() ^ expected.keys())} on one side only")
    odd = [name for name in expected if ours[name] != expected[name]]
    require(not odd, f"other values in {', '.join(odd)}")
    return f"{len(expected)} branches, {sum(count for count, _ in expected.values())} numbers"


checks = Checks()
for entry in manifest()["root"]:
    checks.run(entry["name"], check, entry)
checks.exit()
