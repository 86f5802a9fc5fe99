import { availableParallelism } from 'node:os';
import { requireCuda } from './cuda.ts';

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
 * @throws UserError when `cuda` is asked for and ONNX Runtime cannot open one of the devices
 */
export async function resolveDevice(
  options: Partial<DeviceOptions>,
  batchSize: number,
): Promise<DeviceOptions> {
  const device = options.device ?? 'cpu';
  if (device === 'cuda') {
    const deviceIds = options.deviceIds ?? [0];
    await requireCuda(deviceIds);
    return { device, deviceIds, replicas: deviceIds.length, threads: options.threads ?? 1 };
  }
  const cores = availableParallelism();
  const replicas = options.replicas ?? Math.max(1, Math.min(cores, Math.floor(batchSize / ROWS_PER_REPLICA)));
  const threads = options.threads ?? Math.max(1, Math.floor(cores / replicas));
  return { device, deviceIds: [], replicas, threads };
}
