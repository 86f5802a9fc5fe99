import { UserError } from '@hep/options';
import type { JsonValue } from '../checkpoints/json-numbers.ts';
import type { Callback, EpochContext, EpochDecision, Logs } from './callback.ts';
import { improves, monitored, monitorMode, worst } from './monitor.ts';
import type { MonitorMode } from './monitor.ts';

/** Options of `ReduceOnPlateau`; defaults as in Keras 2.15's ReduceLROnPlateau. */
export interface ReduceOnPlateauOptions {
  /** `val_loss` unless given. */
  readonly monitor?: string;
  readonly mode?: MonitorMode;
  /** The learning rate is multiplied by it; 0.1 unless given. */
  readonly factor?: number;
  /** Epochs without improvement before a reduction; 10 unless given. */
  readonly patience?: number;
  /** An improvement must exceed it; 1e-4 unless given. */
  readonly minDelta?: number;
  /** Epochs after a reduction that are not counted. */
  readonly cooldown?: number;
  /** The rate does not fall below. */
  readonly minLearningRate?: number;
}

/** Reduces the learning rate when a monitored result no longer improves; Keras 2.15's ReduceLROnPlateau. */
export class ReduceOnPlateau implements Callback {
  readonly name = 'reduce-on-plateau';
  private readonly options: Required<Omit<ReduceOnPlateauOptions, 'mode'>>;
  private readonly mode: 'min' | 'max';
  private best: number;
  private wait = 0;
  private cooling = 0;

  /** @throws UserError when the factor would not reduce */
  constructor({ mode, ...options }: ReduceOnPlateauOptions = {}) {
    const defaults = { monitor: 'val_loss', factor: 0.1, patience: 10, minDelta: 1e-4, cooldown: 0 };
    this.options = { ...defaults, minLearningRate: 0, ...options };
    this.mode = monitorMode(this.options.monitor, mode);
    this.best = worst(this.mode);
    const { factor } = this.options;
    if (!(factor > 0 && factor < 1)) {
      throw new UserError(`${this.name}: factor ${factor}, expected a number between 0 and 1`);
    }
  }

  onEpochEnd(logs: Logs, { learningRate }: EpochContext): EpochDecision {
    const { monitor, factor, patience, minDelta, cooldown, minLearningRate } = this.options;
    const value = monitored(logs, monitor, this.name);
    if (this.cooling > 0) {
      this.cooling--;
      this.wait = 0;
    }
    if (improves(value, this.best, this.mode, minDelta)) {
      this.best = value;
      this.wait = 0;
      return {};
    }
    if (this.cooling > 0 || ++this.wait < patience || learningRate <= Math.fround(minLearningRate)) return {};
    const reduced = Math.max(learningRate * factor, minLearningRate);
    this.cooling = cooldown;
    this.wait = 0;
    return {
      learningRate: reduced,
      notice: `learning rate reduced to ${Math.fround(reduced).toPrecision(4)}`,
    };
  }

  save(): JsonValue {
    return { best: this.best, wait: this.wait, cooling: this.cooling };
  }

  restore(memory: JsonValue): void {
    Object.assign(this, memory);
  }
}
