"""Checksums of all branches of a tree as uproot reads them: `name -> [numbers, CRC-32]`, one line a branch.

    python tools/golden/root_values.py FILE.root TREE > data/golden/root/NAME.json

The checksum runs over the numbers of a branch as little-endian float64 (texts: UTF-8, a line feed behind each),
then, from the outermost inwards, over the lengths of its lists in the same form; lists of fixed length have none.
"""

import json
import sys
import zlib

import awkward as ak
import numpy as np
import uproot


def checksum(array):
    lengths = b""
    array = ak.Array(array)
    while isinstance(kind := array.type.content, (ak.types.ListType, ak.types.RegularType)):
        if kind.parameters.get("__array__") == "string":
            texts = "".join(text + "\n" for text in array.tolist())
            return [len(array), zlib.crc32(texts.encode() + lengths)]
        if isinstance(kind, ak.types.ListType):
            lengths += np.asarray(ak.num(array), dtype="<f8").tobytes()
        array = ak.flatten(array, axis=1)
    return [len(array), zlib.crc32(np.asarray(array, dtype="<f8").tobytes() + lengths)]


def main(path, tree):
    with uproot.open(path) as file:
        lines = [f"  {json.dumps(name)}: {json.dumps(checksum(field.array()))}" for name, field in file[tree].items()]
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main(*sys.argv[1:])
