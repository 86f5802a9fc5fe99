/** Worker thread of one replica; ONNX Runtime blocks the thread that runs it. */
import { serve } from '@hep/workers';
import type { ModelPlan } from './plan.ts';
import { Replica } from './replica.ts';
import type { EvaluationSums, ReplicaSettings } from './replica.ts';
import type { HostState, TrainRequest, TrainResult } from './trainer.ts';

/** Operations of a replica's thread. */
export interface ReplicaService {
  configure(settings: ReplicaSettings): void;
  prepare(request: { key: string; plans: readonly ModelPlan[] }): void;
  train(request: TrainRequest): TrainResult;
  evaluate(request: { dataset: string; batchSize: number }): EvaluationSums;
  readState(nothing: null): HostState;
  writeState(state: HostState): void;
  release(nothing: null): void;
}

let replica: Replica | null = null;

function configured(): Replica {
  if (replica === null) throw new Error('configure the replica first');
  return replica;
}

/** A replica that fails must wake the others, which wait for its gradients. */
async function guarded<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    configured().abort();
    throw error;
  }
}

serve<ReplicaService>({
  configure: (settings) => {
    replica = new Replica(settings);
  },
  prepare: ({ key, plans }) => configured().prepare(key, plans),
  train: (request) => guarded(() => configured().train(request)),
  evaluate: ({ dataset, batchSize }) => configured().evaluate(dataset, batchSize),
  readState: () => configured().readState(),
  writeState: (state) => configured().writeState(state),
  release: () => configured().release(),
});
