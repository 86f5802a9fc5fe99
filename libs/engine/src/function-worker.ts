/** Worker thread that runs compiled functions. */
import { serve, Transferred } from '@hep/workers';
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

/** Rows of the one operand and the one result of a function. */
export interface RowsRequest {
  readonly feed: string;
  readonly fetch: string;
  /** [rows, width] */
  readonly values: Float32Array<ArrayBuffer>;
  readonly width: number;
  readonly resultWidth: number;
  /** Rows of one run of the session. */
  readonly rowsAtOnce: number;
}

/** What the worker does; one model at a time. */
export interface FunctionService {
  load(request: { model: Uint8Array; settings: SessionSettings }): void;
  run(feeds: Record<string, WireTensor>): Record<string, WireTensor>;
  mapRows(request: RowsRequest): Float32Array<ArrayBuffer>;
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
  mapRows: async (request) => {
    if (session === null) throw new Error('load a model first');
    const results = await throughSession(session, request);
    return new Transferred(results, [results.buffer]);
  },
  release: async () => {
    await session?.release();
    session = null;
  },
});

/** Operands and results are parts of the arrays themselves, so that nothing is copied between the runs. */
async function throughSession(
  session: ort.InferenceSession,
  { feed, fetch, values, width, resultWidth, rowsAtOnce }: RowsRequest,
): Promise<Float32Array<ArrayBuffer>> {
  const rows = values.length / width;
  const results = new Float32Array(rows * resultWidth);
  for (let first = 0; first < rows; first += rowsAtOnce) {
    const end = Math.min(rows, first + rowsAtOnce);
    const part = (of: Float32Array, size: number) =>
      operand('float32', [end - first, size], of.subarray(first * size, end * size));
    await session.run({ [feed]: part(values, width) }, { [fetch]: part(results, resultWidth) });
  }
  return results;
}
