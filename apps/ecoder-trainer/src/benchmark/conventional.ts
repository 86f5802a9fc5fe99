/** The chip's conventional algorithms with their formats, the same without formats, and what needs no information. */
import {
  cellsAbove,
  DEFAULT_THRESHOLD,
  densityDefaults,
  largestCells,
  sendModules,
  superCells,
  superCellsSent,
  superCellTypes,
} from '@hep/econ-t';
import type { ChargeAlgorithm } from '@hep/econ-t';
import { CALQ_PER_MIP_T } from '@hep/datasets';
import { bestChoiceCells, MAX_ELINKS, TRIGGER_CELLS } from '@hep/hgcal-geometry';
import type { Part } from '../samples.ts';
import type { Candidate, CandidateKind } from './candidate.ts';

/** Best choice as the emulator of the chip packs it: addresses of modules with few charges cannot be matched. */
export const AMBIGUOUS_BEST_CHOICE = 'best choice, zero charges left out';

const THRESHOLD_MIP_T = 1.35;

/** Name of the threshold algorithm. */
export const THRESHOLD = `threshold ${THRESHOLD_MIP_T} MIP_T`;
/** With the buffer of the chip, which cuts frames when it is full. */
export const BUFFERED_THRESHOLD = `${THRESHOLD}, buffered`;
/** Links on which the repeater's 22 words fit. */
const REPEATER_ELINKS = 11;
/** Links on which no frame of the threshold sum has to wait. */
const AMPLE_ELINKS = MAX_ELINKS;

const { droppedBits } = densityDefaults.low;
const thresholdSum: ChargeAlgorithm = {
  name: 'threshold-sum',
  thresholds: new Uint16Array(TRIGGER_CELLS).fill(DEFAULT_THRESHOLD),
  droppedBits,
  sendsFullSum: false,
};
const bestChoice = { name: 'best-choice', droppedBits, sendsFullSum: false } as const;
const repeater: ChargeAlgorithm = { name: 'repeater', droppedBits };

/** Candidates that do not depend on the number of links. */
export function* fixedCandidates(part: Part, train: Part): Generator<Candidate> {
  const { charges } = part.wafers;
  const counts = integers(charges);
  const ample = sendModules(thresholdSum, counts, AMPLE_ELINKS);
  yield { ...chip(THRESHOLD, ample.charges), bitsPerModule: ample.frameBits };
  yield float(THRESHOLD, cellsAbove(charges, THRESHOLD_MIP_T * CALQ_PER_MIP_T));
  for (const size of [16, 4] as const) {
    yield float(`STC${size}`, superCells(charges, size, 'largest'));
    yield float(`STC${size}, shared`, superCells(charges, size, 'equal'));
  }
  const { charges: repeated, frameBits } = sendModules(repeater, counts, REPEATER_ELINKS);
  yield { ...chip('repeater', repeated), eLinks: REPEATER_ELINKS, bitsPerModule: frameBits };
  yield baseline('zero', new Float32Array(charges.length));
  yield baseline('mean pattern', meanPattern(part, train));
}

/** Candidates for a number of links. */
export function* linkedCandidates({ wafers }: Part, eLinks: number): Generator<Candidate> {
  const counts = integers(wafers.charges);
  const sent = (name: string, algorithm: ChargeAlgorithm): Candidate => {
    const { charges, cutModules } = sendModules(algorithm, counts, eLinks);
    return { ...chip(name, charges), eLinks, bitsPerModule: 32 * eLinks, cutModules };
  };
  for (const type of superCellTypes) {
    if (superCellsSent(type, eLinks) === 0) continue;
    yield sent(type, { name: 'super-trigger-cells', type, droppedBits });
  }
  yield sent('best choice', { ...bestChoice, keepsZeros: true });
  yield sent(AMBIGUOUS_BEST_CHOICE, bestChoice);
  yield { ...float('best choice', largestCells(wafers.charges, bestChoiceCells(eLinks))), eLinks };
  yield sent(BUFFERED_THRESHOLD, thresholdSum);
}

function candidate(kind: CandidateKind, name: string, charges: Float32Array): Candidate {
  const none = { eLinks: null, bitsPerModule: NaN, cutModules: 0, network: null };
  return { name, kind, charges, ...none };
}

const chip = (name: string, charges: Float32Array) => candidate('chip', name, charges);
const float = (name: string, charges: Float64Array) => candidate('float', name, Float32Array.from(charges));
const baseline = (name: string, charges: Float32Array) => ({
  ...candidate('baseline', name, charges),
  bitsPerModule: 0,
});

function integers(charges: Float32Array): Int32Array {
  return Int32Array.from(charges, Math.round);
}

/** The mean share of each trigger cell in the training modules, with the sum of each module. */
function meanPattern({ sums }: Part, train: Part): Float32Array {
  const mean = new Float64Array(TRIGGER_CELLS);
  train.wafers.charges.forEach((charge, i) => {
    mean[i % TRIGGER_CELLS] += charge / train.sums[Math.floor(i / TRIGGER_CELLS)] / train.wafers.rows;
  });
  return Float32Array.from(
    { length: sums.length * TRIGGER_CELLS },
    (_, i) => mean[i % TRIGGER_CELLS] * sums[Math.floor(i / TRIGGER_CELLS)],
  );
}
