"""Writes data/golden/root/types.root and ntuple.root with ROOT itself, and types.json with the values put in.

    pip install --pre root==0.1a12      # ROOT 6.40; a C++ compiler is needed for the dictionaries
    python tools/golden/root_types.py data/golden/root

Trees: `a/b/tree` in two cycles of 2 and 4 entries, and `embedded` of 4 entries whose baskets lie in the tree's record.
RNTuple: `ntuple` of 4 entries in two clusters, with some of the same columns.
"""

import json
import pathlib
import sys
import tempfile

import ROOT

MACRO = r"""
#include <TFile.h>
#include <TTree.h>
#include <ROOT/RNTupleModel.hxx>
#include <ROOT/RNTupleWriter.hxx>
#include <string>
#include <vector>
struct Hit { float energy; int id[2]; };
struct Event {
  int number; float matrix[2][3]; std::vector<float> weights; std::string label; TString title;
  Hit best; std::vector<Hit> hits; std::vector<std::vector<int>> lists; std::vector<std::string> words; Double32_t small;
};
#ifdef __CLING__
#pragma link C++ class Hit+;
#pragma link C++ class Event+;
#pragma link C++ class vector<Hit>+;
#pragma link C++ class vector<vector<int>>+;
#endif
struct Row {
  Int_t a; Float_t b[2]; Bool_t flag; Char_t i8; UChar_t u8; Short_t i16; UShort_t u16; UInt_t u32; Long64_t i64; ULong64_t u64;
  char name[400]; Int_t n; Float_t var[5]; Double_t pairs[5][2]; std::vector<double> doubles; std::vector<bool> bools; Event event;
};
struct Pair { Int_t a; Float_t b[2]; } both;
Row row; std::vector<double>* doubles = &row.doubles; Event* event = &row.event;
TTree* book(const char* name) {
  auto t = new TTree(name, "");
  t->Branch("pair", &both, "a/I:b[2]/F");
  t->Branch("flag", &row.flag, "flag/O"); t->Branch("i8", &row.i8, "i8/B"); t->Branch("u8", &row.u8, "u8/b");
  t->Branch("i16", &row.i16, "i16/S"); t->Branch("u16", &row.u16, "u16/s"); t->Branch("u32", &row.u32, "u32/i");
  t->Branch("i64", &row.i64, "i64/L"); t->Branch("u64", &row.u64, "u64/l"); t->Branch("name", row.name, "name/C");
  t->Branch("n", &row.n, "n/I"); t->Branch("var", row.var, "var[n]/F"); t->Branch("pairs", row.pairs, "pairs[n][2]/D");
  t->Branch("doubles", &row.doubles); t->Branch("bools", &row.bools);
  t->Branch("event.", &event, 32000, 99); t->Branch("whole", &event, 32000, 0);
  return t;
}
void put(int k) {
  both = {k, {k + 0.5f, k - 0.5f}};
  row.flag = k % 2; row.i8 = -k; row.u8 = 250 + k; row.i16 = -1000 * k; row.u16 = 65000 + k; row.u32 = 4000000000u + k;
  row.i64 = -(1LL << 40) - k; row.u64 = (1ULL << 50) + k;
  std::string name(k == 1 ? 0 : k == 2 ? 300 : k + 1, 'a' + k); strcpy(row.name, name.c_str());
  row.n = k; row.doubles.clear(); row.bools.clear();
  for (int i = 0; i < k; i++) {
    row.var[i] = k + i / 4.f; row.pairs[i][0] = i; row.pairs[i][1] = -i; row.doubles.push_back(k * 1.1 + i); row.bools.push_back(i % 2);
  }
  Event& e = row.event; e = Event(); e.number = 10 * k; e.label = name; e.title = name.c_str(); e.small = k / 4.;
  for (int i = 0; i < 6; i++) e.matrix[i / 3][i % 3] = 10 * k + i;
  e.best = {k * 2.f, {k, k + 1}};
  for (int i = 0; i < k; i++) {
    e.weights.push_back(i + 0.25f); e.hits.push_back({i * 3.f, {i, -i}}); e.words.push_back(name); e.lists.emplace_back(i, k);
  }
}
void write_types(const char* path) {
  TFile f(path, "RECREATE", "", 109);
  f.mkdir("a")->mkdir("b"); f.cd("a/b");
  TTree* t = book("tree"); t->SetDirectory(gDirectory);
  for (int k = 0; k < 4; k++) { put(k); t->Fill(); if (k == 1) t->AutoSave(); }
  t->Write();
  f.cd(); TTree* m = book("embedded"); m->SetAutoFlush(0);
  for (int k = 0; k < 4; k++) { put(k); m->Fill(); }
  f.WriteTObject(m); f.Close();
}
void write_ntuple(const char* path) {
  auto model = ROOT::RNTupleModel::Create();
  auto flag = model->MakeField<bool>("flag"); auto i8 = model->MakeField<std::int8_t>("i8");
  auto u8 = model->MakeField<std::uint8_t>("u8"); auto i16 = model->MakeField<std::int16_t>("i16");
  auto u16 = model->MakeField<std::uint16_t>("u16"); auto n = model->MakeField<std::int32_t>("n");
  auto u32 = model->MakeField<std::uint32_t>("u32"); auto i64 = model->MakeField<std::int64_t>("i64");
  auto u64 = model->MakeField<std::uint64_t>("u64"); auto name = model->MakeField<std::string>("name");
  auto values = model->MakeField<std::vector<double>>("doubles"); auto bools = model->MakeField<std::vector<bool>>("bools");
  auto var = model->MakeField<ROOT::RVec<float>>("var");
  auto pairs = model->MakeField<std::vector<std::array<double, 2>>>("pairs");
  auto lists = model->MakeField<std::vector<std::vector<int>>>("event_lists");
  auto words = model->MakeField<std::vector<std::string>>("event_words");
  auto best = model->MakeField<Hit>("event_best"); auto hits = model->MakeField<std::vector<Hit>>("hits");
  ROOT::RNTupleWriteOptions options; options.SetCompression(109);
  auto writer = ROOT::RNTupleWriter::Recreate(std::move(model), "ntuple", path, options);
  for (int k = 0; k < 4; k++) {
    put(k); const Event& e = row.event;
    *flag = row.flag; *i8 = row.i8; *u8 = row.u8; *i16 = row.i16; *u16 = row.u16; *n = row.n; *u32 = row.u32; *i64 = row.i64;
    *u64 = row.u64; *name = row.name; *values = row.doubles; *bools = row.bools; *lists = e.lists; *words = e.words;
    *best = e.best; *hits = e.hits; var->assign(row.var, row.var + k); pairs->clear();
    for (int i = 0; i < k; i++) pairs->push_back({row.pairs[i][0], row.pairs[i][1]});
    writer->Fill(); if (k == 1) writer->CommitCluster();
  }
}
"""


