/** Scores of tracks outside of a training, on ONNX Runtime. */
import { CompiledFunction } from '@hep/engine';
import { predict, withinPath } from '@hep/nn';
import type { Weights } from '@hep/nn';
import type { Signature } from '@hep/graph';
import { TRACK_INPUTS } from './track-network.ts';
import type { TrackNetwork } from './track-network.ts';

/** Rows that one call of the network takes. */
const ROWS_AT_ONCE = 2048;

/** Tracks to score. */
export interface ScoredTracks {
  /** Raw variables, [rows, features]. */
  readonly features: Float32Array;
  /** Codes of the iterations, [rows]. */
  readonly iterations: ArrayLike<number>;
}

/** Probabilities that tracks are true, [rows], by a network that is needed once. */
export async function scoresOfTracks(
  network: TrackNetwork,
  weights: Weights,
  { features, iterations }: ScoredTracks,
): Promise<Float32Array> {
  const scorer = await TrackScorer.create(network);
  try {
    return await scorer.scores(weights, features, iterations);
  } finally {
    await scorer.close();
  }
}

/** Compiled once for any weights; close it at the end. */
export class TrackScorer {
  private constructor(
    private readonly compiled: CompiledFunction,
    private readonly width: number,
  ) {}

  static async create({ classifier }: TrackNetwork): Promise<TrackScorer> {
    const float = (shape: Signature[string]['shape']) => ({ shape, dtype: 'float32' as const });
    const parameters = classifier.parameterSpecs.map(
      ({ name, shape }) => [`weights/${name}`, float(shape)] as const,
    );
    const operands = Object.entries(classifier.inputs).map(
      ([name, shape]) => [name, float([{ batch: 1 }, ...shape])] as const,
    );
    const compiled = await CompiledFunction.create(
      (tensors) => ({
        scores: predict(classifier, withinPath(tensors, 'weights'), tensors)[classifier.outputs[0]],
      }),
      Object.fromEntries([...parameters, ...operands]),
    );
    return new TrackScorer(compiled, classifier.inputs[TRACK_INPUTS.features][0]);
  }

  /**
   * Probabilities that tracks are true, [rows].
   * @param features raw variables, [rows, features]
   * @param iterations codes, [rows]
   */
  async scores(
    weights: Weights,
    features: Float32Array,
    iterations: ArrayLike<number>,
  ): Promise<Float32Array> {
    const parameters = Object.entries(weights).map(([name, tensor]) => [`weights/${name}`, tensor] as const);
    const scores = new Float32Array(iterations.length);
    for (let first = 0; first < scores.length; first += ROWS_AT_ONCE) {
      const rows = Math.min(ROWS_AT_ONCE, scores.length - first);
      // The runtime does not take shared memory, so these are copies.
      const piece = features.slice(first * this.width, (first + rows) * this.width);
      const codes = Float32Array.from({ length: rows }, (_, i) => iterations[first + i]);
      const { scores: found } = await this.compiled.run({
        ...Object.fromEntries(parameters),
        [TRACK_INPUTS.features]: { shape: [rows, this.width], values: piece },
        [TRACK_INPUTS.iteration]: { shape: [rows, 1], values: codes },
      });
      scores.set(found.values, first);
    }
    return scores;
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.compiled.close();
  }
}
