/** The objects of a jet that the network reads as sequences, in the order of its inputs. */
export const OBJECTS = ['constit', 'track', 'MSeg'] as const;

/** Calorimeter clusters (constituents), tracks, muon segments. */
export type JetObject = (typeof OBJECTS)[number];

/** Everything that the network reads of a jet. */
export const JET_INPUTS = [...OBJECTS, 'jet'] as const;

/** One of the network's four inputs. */
export type JetInput = (typeof JET_INPUTS)[number];

/**
 * Features of each input in order. Clusters: pt scaled by the jet range, angles relative to the leading cluster, energy
 * fractions of the calorimeter layers, time in ns. Tracks and muon segments: angles relative to the jet.
 */
export const JET_FEATURES: Readonly<Record<JetInput, readonly string[]>> = {
  constit: [
    'clus_pt',
    'clus_eta',
    'clus_phi',
    'clus_l1hcal',
    'clus_l1ecal',
    'clus_l2hcal',
    'clus_l2ecal',
    'clus_l3hcal',
    'clus_l3ecal',
    'clus_l4ecal',
    'clus_l4hcal',
    'clus_time',
  ],
  track: [
    'track_pt',
    'track_eta',
    'track_phi',
    'track_vertex_nParticles',
    'track_d0',
    'track_z0',
    'track_chiSquared',
    'track_SCTShared',
    'track_SCTHoles',
    'track_SCTHits',
  ],
  MSeg: ['MSeg_etaPos', 'MSeg_phiPos', 'MSeg_etaDir', 'MSeg_phiDir', 'MSeg_chiSquared', 'MSeg_t0'],
  jet: ['jet_pt', 'jet_eta', 'jet_phi'],
};

/** Objects kept per jet; absent ones are zeros at the end of the sequence. */
export const SEQUENCE_LENGTHS: Readonly<Record<JetObject, number>> = { constit: 30, track: 20, MSeg: 30 };

/** Shape of each input without the batch axis. */
export const INPUT_SHAPES: Readonly<Record<JetInput, readonly number[]>> = {
  constit: [SEQUENCE_LENGTHS.constit, JET_FEATURES.constit.length],
  track: [SEQUENCE_LENGTHS.track, JET_FEATURES.track.length],
  MSeg: [SEQUENCE_LENGTHS.MSeg, JET_FEATURES.MSeg.length],
  jet: [JET_FEATURES.jet.length],
};
