/** From files or the toy generator to pairs of modules with their exact distances. */
import { generateToy, listCsvFiles, loadWafers, parseColumnMap } from '@hep/datasets';
import {
  decodedModuleFiles,
  emdImages,
  emdPairs,
  nearPairs,
  pairDistances,
  readDecodedModules,
} from '@hep/emd-network';
import type { LabelledPairs, PairList } from '@hep/emd-network';
import { UserError } from '@hep/options';
import type { EmdPairOptions } from './options.ts';

/** Pairs of a command. */
export interface EmdPairs {
  /** True for generated modules: scores on them say nothing about the detector. */
  readonly isSynthetic: boolean;
  /** Patterns as the networks see them, [rows, 4, 4, 3]. */
  readonly images: Float32Array;
  readonly train: LabelledPairs;
  readonly validation: LabelledPairs;
}

interface Patterns {
  readonly isSynthetic: boolean;
  readonly modules: number;
  /** Modules, then what an autoencoder made of them where the mode needs it, [rows, 48]. */
  readonly charges: Float32Array<ArrayBuffer>;
}

/**
 * The files that the pairs of a command come from.
 * @throws UserError when the mode needs others, or they are not there
 */
export async function pairFiles({ mode, decoded, input }: EmdPairOptions): Promise<readonly string[]> {
  const needsDecoded = mode === 'ae' || mode === 'app';
  if (needsDecoded && decoded === undefined) {
    throw new UserError(
      `--mode ${mode}: needs what an autoencoder made of its modules; give its run directory with --decoded`,
    );
  }
  if (decoded !== undefined && (!needsDecoded || input.length > 0)) {
    throw new UserError(
      `--decoded ${decoded}: is for the modes ae and app and without --input; leave one of them away`,
    );
  }
  if (decoded !== undefined) return decodedModuleFiles(decoded);
  return input.length === 0 ? [] : (await listCsvFiles(input)).map(({ path }) => path);
}

/**
 * Reads or makes modules, pairs them and computes their distances in worker threads; distances that the cache has are
 * read from there.
 * @throws UserError for files that leave no pairs, the signal's reason when it is aborted
 */
export async function loadPairs(
  options: EmdPairOptions,
  cache: string | undefined,
  notice: (text: string) => void,
  signal?: AbortSignal,
): Promise<EmdPairs> {
  const { mode, split, seed } = options;
  const { isSynthetic, modules, charges } = await loadPatterns(options, notice);
  const pairs = emdPairs({ mode, modules, split, seed });
  const labelled = async (part: string, list: PairList): Promise<LabelledPairs> => {
    const distances = await pairDistances(charges, list, { cache, onNotice: notice, signal });
    const all = { ...list, distances };
    const kept = mode === 'threshold' ? nearPairs(all) : all;
    if (kept.first.length === 0) {
      throw new UserError(`${modules} modules leave no pairs for ${part}; give more data or another --mode`);
    }
    return kept;
  };
  const train = await labelled('training', pairs.train);
  const validation = await labelled('validation', pairs.validation);
  const label = isSynthetic ? `, synthetic (seed ${seed})` : '';
  notice(`${train.first.length} training and ${validation.first.length} validation pairs${label}`);
  return { isSynthetic, images: emdImages(charges), train, validation };
}

async function loadPatterns(options: EmdPairOptions, onWarning: (text: string) => void): Promise<Patterns> {
  const { decoded, input, rowsPerFile, toyRows, seed } = options;
  const { header, columns, double, maskPartials, maskEnergies } = options;
  if (decoded !== undefined) {
    const { rows, input: before, decoded: after } = await readDecodedModules(decoded, rowsPerFile);
    const charges = new Float32Array(2 * before.length);
    charges.set(before);
    charges.set(after, before.length);
    return { isSynthetic: false, modules: rows, charges };
  }
  if (input.length === 0) {
    const { rows, charges } = generateToy({ rows: toyRows, seed });
    return { isSynthetic: true, modules: rows, charges };
  }
  const wafers = await loadWafers(input, {
    rowsPerFile,
    header,
    columns: parseColumnMap(columns),
    double,
    maskPartials,
    maskEnergies,
    onWarning,
  });
  return { isSynthetic: false, modules: wafers.rows, charges: wafers.charges };
}
