"""Common ground of the checks: the manifest, one printed line for each check, comparison with a tolerance."""

import json
import sys

import numpy as np


class Mismatch(Exception):
    """A file that was read but is not as it must be."""


def require(condition, reason):
    if not condition:
        raise Mismatch(reason)


def manifest():
    with open(sys.argv[1], encoding="utf-8") as file:
        return json.load(file)


def shortened(reason, half=200):
    """Beginning and end of a long message, where Keras and TensorFlow say what they wanted."""
    return reason if len(reason) <= 2 * half else f"{reason[:half]} ... {reason[-half:]}"


class Checks:
    """Prints `ok NAME: detail` or `FAIL NAME reason`."""

    def __init__(self):
        self.title = sys.argv[2]
        self.failed = 0

    def run(self, name, check, *arguments):
        try:
            detail = check(*arguments)
            print(f"ok {self.title}: {name}" + (f", {detail}" if detail else ""), flush=True)
        except Exception as error:  # every reason for a failure is reported in the same way
            self.failed += 1
            kind = "" if isinstance(error, Mismatch) else f"{type(error).__name__}: "
            reason = " ".join(f"{kind}{error}".split())
            print(f"FAIL {self.title}: {name} {shortened(reason)}", flush=True)

    def exit(self):
        sys.exit(1 if self.failed else 0)


def largest_difference(actual, expected, absolute, relative):
    """Largest difference; raises Mismatch where one is above `absolute + relative * |expected|`."""
    actual = np.asarray(actual, dtype=np.float64)
    expected = np.asarray(expected, dtype=np.float64)
    require(actual.shape == expected.shape, f"shape {actual.shape}, expected {expected.shape}")
    difference = np.where(np.isnan(actual) & np.isnan(expected), 0.0, np.abs(actual - expected))
    above = ~(difference <= absolute + relative * np.abs(np.nan_to_num(expected)))
    if above.any():
        at = tuple(int(i) for i in np.argwhere(above)[0])
        raise Mismatch(f"{int(above.sum())} of {above.size} differ; {actual[at]} at {list(at)}, expected {expected[at]}")
    return float(difference.max(initial=0.0))
