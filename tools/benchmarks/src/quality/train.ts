/** One training of either side, in its own process. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { superCells, definingPixels } from '@hep/hgcal-geometry';
import { readHistory } from '@hep/training';
import { readFloat32 } from '../npy.ts';
import type { Launch } from '../measuring-process.ts';
import { arrangement, meanEmd } from './data.ts';
import type { QualityData } from './data.ts';
import type { CurvePoint, Outcome } from './outcome.ts';
import type { OwnRecipe, PeerRecipe, Recipe } from './recipes.ts';
import { runProcess } from './run-process.ts';

/** What is common to all trainings of a comparison. */
export interface Setting {
  readonly folder: string;
  readonly data: QualityData;
  readonly threads: number;
  /** Keras HDF5 file of the EMD network that both sides use. */
  readonly emdNetwork: string | undefined;
  /** How to start the peer, without its argument, and our program, without a command. */
  readonly peer: Launch;
  readonly program: Launch;
  /** Most epochs of the peer. */
  readonly peerEpochs: number;
  /** Factor on our epochs, for a quick look. */
  readonly share: number;
}

const SNAPSHOT_EVERY = 10;

/** Trains with a recipe. */
export function train(recipe: Recipe, seed: number, setting: Setting): Promise<Outcome> {
  return recipe.side === 'QKeras' ? trainPeer(recipe, seed, setting) : trainOurs(recipe, seed, setting);
}

async function trainPeer(recipe: PeerRecipe, seed: number, setting: Setting): Promise<Outcome> {
  const { data, threads, emdNetwork, peer, peerEpochs } = setting;
  const folder = join(setting.folder, `qkeras-${recipe.loss}-${seed}`);
  mkdirSync(folder, { recursive: true });
  const spec = {
    folder,
    seed,
    threads,
    emdNetwork,
    train: data.trainNpy,
    validation: data.validationNpy,
    loss: recipe.loss,
    epochs: peerEpochs,
    snapshotEvery: SNAPSHOT_EVERY,
    pixels: [...definingPixels(arrangement)],
    superCells: superCells(),
  };
  await runProcess({ ...peer, arguments: [...peer.arguments, JSON.stringify(spec)] });
  const epochs = JSON.parse(readFileSync(join(folder, 'epochs.json'), 'utf8')) as PeerEpoch[];
  const emdOf = (file: string) => meanEmd(data.validation, readFloat32(join(folder, file)));
  const curve: CurvePoint[] = [];
  for (const { epoch, wall, snapshot } of epochs) {
    if (snapshot) curve.push({ epoch, wallSeconds: wall, emd: await emdOf(`decoded-${epoch}.npy`) });
  }
  const last = epochs.at(-1)!;
  return {
    recipe: recipe.name,
    side: recipe.side,
    seed,
    emd: await emdOf('decoded.npy'),
    epochs: last.epoch,
    wallSeconds: last.wall,
    cpuSeconds: last.cpu,
    curve,
  };
}

interface PeerEpoch {
  readonly epoch: number;
  readonly wall: number;
  readonly cpu: number;
  readonly snapshot: boolean;
}

async function trainOurs(recipe: OwnRecipe, seed: number, setting: Setting): Promise<Outcome> {
  const { data, threads, emdNetwork, program, share } = setting;
  const { model, loss, epochs, batchSize, learningRate } = recipe;
  const folder = join(setting.folder, `ours-${loss}-${model}-${seed}`);
  const options = {
    input: data.csv,
    split: 'first',
    output: folder,
    models: model,
    loss,
    epochs: Math.max(1, Math.round(epochs * share)),
    patience: epochs,
    'batch-size': batchSize,
    'learning-rate': learningRate,
    schedule: 'cosine',
    replicas: threads,
    threads: 1,
    seed,
    ...(loss === 'emd' ? { 'emd-network': emdNetwork } : {}),
  };
  const argv = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const cpuSeconds = await runProcess({
    ...program,
    arguments: [...program.arguments, 'train', ...argv, '--force', '--no-tensorboard'],
  });
  const run = join(folder, model);
  const history = await readHistory(join(run, 'history.csv'));
  let wallSeconds = 0;
  const points = history.map(({ epoch, seconds, values }): CurvePoint => {
    wallSeconds += seconds;
    return { epoch, wallSeconds, emd: values['val_loss']! };
  });
  const record = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as RunRecord;
  const emd = record.scores.performance.ae.EMD.mean;
  return {
    recipe: recipe.name,
    side: recipe.side,
    seed,
    emd,
    epochs: history.length,
    wallSeconds,
    cpuSeconds,
    // The loss of a training on the exact EMD is the figure itself; of others only the end is known.
    curve: loss === 'exact-emd' ? points : [{ epoch: history.length, wallSeconds, emd }],
  };
}

interface RunRecord {
  readonly scores: { readonly performance: { readonly ae: { readonly EMD: { readonly mean: number } } } };
}
