/** Single functions on ONNX Runtime: predictions, checks, anything that is not a training loop. */
import { availableParallelism } from 'node:os';
import { emitOnnx, fillRandom, optimise, stepNames, trace, withoutReductions } from '@hep/graph';
import type { DType, Graph, OnnxModel, Signature, tf } from '@hep/graph';
import { connect, startWorker } from '@hep/workers';
import type { Connection } from '@hep/workers';
import type { FunctionService, WireTensor } from './function-worker.ts';
import './telemetry.ts';
import type { HostTensor } from './trainer.ts';

/** A pure function of named tensors. */
export type TensorFunction = (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor>;

/** An operand of a compiled function. */
export interface FunctionInput {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  /** Default float32. */
  readonly dtype?: 'float32' | 'int32';
}

/** A function that was traced and compiled; runs in its own thread until closed. */
export class CompiledFunction {
  private constructor(
    private readonly graph: Graph,
    private readonly onnx: OnnxModel,
    private readonly connection: Connection<FunctionService>,
  ) {}

  /**
   * Compiles `fn`. A dimension `{ batch: 1 }` in the signature takes any number of rows.
   * @param threads threads inside of the session; default: all cores
   */
  static async create(
    fn: TensorFunction,
    signature: Signature,
    threads: number = availableParallelism(),
  ): Promise<CompiledFunction> {
    const traced = trace((_state, inputs) => ({ outputs: fn(inputs) }), { inputs: signature });
    const graph = optimise(withoutReductions(traced));
    const onnx = emitOnnx(graph, { name: 'function' });
    const connection = connect<FunctionService>(
      await startWorker(new URL('./function-worker.ts', import.meta.url)),
    );
    try {
      const settings = { threads, device: 'cpu', deviceId: 0 } as const;
      await connection.call('load', { model: onnx.bytes, settings });
    } catch (error) {
      await connection.close();
      throw error;
    }
    return new CompiledFunction(graph, onnx, connection);
  }

  /** Values of the results. Throws when an input is missing or has another shape. */
  async run(inputs: Readonly<Record<string, FunctionInput>>): Promise<Record<string, HostTensor>> {
    const feeds: Record<string, WireTensor> = {};
    for (const { name, value } of this.graph.inputs) {
      const input = inputs[name];
      if (input === undefined) throw new Error(`input "${name}" is missing`);
      feeds[stepNames.input(name)] = wire(input, this.graph.types[value]!.dtype);
    }
    for (const random of this.onnx.randomInputs) {
      const { name, seedInput, type } = random;
      const values = new Float32Array((type.shape as number[]).reduce((a, b) => a * b, 1));
      fillRandom(values, random, inputs[seedInput]!.values[0]!);
      feeds[name] = { dtype: 'float32', shape: type.shape as number[], values };
    }
    const results = await this.connection.call('run', feeds);
    return Object.fromEntries(
      this.graph.outputs.map(({ name }) => {
        const { shape, values } = results[stepNames.output(name)]!;
        return [name, { shape, values: values instanceof Float32Array ? values : Float32Array.from(values) }];
      }),
    );
  }

  /**
   * A function of one operand [batch, width] to one result [batch, width of the result], for as many rows as there are:
   * they travel to the thread at once and run there a part at a time.
   * @param values [rows, width]
   * @param rowsAtOnce rows of one run; few enough stay in the processor's caches
   * @returns [rows, width of the result]
   * @throws Error for functions of another kind
   */
  async mapRows(values: Float32Array, rowsAtOnce: number): Promise<Float32Array<ArrayBuffer>> {
    const { inputs, outputs, types } = this.graph;
    const widthOf = (value: number) => types[value]!.shape[1];
    const [width, resultWidth] = [inputs[0].value, outputs[0].value].map(widthOf);
    const isOfRows = inputs.length === 1 && outputs.length === 1 && this.onnx.randomInputs.length === 0;
    if (!isOfRows || typeof width !== 'number' || typeof resultWidth !== 'number') {
      throw new Error('mapRows: expected a function of one [batch, width] to one [batch, width]');
    }
    const own = new Float32Array(values);
    const request = {
      feed: stepNames.input(inputs[0].name),
      fetch: stepNames.output(outputs[0].name),
      values: own,
      width,
      resultWidth,
      rowsAtOnce,
    };
    return this.connection.call('mapRows', request, [own.buffer]);
  }

  /** Frees the session and ends the thread. */
  async close(): Promise<void> {
    await this.connection.call('release', null).finally(() => this.connection.close());
  }
}

function wire(input: FunctionInput, dtype: DType): WireTensor {
  if (dtype === 'int32') return { dtype, shape: input.shape, values: Int32Array.from(input.values) };
  const values = input.values instanceof Float32Array ? input.values : Float32Array.from(input.values);
  return { dtype: 'float32', shape: input.shape, values };
}

/**
 * Runs functions on ONNX Runtime, each compiled once for the shapes it is first called with. Close it at the end.
 */
export class OnnxRunner {
  readonly name = 'onnxruntime';
  private readonly compiled = new Map<TensorFunction, Promise<CompiledFunction>>();

  async run(
    fn: TensorFunction,
    inputs: Readonly<Record<string, FunctionInput>>,
  ): Promise<Record<string, HostTensor>> {
    let compiled = this.compiled.get(fn);
    if (compiled === undefined) {
      const signature: Signature = Object.fromEntries(
        Object.entries(inputs).map(([name, { shape, dtype = 'float32' }]) => [name, { shape, dtype }]),
      );
      compiled = CompiledFunction.create(fn, signature, 1);
      this.compiled.set(fn, compiled);
    }
    return (await compiled).run(inputs);
  }

  async close(): Promise<void> {
    const started = await Promise.allSettled(this.compiled.values());
    this.compiled.clear();
    await Promise.all(started.map((end) => (end.status === 'fulfilled' ? end.value.close() : undefined)));
  }
}
