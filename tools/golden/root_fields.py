"""Writes data/golden/root/fields.root with ROOT itself, and fields.json with the values put in.

    pip install --pre root==0.1a12      # ROOT 6.40; a C++ compiler is needed for the dictionaries
    python tools/golden/root_fields.py data/golden/root

RNTuple `ntuple` of 6 entries in three clusters; the fields `late...` were added behind the third entry.
"""

import json
import pathlib
import struct
import sys
import tempfile

import ROOT

MACRO = r"""
#include <ROOT/RField.hxx>
#include <ROOT/RNTupleModel.hxx>
#include <ROOT/RNTupleWriter.hxx>
#include <TFile.h>
#include <array>
#include <bitset>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <variant>
#include <vector>
struct Base { int base = 0; };
struct Hit : Base { float energy = 0; int id[2] = {0, 0}; std::vector<float> times; };
enum class Kind : short { none, some };
struct Inner { Hit best; std::vector<Hit> hits; Kind kind; };
#ifdef __CLING__
#pragma link C++ class Base+;
#pragma link C++ class Hit+;
#pragma link C++ enum Kind+;
#pragma link C++ class Inner+;
#pragma link C++ class std::map<std::string,std::vector<int>>+;
#pragma link C++ class std::set<std::string>+;
#endif
using ROOT::RField;
Hit hit(int i, int k) { Hit h; h.base = i; h.energy = i + k / 2.f; h.id[0] = i; h.id[1] = -k; h.times = std::vector<float>(i, k); return h; }
template <class F> std::unique_ptr<F> low(const char* name, int kind) {
  auto field = std::make_unique<F>(name);
  if (kind == 0) field->SetHalfPrecision();
  if (kind == 1) field->SetTruncated(20);
  if (kind == 2) field->SetQuantized(-10, 10, 11);
  return field;
}
void write_fields(const char* path, int compression) {
  auto model = ROOT::RNTupleModel::Create();
  auto inner = model->MakeField<Inner>("inner"); auto hits = model->MakeField<std::vector<Hit>>("hits");
  auto grid = model->MakeField<std::array<std::array<float, 2>, 3>>("grid"); auto pairOfHits = model->MakeField<std::array<Hit, 2>>("two");
  auto bits = model->MakeField<std::bitset<10>>("bits"); auto maybe = model->MakeField<std::optional<float>>("maybe");
  auto maybeHit = model->MakeField<std::optional<Hit>>("maybeHit");
  auto maybes = model->MakeField<std::vector<std::optional<int>>>("maybes");
  auto either = model->MakeField<std::variant<int, std::string, std::vector<float>>>("either");
  auto map = model->MakeField<std::map<std::string, std::vector<int>>>("map"); auto set = model->MakeField<std::set<std::string>>("set");
  auto pair = model->MakeField<std::pair<int, std::string>>("pair"); auto tuple = model->MakeField<std::tuple<char, double>>("tuple");
  auto nested = model->MakeField<std::vector<std::vector<std::pair<int, float>>>>("nested"); auto d32 = model->MakeField<Double32_t>("d32");
  auto words = model->MakeField<std::vector<std::vector<std::string>>>("words");
  model->AddField(low<RField<float>>("half", 0)); model->AddField(low<RField<float>>("truncated", 1));
  model->AddField(low<RField<float>>("quantised", 2)); model->AddField(low<RField<double>>("quantisedDouble", 2));
  auto half = model->GetDefaultEntry().GetPtr<float>("half"); auto truncated = model->GetDefaultEntry().GetPtr<float>("truncated");
  auto quantised = model->GetDefaultEntry().GetPtr<float>("quantised");
  auto quantisedDouble = model->GetDefaultEntry().GetPtr<double>("quantisedDouble");
  auto map_hits = [](const std::string& name) {
    if (name == "hitEnergy") return std::string("hits");
    if (name == "hitEnergy._0") return std::string("hits._0.energy");
    return std::string("hits");
  };
  model->AddProjectedField(RField<std::vector<float>>::Create("hitEnergy", "std::vector<float>").Unwrap(), map_hits);
  model->AddProjectedField(RField<ROOT::RNTupleCardinality<std::uint32_t>>::Create("nHits", "ROOT::RNTupleCardinality<std::uint32_t>").Unwrap(), map_hits);
  auto file = std::unique_ptr<TFile>(TFile::Open(path, "RECREATE", "", compression));
  ROOT::RNTupleWriteOptions options; options.SetCompression(compression);
  auto writer = ROOT::RNTupleWriter::Append(std::move(model), "ntuple", *file, options);
  std::shared_ptr<float> late; std::shared_ptr<std::vector<int>> lateList; std::shared_ptr<std::array<int, 2>> latePair;
  std::shared_ptr<std::variant<int, float>> lateEither; std::shared_ptr<std::string> lateText;
  for (int k = 0; k < 6; k++) {
    if (k == 3) {
      auto updater = writer->CreateModelUpdater(); updater->BeginUpdate();
      late = updater->MakeField<float>("late"); lateList = updater->MakeField<std::vector<int>>("lateList");
      latePair = updater->MakeField<std::array<int, 2>>("latePair"); lateText = updater->MakeField<std::string>("lateText");
      lateEither = updater->MakeField<std::variant<int, float>>("lateEither"); updater->CommitUpdate();
    }
    hits->clear(); maybes->clear(); map->clear(); set->clear(); nested->clear(); words->clear();
    for (int i = 0; i < k; i++) {
      hits->push_back(hit(i, k)); maybes->push_back(i % 2 ? std::optional<int>(i * k) : std::nullopt);
      (*map)[std::string(i + 1, 'a' + k)] = std::vector<int>(i, k); set->insert(std::string(i, 's'));
      nested->push_back(std::vector<std::pair<int, float>>(i, {i, k})); words->push_back(std::vector<std::string>(i, std::string(k, 'w')));
    }
    inner->best = hit(k, k); inner->hits = *hits; inner->kind = k % 2 ? Kind::some : Kind::none;
    *maybeHit = k % 3 ? std::optional<Hit>(hit(k, 1)) : std::nullopt;
    for (int i = 0; i < 6; i++) (*grid)[i / 2][i % 2] = i + k;
    (*pairOfHits)[0] = hit(1, k); (*pairOfHits)[1] = hit(2, k); *bits = std::bitset<10>(k * 37);
    *maybe = k % 2 ? std::optional<float>(k) : std::nullopt; *pair = {k, std::string(k, 'p')}; *tuple = {char(k), k / 8.}; *d32 = k / 4.;
    if (k % 3 == 0) *either = k; else if (k % 3 == 1) *either = std::string(k, 'e'); else *either = std::vector<float>(k, k);
    *half = k / 4.f - 1; *truncated = k / 3.f; *quantised = k - 3.3f; *quantisedDouble = k - 3.3;
    if (k >= 3) {
      *late = k; *lateList = std::vector<int>(k, k); *latePair = {k, -k}; *lateText = std::string(k, 'l');
      if (k % 2) *lateEither = k; else *lateEither = k / 2.f;
    }
    writer->Fill(); if (k == 1 || k == 4) writer->CommitCluster();
  }
}
"""


