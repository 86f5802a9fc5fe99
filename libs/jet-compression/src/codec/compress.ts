/** Jets of files to a compressed file and back, a piece at a time. */
import { tableFormat, writeColumns } from '@hep/datasets/columns';
import { atomicWrite } from '@hep/files';
import { UserError } from '@hep/options';
import { ErrorSums } from '../evaluation/error-sums.ts';
import type { ErrorMeans } from '../evaluation/error-sums.ts';
import type { CodecRunner } from '../networks/codec-runner.ts';
import { latentOf } from '../networks/refine.ts';
import { fingerprint } from '../networks/jet-codec.ts';
import type { JetCodec } from '../networks/jet-codec.ts';
import { validRows } from '../tables/select-jets.ts';
import { jetTable } from '../tables/jet-columns.ts';
import type { JetBlock } from '../tables/jet-columns.ts';
import { normaliseJets, restoreJets, selectJets } from '../variables/normalisation.ts';
import type { Jets } from '../variables/normalisation.ts';
import { jetFileBytes, openJetFile } from './container.ts';
import { packLatent, unpackLatent, widenedRanges } from './latent-format.ts';
import type { LatentFormat, LatentRange } from './latent-format.ts';

/** Jets that are compressed at once. */
const BLOCK_ROWS = 2 ** 15;

/** A network that is ready to run. */
export interface RunningCodec {
  readonly codec: JetCodec;
  readonly runner: CodecRunner;
}

/** What was compressed. */
export interface Compressed {
  readonly errors: ErrorMeans;
  /** Jets left out because they cannot be normalised. */
  readonly dropped: number;
  /** Seconds that encoding took, refinement included. */
  readonly encodingSeconds: number;
  /** Processor time of that, of all threads. */
  readonly encodingCpuSeconds: number;
}

/** How numbers of the latent vectors are stored: floats, or whole numbers of so many bits. */
export type StorageChoice = 'float32' | 'float16' | { readonly bits: number };

/** How jets are compressed. */
export interface CompressionOptions {
  readonly storage: StorageChoice;
  /** Leave out jets that cannot be normalised. */
  readonly dropInvalid: boolean;
  /** Rounds of refinement of the latent vectors; see `refineLatent`. */
  readonly refine: number;
}

/**
 * Writes a file of compressed jets.
 * @param stream gives the jets from their start; it is called twice where ranges must be known before
 * @throws UserError for jets that cannot be normalised, unless they are dropped
 */
export async function compressJets(
  running: RunningCodec,
  stream: () => AsyncIterable<JetBlock>,
  path: string,
  { storage, dropInvalid, refine }: CompressionOptions,
): Promise<Compressed> {
  const { codec, runner } = running;
  const encode = (variables: Float32Array) => latentOf(running, variables, refine);
  const sums = new ErrorSums(codec.metric);
  const tally = { dropped: 0, milliseconds: 0, cpuMicroseconds: 0 };
  const pieces = () => validPieces(codec, stream(), dropInvalid, tally);
  const format = await formatOf(storage, codec, encode, pieces);
  tally.dropped = 0;
  async function* latentBlocks() {
    for await (const jets of pieces()) {
      const variables = normaliseJets(codec.normalisation, jets);
      const [start, cpu] = [performance.now(), process.cpuUsage()];
      const latent = await encode(variables);
      tally.milliseconds += performance.now() - start;
      const { user, system } = process.cpuUsage(cpu);
      tally.cpuMicroseconds += user + system;
      const stored = unpackLatent(format, packLatent(format, latent), latent.length);
      sums.add(jets, restoreJets(codec.normalisation, await runner.decode(stored)));
      yield latent;
    }
  }
  const header = {
    network: codec.name,
    fingerprint: fingerprint(codec),
    variables: codec.normalisation.map(({ name }) => name),
    latent: codec.layout.latent,
    format,
  };
  await atomicWrite(path, jetFileBytes(header, latentBlocks()));
  return {
    errors: sums.means(),
    dropped: tally.dropped,
    encodingSeconds: tally.milliseconds / 1e3,
    encodingCpuSeconds: tally.cpuMicroseconds / 1e6,
  };
}

async function formatOf(
  storage: StorageChoice,
  codec: JetCodec,
  encode: (variables: Float32Array) => Promise<Float32Array>,
  pieces: () => AsyncIterable<Jets>,
): Promise<LatentFormat> {
  if (typeof storage === 'string') return { kind: storage };
  const { bits } = storage;
  let ranges: LatentRange[] | undefined;
  for await (const jets of pieces()) {
    ranges = widenedRanges(
      await encode(normaliseJets(codec.normalisation, jets)),
      codec.layout.latent,
      ranges,
    );
  }
  const none = Array.from({ length: codec.layout.latent }, () => ({ min: 0, max: 0 }));
  return { kind: 'uniform', bits, ranges: ranges ?? none };
}

/** The jets that can be normalised, at most `BLOCK_ROWS` at once. */
async function* validPieces(
  { normalisation }: JetCodec,
  blocks: AsyncIterable<JetBlock>,
  dropInvalid: boolean,
  tally: { dropped: number },
): AsyncGenerator<Jets> {
  for await (const block of blocks) {
    const rows = validRows(normalisation, block, dropInvalid);
    tally.dropped += block.rows - rows.length;
    for (let first = 0; first < rows.length; first += BLOCK_ROWS) {
      yield selectJets(block, rows.subarray(first, first + BLOCK_ROWS));
    }
    block.release?.();
  }
}

/**
 * Writes the jets of a compressed file as a table of float32, in the format of the extension. Returns their number.
 * @throws UserError when the file was written by another network, or is damaged
 */
export async function decompressJets(
  { codec, runner }: RunningCodec,
  from: string,
  to: string,
): Promise<number> {
  tableFormat(to);
  const file = await openJetFile(from);
  let jets = 0;
  async function* tables() {
    for await (const latent of file.blocks()) {
      const restored = restoreJets(codec.normalisation, await runner.decode(latent));
      jets += restored.rows;
      yield jetTable(restored);
    }
  }
  try {
    if (file.header.fingerprint !== fingerprint(codec)) {
      throw new UserError(
        `${from}: was compressed by another network (${file.header.network}, ${file.header.fingerprint.slice(0, 12)}); ` +
          `give that one, this is ${codec.name}, ${fingerprint(codec).slice(0, 12)}`,
      );
    }
    const types = new Map(codec.normalisation.map(({ name }) => [name, 'float32']));
    await writeColumns(to, tables(), types);
    return jets;
  } finally {
    await file.close();
  }
}
