/** Files of track networks with first weights, and our own scores of toy tracks. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { networkPaths } from '@hep/model-files';
import { initialise } from '@hep/nn';
import {
  measureRanges,
  scoresOfTracks,
  TRACK_EXPORT_STEM,
  TRACK_FEATURES,
  trackNetwork,
  writeTrackExports,
} from '@hep/track-dnn';
import type { FeatureRanges, TrackFeature, TrackNetworkConfig } from '@hep/track-dnn';
import { flattenTracks, generateToyTracks, tracksOf } from '@hep/track-samples';
import type { Manifest } from './manifest.ts';
import { writeNpy } from './write-npy.ts';

const TRACKS = 64;
/** Allowed difference, absolute and relative, of float32 networks between two engines. */
const TOLERANCE = 1e-6;

type Checks = Pick<Manifest, 'graphs' | 'keras' | 'archives'>;

/** A network that is not the reference's in anything that can be chosen. */
const OWN_FEATURES: readonly TrackFeature[] = [
  { name: 'trk_nCluster', abs: false, log1p: false },
  { name: 'trk_nChi2', abs: false, log1p: true },
  { name: 'trk_dz', abs: true, log1p: true },
  { name: 'trk_phi', abs: true, log1p: false },
  { name: 'trk_nLostLay', abs: false, log1p: true },
];

const CASES: Readonly<
  Record<string, { readonly features: readonly TrackFeature[]; readonly config: Partial<TrackNetworkConfig> }>
> = {
  reference: { features: TRACK_FEATURES, config: {} },
  own: {
    features: OWN_FEATURES,
    config: { hiddenUnits: [32, 16, 8], activation: 'swish', oneHotIteration: false, outputBias: 0 },
  },
};

/** Writes the exports below `folder`. */
export async function trackChecks(folder: string): Promise<Checks> {
  const parts = await Promise.all(
    Object.keys(CASES).map((name) => caseChecks(join(folder, name), name as keyof typeof CASES)),
  );
  return {
    graphs: parts.flatMap(({ graphs }) => graphs),
    keras: parts.flatMap(({ keras }) => keras),
    archives: parts.flatMap(({ archives }) => archives),
  };
}

async function caseChecks(folder: string, label: string): Promise<Checks> {
  mkdirSync(folder, { recursive: true });
  const { features: list, config } = CASES[label];
  const toy = generateToyTracks({ tracks: TRACKS, seed: 1 });
  const { features, iterations, width } = tracksOf(flattenTracks('toy', 0, toy), { features: list }).table;
  const ranges = withConstant(measureRanges(features, list));
  const network = trackNetwork({ ...config, features: list, ranges });
  const weights = initialise(network.classifier.parameterSpecs, 1);
  await writeTrackExports(folder, network, weights);
  const scores = await scoresOfTracks(network, weights, { features, iterations });
  const at = (name: string) => join(folder, `${name}.npy`);
  writeNpy(at('x'), { shape: [TRACKS, width], values: features });
  writeNpy(at('y'), { shape: [TRACKS, 1], values: Float32Array.from(iterations) });
  writeNpy(at('scores'), { shape: [TRACKS, 1], values: scores });
  const { json, hdf5, onnx } = networkPaths(folder, TRACK_EXPORT_STEM);
  const pb = join(folder, 'frozen_graph.pb');
  const tolerance = { absolute: TOLERANCE, relative: TOLERANCE };
  const samples = [{ inputs: { x: at('x'), y: at('y') }, expected: at('scores') }];
  const name = `${TRACK_EXPORT_STEM} ${label}`;
  const keras = { name, inputs: [at('x'), at('y')], expected: at('scores'), ...tolerance };
  return {
    graphs: [{ name, pb, pbAscii: `${pb}.ascii`, onnx, output: 'Identity', samples, ...tolerance }],
    keras: [{ ...keras, json, hdf5 }],
    archives: [{ ...keras, archive: join(folder, `${TRACK_EXPORT_STEM}.keras`) }],
  };
}

/** Ranges of the same tracks whose last feature never varied while the network learned. */
function withConstant({ minimum, maximum }: FeatureRanges): FeatureRanges {
  return { minimum, maximum: maximum.map((high, i) => (i === maximum.length - 1 ? minimum[i] : high)) };
}
