"""Writes data/golden/root/objects.root with ROOT itself, and objects.json with the values put in.

    pip install --pre root==0.1a12      # ROOT 6.40; a C++ compiler is needed for the dictionaries
    python tools/golden/root_objects.py data/golden/root

Tree `tree` of 4 entries: an object whole (`whole`) and split (`split.`), and its parts as branches of their own.
"""

import json
import math
import pathlib
import struct
import sys
import tempfile

import ROOT

MACRO = r"""
#include <TFile.h>
#include <TTree.h>
#include <TClonesArray.h>
#include <TLorentzVector.h>
#include <array>
#include <bitset>
#include <map>
#include <set>
#include <string>
#include <vector>
struct Link { unsigned key; unsigned index; };
struct Packed {
  Double32_t range; //[0,100,16]
  Double32_t bits; //[0,0,10]
  Float16_t half;
  Float16_t fine; //[-1,1,8]
  Double32_t angle; //[-pi,pi,12]
  Double32_t several[3]; //[0,100,16]
  Double32_t plain;
};
struct Base { int base = 0; };
struct Nest : Base { std::vector<Link> links; std::vector<float> values; std::string label; };
struct Rich : Base {
  TLorentzVector p4; std::vector<TLorentzVector> jets; std::map<int, double> map; std::map<std::string, std::vector<float>> named;
  std::pair<int, float> pair; std::vector<std::pair<int, double>> pairs; std::bitset<10> bits; std::vector<std::vector<Link>> links;
  std::vector<Link> list; std::array<float, 3> three; int n = 0;
  float* counted = nullptr; //[n]
  Packed packed; std::vector<Packed> packs; std::vector<Double32_t> doubles; std::string label; std::set<short> ids; bool flags[2];
  TString title; std::map<int, Link> linkOf; std::vector<std::map<int, int>> maps; Link two[2]; std::vector<Nest> nests;
};
#ifdef __CLING__
#pragma link C++ class Link+;
#pragma link C++ class Packed+;
#pragma link C++ class Base+;
#pragma link C++ class Nest+;
#pragma link C++ class Rich+;
#pragma link C++ class vector<Link>+;
#pragma link C++ class vector<vector<Link>>+;
#pragma link C++ class vector<Packed>+;
#pragma link C++ class vector<Nest>+;
#pragma link C++ class map<int,double>+;
#pragma link C++ class map<int,Link>+;
#pragma link C++ class vector<map<int,int>>+;
#pragma link C++ class map<string,vector<float>>+;
#pragma link C++ class pair<int,float>+;
#pragma link C++ class pair<int,double>+;
#pragma link C++ class vector<pair<int,double>>+;
#pragma link C++ class vector<TLorentzVector>+;
#pragma link C++ class bitset<10>+;
#endif
float store[4];
void pack(Packed& p, int k) {
  p.range = 12.5 * k; p.bits = k / 3.; p.half = -k / 4.f; p.fine = k / 8.f - 0.5f; p.angle = k * 0.7 - 1; p.plain = k * 1.5;
  for (int i = 0; i < 3; i++) p.several[i] = k + 10 * i;
}
void put(Rich& r, int k) {
  r = Rich(); r.base = 100 + k; r.p4.SetPxPyPzE(k, k + 0.5, -k, 10 * k); r.pair = {k, k / 2.f}; r.bits = std::bitset<10>(k * 37);
  r.three = {1.f * k, 2.f * k, 3.f * k}; r.n = k; r.counted = k ? store : nullptr; r.label = std::string(k, 'x');
  r.title = std::string(k, 't').c_str(); r.flags[0] = k & 1; r.flags[1] = k & 2; pack(r.packed, k);
  for (unsigned i = 0; i < 2; i++) r.two[i] = {i, unsigned(k)};
  for (int i = 0; i < k; i++) {
    unsigned u = i; store[i] = i + k; TLorentzVector v; v.SetPxPyPzE(i, k, i + k, 9); r.jets.push_back(v); r.map[10 * i + k] = i * 0.5;
    r.named[std::string(i + 1, 'a' + k)] = std::vector<float>(i, k); r.pairs.push_back({i, k * 0.25}); r.list.push_back({u, 7});
    r.links.push_back(std::vector<Link>(i, Link{unsigned(k), u})); Packed p; pack(p, i + k); r.packs.push_back(p);
    r.doubles.push_back(i / 4.); r.ids.insert(i * k); r.linkOf[i] = {unsigned(k + i), 1}; r.maps.push_back({{i, k}, {i + 1, k}});
    Nest nest; nest.base = i; nest.links = r.list; nest.values = std::vector<float>(i, k); nest.label = std::string(k, 'n');
    r.nests.push_back(nest);
  }
}
Rich rich;
template <class T> void both(TTree* tree, const char* name, T* value) {
  tree->Branch(name, value, 32000, 0); tree->Branch((std::string("split_") + name + ".").c_str(), value, 32000, 99);
}
void write_objects(const char* path) {
  TFile f(path, "RECREATE", "", 209);
  auto t = new TTree("tree", ""); auto clones = new TClonesArray("TVector3"); auto* p4 = &rich.p4;
  double scaled, bits; float half, halves[2];
  t->Branch("whole", &rich, 32000, 0); t->Branch("split.", &rich, 32000, 99); t->Branch("object", "TLorentzVector", &p4, 32000, 0);
  t->Branch("jets", &rich.jets); t->Branch("map", &rich.map, 32000, 0); t->Branch("pairs", &rich.pairs, 32000, 0);
  t->Branch("list", &rich.list, 32000, 0); t->Branch("maps", &rich.maps); t->Branch("packed", &rich.packed, 32000, 0);
  t->Branch("bits", &rich.bits); t->Branch("links", &rich.links); t->Branch("clones", &clones, 32000, 99);
  t->Branch("kept", &clones, 32000, 0); // in a form of its own that is not read
  t->Branch("nests", &rich.nests, 32000, 0);
  t->Branch("scaled", &scaled, "scaled/d[0,100,16]"); t->Branch("truncated", &bits, "truncated/d[0,0,10]");
  t->Branch("half", &half, "half/f"); t->Branch("halves", halves, "halves[2]/f[0,10,12]");
  for (int k = 0; k < 4; k++) {
    put(rich, k); scaled = k * 20; bits = k / 7.; half = k / 3.f; halves[0] = k; halves[1] = k + 1; clones->Clear();
    for (int i = 0; i < k; i++) new ((*clones)[i]) TVector3(i, k, -i);
    t->Fill();
  }
  t->Write(); f.Close();
}
"""


