/** Exact distances of many pairs: computed in worker threads, chunk by chunk, each chunk kept in a file. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite } from '@hep/files';
import { TRIGGER_CELLS, triggerCellDistances } from '@hep/hgcal-geometry';
import { EmdPool } from '@hep/optimal-transport';
import type { Charges } from '@hep/optimal-transport';
import type { PairList } from './pairs.ts';

/** How distances are computed and kept. */
export interface DistanceOptions {
  /** Folder where distances are kept for the next time; without it nothing is kept. */
  readonly cache?: string;
  /** Worker threads; all cores by default. */
  readonly threads?: number;
  /** Hears how many pairs are done. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Hears of damaged files of the cache, which are made anew. */
  readonly onNotice?: (message: string) => void;
  /** Aborted to stop after the running chunk; what is done stays in the cache. */
  readonly signal?: AbortSignal;
}

/** Pairs of a chunk: seconds of work, 256 KiB of file. */
const PAIRS_PER_CHUNK = 65_536;
const DIGEST_BYTES = 32;
/** Part of every key; to be changed with the solver's results or the layout of the files. */
const FORMAT = 'emd-distances-1';

/**
 * Exact earth mover's distances in sensor cells, [pairs].
 *
 * A file of the cache is named after the SHA-256 of the patterns and pairs that it belongs to, and holds float32
 * distances and a SHA-256 over both. One that was cut or altered is noticed and computed again.
 * @param patterns charges [rows, 48]; none may be empty
 * @throws RangeError for negative or not finite charges, UserError when the cache cannot be written, the signal's reason
 * when it is aborted
 */
export async function pairDistances(
  patterns: Charges,
  { first, second }: PairList,
  { cache, threads, onProgress, onNotice, signal }: DistanceOptions = {},
): Promise<Float32Array> {
  const distances = new Float32Array(first.length);
  const content = digestOf(FORMAT, patterns);
  let pool: EmdPool | null = null;
  try {
    for (let start = 0; start < first.length; start += PAIRS_PER_CHUNK) {
      signal?.throwIfAborted();
      const end = Math.min(first.length, start + PAIRS_PER_CHUNK);
      const [a, b] = [first.slice(start, end), second.slice(start, end)];
      const key = digestOf(content, a, b);
      const path = cache === undefined ? null : join(cache, `${key.toString('hex')}.emd`);
      let chunk = path === null ? null : await readChunk(path, key, end - start, onNotice);
      if (chunk === null) {
        pool ??= await EmdPool.start(triggerCellDistances(), TRIGGER_CELLS, { threads });
        chunk = Float32Array.from(await pool.emdPairs(patterns, patterns, a, b));
        if (path !== null) await atomicWrite(path, encodeChunk(chunk, key));
      }
      distances.set(chunk, start);
      onProgress?.(end, first.length);
    }
  } finally {
    await pool?.close();
  }
  return distances;
}

function digestOf(...parts: readonly (string | NodeJS.ArrayBufferView)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(typeof part === 'string' ? part : bytesOf(part));
  return hash.digest();
}

const bytesOf = ({ buffer, byteOffset, byteLength }: NodeJS.ArrayBufferView) =>
  new Uint8Array(buffer, byteOffset, byteLength);

function encodeChunk(chunk: Float32Array, key: Buffer): Uint8Array {
  return Buffer.concat([bytesOf(chunk), digestOf(key, chunk)]);
}

/** The distances in a file; null when there is no file or it is damaged. */
async function readChunk(
  path: string,
  key: Buffer,
  count: number,
  onNotice: ((message: string) => void) | undefined,
): Promise<Float32Array | null> {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) return null;
  const chunk = new Float32Array(count);
  bytesOf(chunk).set(bytes.subarray(0, chunk.byteLength));
  const isWhole = bytes.length === chunk.byteLength + DIGEST_BYTES;
  if (isWhole && digestOf(key, chunk).equals(bytes.subarray(chunk.byteLength))) return chunk;
  onNotice?.(`${path}: damaged; its distances are computed again`);
  return null;
}
