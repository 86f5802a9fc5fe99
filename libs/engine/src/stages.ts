/** The models of a step, one after the other, and the work of the host between them. */
import { hostFunction } from '@hep/graph/host';
import type { HostFunction } from '@hep/graph/host';
import type * as ort from 'onnxruntime-node';
import { allocate, operand } from './session.ts';
import type { PreparedModel } from './session.ts';

/** A model and what the host does with its results before the next one runs. */
export interface Stage {
  readonly model: PreparedModel;
  readonly hostSteps: readonly HostStep[];
}

interface HostStep {
  readonly compute: HostFunction;
  readonly operands: readonly Float32Array[];
  readonly results: readonly Float32Array[];
}

/** Whether a model reads all of an entry of the state. */
export const readsState = ({ plan }: PreparedModel, name: string) =>
  plan.feeds.some(({ source }) => source.kind === 'state' && source.state === name);

/** Name of the result that replicas average. */
export function exchangeName(model: PreparedModel): string {
  return model.plan.fetches.find((fetch) => fetch.sink.kind === 'exchange')!.name;
}

/** Runs the model, then what the host computes. */
export async function runStage({ model, hostSteps }: Stage): Promise<void> {
  await model.run();
  for (const { compute, operands, results } of hostSteps) compute(operands, results);
}

/** Connects carried results of models and of the host with the operands of later ones: the same memory. */
export function linkedStages(models: readonly PreparedModel[]): Stage[] {
  const carried = new Map<string, ort.Tensor>();
  return models.map((model) => {
    for (const { name, source } of model.plan.feeds) {
      if (source.kind === 'carried') model.feeds[name] = carried.get(source.key)!;
    }
    for (const { name, sink } of model.plan.fetches) {
      if (sink.kind === 'carried') carried.set(sink.key, model.fetches[name]!);
    }
    const numbers = (key: string) => carried.get(key)!.data as Float32Array;
    const hostSteps = model.plan.hostCalls.map(({ op, attributes, operands, results }): HostStep => {
      for (const { key, dtype, shape } of results)
        carried.set(key, operand(dtype, shape, allocate(dtype, shape)));
      return {
        compute: hostFunction(op, attributes),
        operands: operands.map(numbers),
        results: results.map(({ key }) => numbers(key)),
      };
    });
    return { model, hostSteps };
  });
}
