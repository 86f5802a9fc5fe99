import { generateToy } from '@hep/datasets';
import { createOnnxTrainer } from '@hep/engine';
import { UserError } from '@hep/options';
import { pairDistances } from './distances.ts';
import { emdNetworkSizeText, parseEmdNetworkSize } from './network-size.ts';
import { emdPairs } from './pairs.ts';
import type { LabelledPairs, PairList } from './pairs.ts';
import { emdScore, estimateDistances } from './score.ts';
import { emdDataset, emdImages, emdNetworkLossNames, emdTrainingProgram } from './training.ts';

const size = { filters: 8, kernelSize: 3, convolutions: 1, denseUnits: 16, denseLayers: 1 };
const { charges } = generateToy({ rows: 60, seed: 1 });
const images = emdImages(charges);
const split = emdPairs({ mode: 'pair', modules: 60, split: 'first', seed: 1 });
const labelled = async (pairs: PairList): Promise<LabelledPairs> => ({
  ...pairs,
  distances: await pairDistances(charges, pairs, { threads: 1 }),
});

it.each(emdNetworkLossNames)('learns distances with %s', async (loss) => {
  const [train, validation] = await Promise.all([labelled(split.train), labelled(split.validation)]);
  const program = emdTrainingProgram(size, loss, 1);
  const batchSize = 32;
  const datasets = { train: emdDataset(images, train), validation: emdDataset(images, validation) };
  const trainer = await createOnnxTrainer(program, datasets, { batchSize, replicas: 1, threads: 1 });
  const rows = train.first.length;
  const endBatch = Math.ceil(rows / batchSize);
  const order = Int32Array.from({ length: rows }, (_, row) => (row * 7) % rows);
  const learningRates = new Float32Array(endBatch).fill(3e-3);
  const { means: before } = await trainer.evaluate('validation', 100);
  for (let epoch = 0; epoch < 12; epoch++) {
    const stretch = { firstBatch: 0, endBatch, step: 1 + epoch * endBatch, learningRates, seed: 1 };
    await trainer.train({ dataset: 'train', order, batchSize, ...stretch });
  }
  const { means: after } = await trainer.evaluate('validation', 100);
  const weights = program.step.weightsOf(await trainer.readState());
  await trainer.close();

  expect(Object.keys(after)).toEqual(['loss', 'mse', 'mae', 'mape', 'msle']);
  expect(after['mse']).toBeLessThan(before['mse'] / 4);
  const estimates = await estimateDistances({ size, weights }, images, validation);
  const meanSquare =
    estimates.reduce((sum, estimate, pair) => sum + (estimate - validation.distances[pair]) ** 2, 0) /
    estimates.length;
  expect(Math.abs(meanSquare / after['mse'] - 1)).toBeLessThan(1e-4);
  const score = emdScore(estimates, validation.distances);
  expect(score.pairs).toBe(validation.distances.filter((distance) => distance > 0).length);
  expect(Math.abs(score.mean)).toBeLessThan(0.5);
});

it('scores the relative differences of pairs that differ', () => {
  const score = emdScore(Float32Array.of(1.5, 3, 7), Float32Array.of(1, 4, 0));
  expect(score).toEqual({ mean: 0.125, std: 0.375, pairs: 2 });
});

it('reads sizes in the order of the study', () => {
  const best = { filters: 32, kernelSize: 5, denseUnits: 256, denseLayers: 1, convolutions: 3 };
  expect(parseEmdNetworkSize('32-5-256-1-3')).toEqual(best);
  expect(emdNetworkSizeText(best)).toBe('32-5-256-1-3');
  for (const text of ['32-5-256-1', '32-5-256-1-3-1', '0-5-256-1-3', '32-5-x-1-3', '32.5-5-256-1-3', '']) {
    expect(() => parseEmdNetworkSize(text)).toThrow(UserError);
  }
});