def single(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def truncated(value, bits):
    (word,) = struct.unpack("<I", struct.pack("<f", value))
    return struct.unpack("<f", struct.pack("<I", word >> (32 - bits) << (32 - bits)))[0]


def quantised(value, low, high, bits):
    step = (high - low) / (2**bits - 1)
    return single(low + step * int((value - low) / step + 0.5))


def hit(i, k):
    return {"base": i, "energy": i + k / 2, "id": [i, -k], "times": [k] * i}


def members(prefix, record):
    return {f"{prefix}.{name}": value for name, value in record.items()}


def columns_of(prefix, records):
    return {f"{prefix}.{name}": [record[name] for record in records] for name in hit(0, 0)}


def expected(k):
    hits = [hit(i, k) for i in range(k)]
    names = sorted((chr(ord("a") + k) * (i + 1), i) for i in range(k))
    late = k >= 3
    return {
        **members("inner.best", hit(k, k)),
        **columns_of("inner.hits", hits),
        "inner.kind": k % 2,
        **columns_of("maybeHit", [hit(k, 1)] if k % 3 else []),
        **columns_of("hits", hits),
        "hitEnergy": [one["energy"] for one in hits],
        "nHits": k,
        "grid": [i + k for i in range(6)],
        **columns_of("two", [hit(1, k), hit(2, k)]),
        "two.id": [1, -k, 2, -k],
        "bits": [k * 37 >> i & 1 for i in range(10)],
        "maybe": [k] if k % 2 else [],
        "maybes": [[i * k] if i % 2 else [] for i in range(k)],
        "either._0": [k] if k % 3 == 0 else [],
        "either._1": ["e" * k] if k % 3 == 1 else [],
        "either._2": [[k] * k] if k % 3 == 2 else [],
        "map.first": [name for name, _ in names],
        "map.second": [[k] * i for _, i in names],
        "set": ["s" * i for i in range(k)],
        "pair.first": k,
        "pair.second": "p" * k,
        "tuple._0": k,
        "tuple._1": k / 8,
        "nested.first": [[i] * i for i in range(k)],
        "nested.second": [[k] * i for i in range(k)],
        "words": [["w" * k] * i for i in range(k)],
        "d32": k / 4,
        "half": k / 4 - 1,
        "truncated": truncated(k / 3, 20),
        "quantised": quantised(single(k - 3.3), -10, 10, 11),
        "quantisedDouble": quantised(k - 3.3, -10, 10, 11),
        "late": k if late else 0,
        "lateList": [k] * k if late else [],
        "latePair": [k, -k] if late else [0, 0],
        "lateText": "l" * k if late else "",
        "lateEither._0": [k] if late and k % 2 else [],
        "lateEither._1": [k / 2] if late and k % 2 == 0 else [],
    }


def main(folder):
    with tempfile.TemporaryDirectory() as build:
        macro = pathlib.Path(build, "fields.C")
        macro.write_text(MACRO)
        ROOT.gROOT.ProcessLine(f".L {macro}+")
        ROOT.write_fields(str(folder / "fields.root"), 505)
    rows = [expected(k) for k in range(6)]
    lines = [f"  {json.dumps(name)}: {json.dumps([row[name] for row in rows])}" for name in rows[0]]
    (folder / "fields.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


main(pathlib.Path(sys.argv[1]))
