/** Whether ONNX Runtime can compute on CUDA devices here, found out by computing on them. */
import { emitOnnx, optimise, tf, trace } from '@hep/graph';
import { UserError } from '@hep/options';
import { createSession } from './session.ts';

/**
 * Opens a session of one operation on each device.
 * @throws UserError with what is missing: the provider's library, CUDA's own libraries, the driver or the device
 */
export async function requireCuda(deviceIds: readonly number[]): Promise<void> {
  const model = oneOperation();
  for (const deviceId of new Set(deviceIds)) {
    try {
      const session = await createSession(model, { device: 'cuda', deviceId, threads: 1 });
      await session.release();
    } catch (error) {
      throw new UserError(`device cuda ${deviceId}: ${reason(error)}; or use --device cpu`);
    }
  }
}

function oneOperation(): Uint8Array {
  const graph = trace((_state, { x }) => ({ outputs: { y: tf.square(x!) } }), {
    inputs: { x: { shape: [1], dtype: 'float32' } },
  });
  return emitOnnx(optimise(graph), { name: 'probe' }).bytes;
}

/** CUDA's own words, and for a library that does not load what to install. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('Failed to load shared library')) {
    return (
      "ONNX Runtime's CUDA provider does not load (Linux x64 only): tools/cuda/install-provider.sh fetches it, and the " +
      'CUDA and cuDNN libraries that it needs must be on LD_LIBRARY_PATH (docs/gpu.md)'
    );
  }
  return /CUDA failure \d+: [^;]*[^; ]/.exec(message)?.[0] ?? message.split('\n')[0]!;
}
