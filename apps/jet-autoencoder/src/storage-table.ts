/** What other ways of storing jets cost and lose, beside the network. */
import {
  baselineError,
  baselinesBeside,
  CodecRunner,
  compressionErrors,
  normaliseJets,
  packLatent,
  restoreJets,
  unpackLatent,
  widenedRanges,
} from '@hep/jet-compression';
import type { JetCodec, Jets, LatentFormat } from '@hep/jet-compression';

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
    const latent = await runner.encode(normaliseJets(normalisation, test));
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
    const rows: StorageRow[] = [];
    for (const [text, bits, format] of formats) {
      const stored = unpackLatent(format, packLatent(format, latent), latent.length);
      const after = restoreJets(normalisation, await runner.decode(stored));
      const { mse } = compressionErrors(metric, test, after);
      rows.push({ name: `${name}, latent variables as ${text}`, bitsPerJet: bits * layout.latent, mse });
    }
    return rows;
  } finally {
    await runner.close();
  }
}
