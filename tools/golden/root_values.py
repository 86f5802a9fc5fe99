"""Checksums of all branches of a TTree as uproot reads them: `name -> [numbers, CRC-32]`, one line a branch.

    python tools/golden/root_values.py FILE.root TREE > data/golden/root/NAME.json

The checksum runs over the numbers of a branch as little-endian float64 (texts: UTF-8, a line feed behind each),
then, from the outermost inwards, over the lengths of its lists in the same form.
"""

import json
import sys
import zlib

import awkward
import numpy
import uproot


def checksum(array):
    lengths = b""
    if isinstance(array[0] if len(array) else None, str):
        texts = "".join(text + "\n" for text in array.tolist())
        return [len(array), zlib.crc32(texts.encode())]
    while array.ndim > 1:
        lengths += numpy.asarray(awkward.num(array), dtype="<f8").tobytes()
        array = awkward.flatten(array, axis=1)
    numbers = numpy.asarray(array, dtype="<f8")
    return [len(numbers), zlib.crc32(numbers.tobytes() + lengths)]


def main(path, tree):
    branches = uproot.open(path)[tree].branches
    lines = [f"  {json.dumps(branch.name)}: {json.dumps(checksum(branch.array()))}" for branch in branches]
    print("{\n" + ",\n".join(lines) + "\n}")


main(*sys.argv[1:])
