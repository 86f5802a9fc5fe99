/** Simulated signal, simulated multijets, or beam-induced background in recorded data. */
export const DATA_TYPES = ['sig', 'qcd', 'bib'] as const;

/** What an ntuple holds. */
export type DataType = (typeof DATA_TYPES)[number];

/** Labels of the rows. */
export const LABELS: Readonly<Record<DataType, number>> = { qcd: 0, sig: 1, bib: 2 };

const COMMON = [
  ...['jet_pT', 'jet_eta', 'jet_phi', 'jet_isClean_LooseBadLLP'],
  ...['cluster_jetIndex', 'clus_pt', 'clus_eta', 'clus_phi', 'clus_time'],
  ...['clus_l1ecal', 'clus_l1hcal', 'clus_l2ecal', 'clus_l2hcal'],
  ...['clus_l3ecal', 'clus_l3hcal', 'clus_l4ecal', 'clus_l4hcal'],
  ...['track_jetIndex', 'track_pT', 'track_eta', 'track_phi', 'track_chiSquared', 'track_d0'],
  ...['track_PixelShared', 'track_PixelHoles', 'track_PixelHits'],
  ...['track_SCTHits', 'track_SCTHoles', 'track_SCTShared', 'track_vertex_nParticles', 'track_z0'],
  ...['MSeg_etaPos', 'MSeg_phiPos', 'MSeg_etaDir', 'MSeg_phiDir'],
  ...['MSeg_t0', 'MSeg_jetIndex', 'MSeg_chiSquared'],
];

/** Branches that are read, in the order that gives the columns their order. */
export const DEFAULT_BRANCHES: Readonly<Record<DataType, readonly string[]>> = {
  sig: [
    ...['llp_pT', 'llp_eta', 'llp_phi', 'llp_Lxy', 'llp_Lz'],
    ...COMMON,
    ...['mcEventWeight', 'runNumber', 'eventNumber'],
  ],
  qcd: [...COMMON, 'mcEventWeight', 'runNumber', 'eventNumber'],
  bib: [
    ...COMMON,
    ...['runNumber', 'eventNumber', 'HLT_jet_pT', 'HLT_jet_eta', 'HLT_jet_phi', 'HLT_jet_isBIB'],
  ],
};

/** Names that a table has instead of the branch's; a renamed field goes behind all others. */
export const DEFAULT_RENAMES: Readonly<Record<string, string>> = {
  nn_jet_index: 'jet_jetIndex',
  jet_pT: 'jet_pt',
  llp_pT: 'llp_pt',
  track_pT: 'track_pt',
  cluster_jetIndex: 'clus_jetIndex',
  HLT_jet_pT: 'HLT_jet_pt',
};
