/** Files of a track network with first weights, and our own scores of toy tracks. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { networkPaths } from '@hep/model-files';
import { initialise } from '@hep/nn';
import {
  measureRanges,
  TRACK_EXPORT_STEM,
  scoresOfTracks,
  trackNetwork,
  writeTrackExports,
} from '@hep/track-dnn';
import { flattenTracks, generateToyTracks, tracksOf } from '@hep/track-samples';
import type { Manifest } from './manifest.ts';
import { writeNpy } from './write-npy.ts';

const TRACKS = 64;
/** Allowed difference, absolute and relative, of float32 networks between two engines. */
const TOLERANCE = 1e-6;

/** Writes the exports below `folder`. */
export async function trackChecks(folder: string): Promise<Pick<Manifest, 'graphs' | 'keras' | 'archives'>> {
  mkdirSync(folder, { recursive: true });
  const toy = generateToyTracks({ tracks: TRACKS, seed: 1 });
  const { features, iterations, width } = tracksOf(flattenTracks('toy', 0, toy)).table;
  const network = trackNetwork({ ranges: measureRanges(features) });
  const weights = initialise(network.classifier.parameterSpecs, 1);
  await writeTrackExports(folder, network, weights);
  const scores = await scoresOfTracks(network, weights, { features, iterations });
  const at = (name: string) => join(folder, `${name}.npy`);
  writeNpy(at('x'), { shape: [TRACKS, width], values: features });
  writeNpy(at('y'), { shape: [TRACKS, 1], values: Float32Array.from(iterations) });
  writeNpy(at('scores'), { shape: [TRACKS, 1], values: scores });
  const name = TRACK_EXPORT_STEM;
  const { json, hdf5, onnx } = networkPaths(folder, name);
  const pb = join(folder, 'frozen_graph.pb');
  const tolerance = { absolute: TOLERANCE, relative: TOLERANCE };
  const samples = [{ inputs: { x: at('x'), y: at('y') }, expected: at('scores') }];
  const keras = { name, inputs: [at('x'), at('y')], expected: at('scores'), ...tolerance };
  return {
    graphs: [{ name, pb, pbAscii: `${pb}.ascii`, onnx, output: 'Identity', samples, ...tolerance }],
    keras: [{ ...keras, json, hdf5 }],
    archives: [{ ...keras, archive: join(folder, `${name}.keras`) }],
  };
}
