/** Which engine trains, and on what. */
import { createEagerTrainer, createOnnxTrainer, withUpkeep } from '@hep/engine';
import type { Dataset, Program, Trainer } from '@hep/engine';
import { option } from '@hep/options';
import { z } from 'zod';
import { threadCount } from './training-options.ts';

/** Declarations of the options that `startTrainer` reads. */
export const executionOptions = {
  engine: option({
    schema: z.enum(['onnx', 'tfjs']).default('onnx'),
    describe: 'onnx: compiled, on ONNX Runtime; tfjs: eager, operation by operation',
    group: 'Execution',
  }),
  tfjsBackend: option({
    schema: z.enum(['tensorflow', 'cpu']).default('tensorflow'),
    describe:
      'backend of the tfjs engine: tensorflow needs tfjs-node-gpu or tfjs-node, cpu is slow and always there',
    group: 'Execution',
  }),
  device: option({
    schema: z.enum(['cpu', 'cuda']).default('cpu'),
    describe: 'device of the onnx engine',
    group: 'Execution',
  }),
  deviceIds: option({
    schema: z.array(z.int().min(0)).default([0]),
    describe: 'CUDA devices; the batch is split over them',
    group: 'Execution',
  }),
  replicas: option({
    schema: threadCount.default(0),
    describe: 'copies of the network that share a batch; 0: one for each core',
    group: 'Execution',
  }),
  threads: option({
    schema: threadCount.default(0),
    describe: 'threads inside of a replica; 0: the cores divided by the replicas',
    group: 'Execution',
  }),
};

/** Values of the execution options, and the rows of a batch. */
export interface Execution {
  readonly engine: 'onnx' | 'tfjs';
  readonly tfjsBackend: 'tensorflow' | 'cpu';
  readonly device: 'cpu' | 'cuda';
  readonly deviceIds: readonly number[];
  /** 0: one for each core. */
  readonly replicas: number;
  /** 0: the cores divided by the replicas. */
  readonly threads: number;
  readonly batchSize: number;
}

/**
 * Starts the engine that the options ask for.
 * @throws UserError when it is not there
 */
export async function startTrainer(
  program: Program,
  options: Execution,
  datasets: Readonly<Record<string, Dataset>>,
): Promise<Trainer> {
  const trainer = await startedTrainer(program, options, datasets);
  return program.upkeep === undefined ? trainer : withUpkeep(trainer, program.upkeep);
}

async function startedTrainer(
  program: Program,
  options: Execution,
  datasets: Readonly<Record<string, Dataset>>,
): Promise<Trainer> {
  if (options.engine === 'tfjs') {
    return createEagerTrainer(program, datasets, { backend: options.tfjsBackend });
  }
  return createOnnxTrainer(program, datasets, {
    batchSize: options.batchSize,
    device: options.device,
    deviceIds: options.deviceIds,
    ...(options.replicas > 0 ? { replicas: options.replicas } : {}),
    ...(options.threads > 0 ? { threads: options.threads } : {}),
  });
}
