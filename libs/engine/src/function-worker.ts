/** Worker thread that runs compiled functions. */
import { serve } from '@hep/workers';
import type * as ort from 'onnxruntime-node';
import { createSession, operand } from './session.ts';
import type { HostArray, SessionSettings } from './session.ts';
import type { DType } from '@hep/graph';

/** Numbers on their way between threads. */
export interface WireTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly values: HostArray;
}

export interface FunctionService {
  load(request: { model: Uint8Array; settings: SessionSettings }): void;
  run(feeds: Record<string, WireTensor>): Record<string, WireTensor>;
  release(nothing: null): void;
}

let session: ort.InferenceSession | null = null;

serve<FunctionService>({
  load: async ({ model, settings }) => {
    session = await createSession(model, settings);
  },
  run: async (feeds) => {
    if (session === null) throw new Error('load a model first');
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, { dtype, shape, values }]) => [name, operand(dtype, shape, values)]),
    );
    const results = await session.run(tensors);
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => [
        name,
        { dtype: tensor.type as DType, shape: [...tensor.dims], values: tensor.data as HostArray },
      ]),
    );
  },
  release: async () => {
    await session?.release();
    session = null;
  },
});
