import { availableParallelism } from 'node:os';
import { UserError } from '@hep/options';
import { listSupportedBackends } from 'onnxruntime-node';

/** Where and how wide a graph runs. */
export interface DeviceOptions {
  readonly device: 'cpu' | 'cuda';
  /** CUDA devices, one replica each; ignored on the cpu. */
  readonly deviceIds: readonly number[];
  /** Worker threads with a session each; the batch is split over them. */
  readonly replicas: number;
  /** Threads inside of each session. */
  readonly threads: number;
}

/** Fewest rows of a batch for which another replica pays, measured with the autoencoder on two cores. */
const ROWS_PER_REPLICA = 64;

/**
 * Completes device options. On the cpu: one single-threaded replica per core, as long as each has 64 rows of a
 * batch (measured: two replicas of one thread beat one session of two threads by a third). The choice depends on
 * the machine and the batch only, so that the same seed gives the same numbers.
 * @throws UserError when `cuda` is asked for and ONNX Runtime has no CUDA provider here
 */
export function resolveDevice(options: Partial<DeviceOptions>, batchSize: number): DeviceOptions {
  const device = options.device ?? 'cpu';
  if (device === 'cuda') {
    requireCuda();
    const deviceIds = options.deviceIds ?? [0];
    return { device, deviceIds, replicas: deviceIds.length, threads: options.threads ?? 1 };
  }
  const cores = availableParallelism();
  const replicas = options.replicas ?? Math.max(1, Math.min(cores, Math.floor(batchSize / ROWS_PER_REPLICA)));
  const threads = options.threads ?? Math.max(1, Math.floor(cores / replicas));
  return { device, deviceIds: [], replicas, threads };
}

function requireCuda(): void {
  const bundled = listSupportedBackends().some((backend) => backend.name === 'cuda' && backend.bundled);
  if (bundled) return;
  throw new UserError(
    'device cuda: ONNX Runtime has no CUDA provider in this installation (Linux x64 with CUDA 12 only); ' +
      'run "npm rebuild onnxruntime-node --foreground-scripts" on the GPU node to fetch it, or use --device cpu',
  );
}