def scaled(value, low, high, bits):
    """What is left of a number in so many steps."""
    factor = 2**bits / (high - low)
    return math.floor(0.5 + factor * (value - low)) / factor + low


def truncated(value, bits):
    """A float32 with so many bits of its mantissa, rounded."""
    (word,) = struct.unpack("<I", struct.pack("<f", value))
    exponent, mantissa = word & 0x7F800000, (word & 0x7FFFFF) / 2 ** (23 - bits)
    whole = min(math.floor(mantissa + 0.5), 2**bits - 1)
    (result,) = struct.unpack("<f", struct.pack("<I", exponent | whole << (23 - bits)))
    return math.copysign(result, value) if result else 0.0


def single(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def packed(k):
    return {
        "range": scaled(12.5 * k, 0, 100, 16),
        "bits": truncated(k / 3, 10),
        "half": truncated(-k / 4, 12),
        "fine": single(scaled(k / 8 - 0.5, -1, 1, 8)),
        "angle": scaled(k * 0.7 - 1, -math.pi, math.pi, 12),
        "several": [scaled(k + 10 * i, 0, 100, 16) for i in range(3)],
        "plain": k * 1.5,
    }


def lists(k, make):
    """Columns of lists of records: `make(i)` is element `i` of entry `k`."""
    rows = [make(i) for i in range(k)]
    return {name: [row[name] for row in rows] for name in make(0)}


def vector(x, y, z, e):
    return {"fP.fX": x, "fP.fY": y, "fP.fZ": z, "fE": e}


def expected(k):
    """The same numbers as `put`, by the names of the columns of an object."""
    link = [{"key": i, "index": 7} for i in range(k)]
    columns = {
        "p4": vector(k, k + 0.5, -k, 10 * k),
        "jets": lists(k, lambda i: vector(i, k, i + k, 9)),
        "map": lists(k, lambda i: {"first": 10 * i + k, "second": i * 0.5}),
        "named": lists(k, lambda i: {"first": chr(ord("a") + k) * (i + 1), "second": [k] * i}),
        "pair": {"first": k, "second": k / 2},
        "pairs": lists(k, lambda i: {"first": i, "second": k * 0.25}),
        "links": lists(k, lambda i: {"key": [k] * i, "index": [i] * i}),
        "list": lists(k, lambda i: {"key": i, "index": 7}),
        "packed": packed(k),
        "packs": lists(k, lambda i: packed(i + k)),
        "linkOf": lists(k, lambda i: {"first": i, "second.key": k + i, "second.index": 1}),
        "maps": lists(k, lambda i: {"first": [i, i + 1], "second": [k, k]}),
        "two": {"key": [0, 1], "index": [k, k]},
        "nests": lists(k, lambda i: {
            "base": i, "links.key": [row["key"] for row in link[: i + 1]], "links.index": [7] * (i + 1),
            "values": [k] * i, "label": "n" * k,
        }),
    }  # fmt: skip
    flat = {f"{name}.{inner}": value for name, record in columns.items() for inner, value in record.items()}
    return flat | {
        "base": 100 + k,
        "bits": [k * 37 >> i & 1 for i in range(10)],
        "three": [k, 2 * k, 3 * k],
        "n": k,
        "counted": [i + k for i in range(k)],
        "doubles": [i / 4 for i in range(k)],
        "label": "x" * k,
        "ids": sorted({i * k for i in range(k)}),
        "flags": [k & 1, k >> 1 & 1],
        "title": "t" * k,
    }


def branches(k):
    whole = expected(k)
    columns = {f"whole.{name}": value for name, value in whole.items()}
    columns |= {f"split.{name}".replace("split.base", "split.Base.base"): value for name, value in whole.items()}
    alone = ("jets", "map", "pairs", "list", "maps", "packed", "bits", "links", "nests")
    columns |= {name: value for name, value in whole.items() if name.split(".")[0] in alone}
    columns |= {f"object.{name}": value for name, value in vector(k, k + 0.5, -k, 10 * k).items()}
    columns |= {"clones.fX": list(range(k)), "clones.fY": [k] * k, "clones.fZ": [-i for i in range(k)]}
    return columns | {
        "scaled": scaled(20 * k, 0, 100, 16),
        "truncated": truncated(k / 7, 10),
        "half": truncated(k / 3, 12),
        "halves": [single(scaled(k + i, 0, 10, 12)) for i in range(2)],
    }


def main(folder):
    with tempfile.TemporaryDirectory() as build:
        macro = pathlib.Path(build, "objects.C")
        macro.write_text(MACRO)
        ROOT.gROOT.ProcessLine(f".L {macro}+")
        ROOT.write_objects(str(folder / "objects.root"))
    rows = [branches(k) for k in range(4)]
    lines = [f"  {json.dumps(name)}: {json.dumps([row[name] for row in rows])}" for name in rows[0]]
    (folder / "objects.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


main(pathlib.Path(sys.argv[1]))
