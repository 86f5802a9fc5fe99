/** From options to the chip's registers. */
import {
  bufferThresholds,
  CALIBRATION_UNIT,
  calibrationFromEta,
  CHANNELS,
  chipEncoder,
  densityDefaults,
  latentMask,
  latentMaskFor,
  MASK_BYTES,
  parseChipWeights,
  superCellFormats,
} from '@hep/econ-t';
import type { Algorithm, AlgorithmName, BufferThresholds, Density, SuperCellType } from '@hep/econ-t';
import { UserError } from '@hep/options';
import { readFile } from 'node:fs/promises';
import { encoderOfRun } from '../../chip-network.ts';

/** The options that {@link chosenFormat} reads. */
export interface FormatOptions {
  readonly algorithm: AlgorithmName;
  readonly density: Density;
  readonly dropLsb?: number | undefined;
  readonly stcType?: SuperCellType | undefined;
  readonly mask?: readonly number[] | undefined;
  /** 11 binary digits. */
  readonly syncWord: string;
}

/** Format of an algorithm, without what only the sender needs. */
export interface ChosenFormat {
  readonly droppedBits: number;
  readonly type: SuperCellType;
  readonly mask: Uint16Array;
  readonly syncWord: number;
}

/** @throws UserError when the links carry nothing of the chosen type, or the mask has another length */
export function chosenFormat(options: FormatOptions, eLinks: number): ChosenFormat {
  const defaults = densityDefaults[options.density];
  const type = options.stcType ?? defaults.superCellType;
  const most = superCellFormats[type].groupsByELinks.length;
  if (options.algorithm === 'super-trigger-cells' && eLinks > most) {
    throw new UserError(
      `option --elinks: the chip sends nothing of ${type} on ${eLinks} eLinks, expected at most ${most}; ` +
        'use fewer, or another --stc-type',
    );
  }
  const { mask } = options;
  if (mask !== undefined && mask.length !== MASK_BYTES) {
    throw new UserError(`option --mask: ${mask.length} bytes, expected ${MASK_BYTES}`);
  }
  return {
    droppedBits: options.dropLsb ?? defaults.droppedBits,
    type,
    mask: mask === undefined ? latentMaskFor(eLinks) : latentMask(mask),
    syncWord: Number.parseInt(options.syncWord, 2),
  };
}

/** The options that {@link chosenAlgorithm} reads beside those of the format. */
export interface AlgorithmOptions extends FormatOptions {
  readonly elinks: number;
  readonly threshold: string;
  readonly useSum: boolean;
  readonly weights?: string | undefined;
  readonly run?: string | undefined;
}

/** @throws UserError for registers that are missing, cannot be read or do not fit */
export async function chosenAlgorithm(options: AlgorithmOptions): Promise<Algorithm> {
  const { algorithm: name, elinks, useSum: sendsFullSum } = options;
  const { droppedBits, type, mask } = chosenFormat(options, elinks);
  switch (name) {
    case 'threshold-sum': {
      const thresholds = await channelRegisters('threshold', options.threshold, 2 ** 22 - 1);
      return { name, thresholds, droppedBits, sendsFullSum };
    }
    case 'best-choice':
      return { name, droppedBits, sendsFullSum };
    case 'super-trigger-cells':
      return { name, type, droppedBits };
    case 'repeater':
      return { name, droppedBits };
    case 'autoencoder':
      return { name, encoder: await encoderOf(options), mask };
  }
}

async function encoderOf({
  weights: path,
  run,
}: AlgorithmOptions): Promise<(inputs: Uint8Array) => Uint16Array> {
  if ((path === undefined) === (run === undefined)) {
    throw new UserError(
      '--algorithm autoencoder: expected --weights, the file of the 12 weight registers, or --run, the run directory ' +
        'of a quantised network; give one of the two',
    );
  }
  return path === undefined ? encoderOfRun(run!) : encoderOfRegisters(path);
}

async function encoderOfRegisters(path: string): Promise<(inputs: Uint8Array) => Uint16Array> {
  const fields = (await textOf(path)).split(/[\s,]+/).filter((field) => field !== '');
  try {
    return chipEncoder(parseChipWeights(fields));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(`${path}: ${error.message}; use the file of the chip's registers`);
  }
}

/** Calibration registers of the input links in the order of channels; 2048 leaves charges as they are. */
export async function calibrationRegisters(
  calibration: string | undefined,
  eta: number | undefined,
): Promise<Uint16Array> {
  if (eta !== undefined && calibration !== undefined) {
    throw new UserError('option --eta: given beside --calibration, expected one of the two');
  }
  if (eta !== undefined) return calibrationFromEta(new Float64Array(CHANNELS).fill(eta));
  if (calibration === undefined) return new Uint16Array(CHANNELS).fill(CALIBRATION_UNIT);
  const factor = calibration.trim() === '' ? NaN : Number(calibration);
  if (!Number.isNaN(factor)) {
    if (factor >= 0 && factor < 2) {
      return new Uint16Array(CHANNELS).fill(Math.floor(factor * CALIBRATION_UNIT));
    }
    throw new UserError(
      `option --calibration: got ${calibration}, expected a factor of at least 0 and less than 2`,
    );
  }
  return Uint16Array.from(await channelRegisters('calibration', calibration, 2 * CALIBRATION_UNIT - 1));
}

/** 48 registers from one number for all, 48 numbers, or a file of them. */
async function channelRegisters(flag: string, text: string, largest: number): Promise<number[]> {
  const isFile = /[^\d,.\s+e-]/i.test(text);
  const source = isFile ? text : `option --${flag}`;
  const fields = (isFile ? await textOf(text) : text)
    .split(/[\s,]+/)
    .filter((field) => field !== '' && !/^[A-Z]+_\d+$/.test(field));
  const values = fields.map(Number);
  const wrong = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value > largest);
  if (wrong >= 0) {
    throw new UserError(
      `${source}: got "${fields[wrong].slice(0, 40)}" as number ${wrong + 1}, expected an integer from 0 to ${largest}`,
    );
  }
  if (values.length === 1) return new Array<number>(CHANNELS).fill(values[0]);
  if (values.length === CHANNELS) return values;
  throw new UserError(`${source}: ${values.length} numbers, expected one, or ${CHANNELS}`);
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'file not found' : `cannot be read (${error.code})`;
    throw new UserError(`${path}: ${reason}; check the path`);
  });
}

/** Thresholds of the buffer. */
export function bufferRegisters(
  { t1, t2, t3 }: { t1?: number | undefined; t2?: number | undefined; t3: number },
  eLinks: number,
): BufferThresholds {
  const full = t1 ?? bufferThresholds(eLinks).full;
  return { full, nearlyFull: t2 ?? Math.max(0, full - 25), shortFrame: t3 };
}
