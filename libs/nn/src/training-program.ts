import type { Signature } from '@hep/graph';
import type { Optimiser } from './optimisers/optimiser.ts';
import type { HostTensor, ParameterSpec, Shape, Weights } from './parameters.ts';
import { evaluateStep, trainStep } from './train-step.ts';
import type { TrainStep, TrainStepOptions } from './train-step.ts';

/** What a training is made of, beside the data. */
export interface TrainingProgramOptions extends TrainStepOptions {
  readonly weights: Weights;
  /** Shape of a sample's target; needed unless `target` names an input of the model. */
  readonly targetShape?: Shape;
  /** Whether there is a column `sampleWeight`; default false. */
  readonly sampleWeights?: boolean;
}

/** A model in training, as the engines take it. */
export interface TrainingProgram {
  readonly name: string;
  readonly step: TrainStep;
  readonly evaluate: ReturnType<typeof evaluateStep>;
  /** Types of the columns: the model's inputs, the target, the sample weights. */
  readonly inputs: Signature;
  /** Scalar inputs of the step beside those of every step: the weights of costs. */
  readonly scalars: readonly string[];
  readonly initialState: Readonly<Record<string, HostTensor>>;
  /** What the optimiser wants done between steps. */
  readonly upkeep?: {
    readonly every: number;
    refresh(state: Readonly<Record<string, HostTensor>>): Readonly<Record<string, HostTensor>>;
  };
}

/**
 * Training step, evaluation, columns and start of a model in training.
 * @throws Error when there is neither a target shape nor an input that is the target
 */
export function trainingProgram(options: TrainingProgramOptions): TrainingProgram {
  const { model, weights, target = 'target', targetShape, sampleWeights = false } = options;
  const step = trainStep(options);
  const column = (shape: Shape) => ({ shape: [{ batch: 1 }, ...shape], dtype: 'float32' as const });
  const columns = Object.entries(model.inputs).map(([name, shape]) => [name, column(shape)] as const);
  const ownTarget = model.inputs[target] === undefined;
  if (ownTarget && targetShape === undefined) {
    throw new Error(`training ${model.name}: ${target} is no input of the model, so its shape must be given`);
  }
  return {
    name: model.name,
    step,
    evaluate: evaluateStep(options),
    inputs: {
      ...Object.fromEntries(columns),
      ...(ownTarget && targetShape !== undefined ? { [target]: column(targetShape) } : {}),
      ...(sampleWeights ? { sampleWeight: column([]) } : {}),
    },
    scalars: [...new Set(Object.values(options.costs ?? {}))],
    initialState: step.initialState(weights),
    ...upkeepOf(options.optimiser, step.trainable),
  };
}

/** The upkeep of the slots as one of the state, where they are named `slot/...`. */
function upkeepOf(
  { slots, upkeep }: Optimiser,
  specs: readonly ParameterSpec[],
): Pick<TrainingProgram, 'upkeep'> {
  if (upkeep === undefined) return {};
  return {
    upkeep: {
      every: upkeep.every,
      refresh: (state) => {
        const own = Object.fromEntries(slots.map(({ name }) => [name, state[`slot/${name}`]]));
        const changed = Object.entries(upkeep.refresh(specs, own));
        return Object.fromEntries(changed.map(([name, values]) => [`slot/${name}`, values]));
      },
    },
  };
}
