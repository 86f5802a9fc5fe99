import type { Upkeep } from './program.ts';
import { sumOfTallies } from './tallies.ts';
import type { Trainer, TrainRequest, TrainResult } from './trainer.ts';

/**
 * A trainer that stops after every `every`-th optimiser step to refresh its state. The result is that of one stretch, and
 * numbers do not depend on how an epoch is cut into stretches.
 */
export function withUpkeep(trainer: Trainer, { every, refresh }: Upkeep): Trainer {
  return {
    description: trainer.description,
    evaluate: (dataset, batchSize) => trainer.evaluate(dataset, batchSize),
    readState: () => trainer.readState(),
    writeState: (state) => trainer.writeState(state),
    close: () => trainer.close(),
    train: async (request) => {
      const parts: TrainResult[] = [];
      for (const part of partsOf(request, every)) {
        const result = await trainer.train(part);
        parts.push(result);
        if (result.badBatch >= 0) break;
        const finished = part.step - 1 + part.endBatch - part.firstBatch;
        if (finished % every !== 0) continue;
        const state = await trainer.readState();
        await trainer.writeState({ ...state, ...refresh(state) });
      }
      return joined(parts);
    },
  };
}

/** The stretch in pieces that end where a multiple of `every` steps is reached. */
function partsOf(request: TrainRequest, every: number): TrainRequest[] {
  const { firstBatch, endBatch, step, learningRates } = request;
  const parts: TrainRequest[] = [];
  for (let batch = firstBatch; batch < endBatch;) {
    const first = step + batch - firstBatch;
    const end = Math.min(endBatch, batch + every - ((first - 1) % every));
    const rates = learningRates.slice(batch - firstBatch, end - firstBatch);
    parts.push({ ...request, firstBatch: batch, endBatch: end, step: first, learningRates: rates });
    batch = end;
  }
  return parts;
}

function joined(parts: readonly TrainResult[]): TrainResult {
  if (parts.length === 1) return parts[0];
  const names = Object.keys(parts[0].outputs);
  const valuesOf = (name: string) => Float64Array.from(parts.flatMap(({ outputs }) => [...outputs[name]]));
  return {
    outputs: Object.fromEntries(names.map((name) => [name, valuesOf(name)])),
    tallies: sumOfTallies(parts.map((part) => part.tallies)),
    rows: Int32Array.from(parts.flatMap(({ rows }) => [...rows])),
    badBatch: parts.at(-1)!.badBatch,
  };
}
