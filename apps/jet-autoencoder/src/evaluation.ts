/** What the network made of the test jets. */
import { anomalyScores, CodecRunner, compressionErrors, latentOf, restoreJets } from '@hep/jet-compression';
import type { CompressionErrors, JetCodec, Jets } from '@hep/jet-compression';
import type { Part } from './samples.ts';

/** Jets before and after, and how far they are apart. */
export interface Evaluation {
  readonly before: Jets;
  readonly after: Jets;
  /** [jets, latent] */
  readonly latent: Float32Array;
  readonly errors: CompressionErrors;
  /** Mean squared error of each jet in normalised units, [jets]. */
  readonly scores: Float64Array;
}

/** Encodes and decodes jets. @param refine rounds in which latent vectors are refined */
export async function evaluate(codec: JetCodec, { jets, matrix }: Part, refine = 0): Promise<Evaluation> {
  const runner = await CodecRunner.create(codec);
  try {
    const latent = await latentOf({ codec, runner }, matrix, refine);
    const after = restoreJets(codec.normalisation, await runner.decode(latent));
    return {
      before: jets,
      after,
      latent,
      errors: compressionErrors(codec.metric, jets, after),
      scores: anomalyScores(codec.metric, jets, after),
    };
  } finally {
    await runner.close();
  }
}
