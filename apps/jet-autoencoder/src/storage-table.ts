/** What other ways of storing jets cost and lose, beside the network. */
import {
  baselineError,
  baselinesBeside,
  CodecRunner,
  compressionErrors,
  latentOf,
  normaliseJets,
  packLatent,
  restoreJets,
  unpackLatent,
  widenedRanges,
} from '@hep/jet-compression';
import type { JetCodec, Jets, LatentFormat } from '@hep/jet-compression';

/** Rounds of refinement that are shown beside the encoder alone. */
const REFINEMENT = 4;

/** One way of storing jets. */
export interface StorageRow {
  readonly name: string;
  readonly bitsPerJet: number;
  readonly mse: number;
}

/**
 * Error of the network with its latent vectors stored in several ways, and of the baselines; those that must learn a
 * range or a direction learn it from the training jets. The largest first.
 */
export async function storageTable(codec: JetCodec, train: Jets, test: Jets): Promise<StorageRow[]> {
  const { metric, layout } = codec;
  const width = metric.length;
  const learned = { width, values: normaliseJets(metric, train) };
  const values = normaliseJets(metric, test);
  const simple = baselinesBeside(learned, layout.latent).map((baseline) => ({
    name: baseline.name,
    bitsPerJet: baseline.bitsPerJet,
    mse: baselineError(baseline, values),
  }));
  const networks = await ofNetwork(codec, train, test);
  return [...networks, ...simple].sort((a, b) => b.bitsPerJet - a.bitsPerJet || a.mse - b.mse);
}

async function ofNetwork(codec: JetCodec, train: Jets, test: Jets): Promise<StorageRow[]> {
  const { normalisation, metric, name, layout } = codec;
  const runner = await CodecRunner.create(codec);
  try {
    const variables = normaliseJets(normalisation, test);
    const latent = await runner.encode(variables);
    const ranges = widenedRanges(await runner.encode(normaliseJets(normalisation, train)), layout.latent);
    const formats: [string, number, LatentFormat][] = [
      ['float32', 32, { kind: 'float32' }],
      ['float16', 16, { kind: 'float16' }],
      ...[12, 8].map((bits): [string, number, LatentFormat] => [
        `${bits}-bit steps`,
        bits,
        { kind: 'uniform', bits, ranges },
      ]),
    ];
    const refined = await latentOf({ codec, runner }, variables, REFINEMENT);
    const kinds = [
      ...formats.map((format) => [latent, ...format] as const),
      ...formats.map(([text, bits, format]) => [refined, `${text}, refined`, bits, format] as const),
    ];
    const rows: StorageRow[] = [];
    for (const [vectors, text, bits, format] of kinds) {
      const stored = unpackLatent(format, packLatent(format, vectors), vectors.length);
      const after = restoreJets(normalisation, await runner.decode(stored));
      const { mse } = compressionErrors(metric, test, after);
      rows.push({ name: `${name}, latent variables as ${text}`, bitsPerJet: bits * layout.latent, mse });
    }
    return rows;
  } finally {
    await runner.close();
  }
}
