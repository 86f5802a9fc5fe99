/** Trainings compared by their hyper-parameters, as a search writes them for TensorBoard. */
import { writeComparison } from '@hep/training';
import type { ComparedTraining } from '@hep/training';
import type { Manifest } from './manifest.ts';

const METRICS = ['val_loss', 'val_auc'];
const PLAIN = { isFailed: false, started: 1_700_000_000, ended: 1_700_000_060 };

const TRAININGS: readonly ComparedTraining[] = [
  {
    ...PLAIN,
    name: '00',
    hyperParameters: { activation: 'relu', layers: 1, 'hidden-units 1': 64, 'one-hot-iteration': false },
    history: [
      { val_loss: 0.5, val_auc: 0.75 },
      { val_loss: 0.25, val_auc: 0.875 },
    ],
  },
  {
    ...PLAIN,
    name: '01',
    hyperParameters: {
      ...{ activation: 'swish', layers: 2, 'hidden-units 1': 64, 'hidden-units 2': 32 },
      'one-hot-iteration': true,
    },
    history: [{ val_loss: 0.125, val_auc: 0.9375 }],
  },
  {
    ...PLAIN,
    name: '02',
    hyperParameters: { activation: 'relu', layers: 1, 'hidden-units 1': 32, 'one-hot-iteration': true },
    isFailed: true,
    history: [],
  },
];

/** Writes the trainings below `folder`. */
export async function hyperParameterChecks(folder: string): Promise<Pick<Manifest, 'comparisons'>> {
  await writeComparison(folder, {
    title: 'three trainings',
    domains: {
      activation: ['relu', 'swish'],
      layers: [1, 2],
      'hidden-units 1': [64, 32],
      'hidden-units 2': [64, 32],
      'one-hot-iteration': [true, false],
    },
    metrics: METRICS,
    trainings: TRAININGS,
  });
  const expected = TRAININGS.map(({ name, hyperParameters, isFailed, history }) => ({
    name,
    hyperParameters,
    isFailed,
    metrics: history.at(-1) ?? {},
  }));
  return { comparisons: [{ name: 'hyper-parameters', tensorboard: folder, trainings: expected }] };
}
