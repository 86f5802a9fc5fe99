"""Reads ROOT files with uproot and compares checksums of all branches with those that our reader got."""

import os
import sys

import uproot
from checks import Checks, manifest, require

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "..", "golden"))
from root_values import checksum  # noqa: E402


def check(entry):
    with uproot.open(entry["path"]) as file:
        expected = {name: checksum(branch.array()) for name, branch in file[entry["tree"]].items()}
    ours = entry["columns"]
    require(ours.keys() == expected.keys(), f"columns {sorted(ours.keys() ^ expected.keys())} on one side only")
    odd = [name for name in expected if ours[name] != expected[name]]
    require(not odd, f"other values in {', '.join(odd)}")
    return f"{len(expected)} branches, {sum(count for count, _ in expected.values())} numbers"


checks = Checks()
for entry in manifest()["root"]:
    checks.run(entry["name"], check, entry)
checks.exit()