def expected(k):
    """The same numbers as `put`, by column name as the reader gives them."""
    name = chr(ord("a") + k) * (0 if k == 1 else 300 if k == 2 else k + 1)
    return {
        "pair.a": k,
        "pair.b": [k + 0.5, k - 0.5],
        "flag": k % 2,
        "i8": -k,
        "u8": 250 + k,
        "i16": -1000 * k,
        "u16": 65000 + k,
        "u32": 4000000000 + k,
        "i64": -(1 << 40) - k,
        "u64": (1 << 50) + k,
        "name": name,
        "n": k,
        "var": [k + i / 4 for i in range(k)],
        "pairs": [[i, -i] for i in range(k)],
        "doubles": [k * 1.1 + i for i in range(k)],
        "bools": [i % 2 for i in range(k)],
        "event.number": 10 * k,
        "event.matrix": [10 * k + i for i in range(6)],
        "event.weights": [i + 0.25 for i in range(k)],
        "event.label": name,
        "event.title": name,
        "event.best.energy": 2 * k,
        "event.best.id": [k, k + 1],
        "event.hits.energy": [3 * i for i in range(k)],
        "event.hits.id": [[i, -i] for i in range(k)],
        "event.lists": [[k] * i for i in range(k)],
        "event.words": [name] * k,
        "event.small": k / 4,
    }


def main(folder):
    with tempfile.TemporaryDirectory() as build:
        macro = pathlib.Path(build, "types.C")
        macro.write_text(MACRO)
        ROOT.gROOT.ProcessLine(f".L {macro}+")
        ROOT.write_types(str(folder / "types.root"))
        ROOT.write_ntuple(str(folder / "ntuple.root"))
    rows = [expected(k) for k in range(4)]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    (folder / "types.json").write_text(json.dumps(columns, indent=1) + "\n")


main(pathlib.Path(sys.argv[1]))
