import type { JsonValue } from '../checkpoints/json-numbers.ts';
import type { Callback, EpochContext, EpochDecision, Logs } from './callback.ts';
import { improves, monitored, monitorMode, worst } from './monitor.ts';
import type { MonitorMode } from './monitor.ts';

/** Options of `EarlyStopping`; names and defaults as in Keras 2.15. */
export interface EarlyStoppingOptions {
  /** `val_loss` unless given. */
  readonly monitor?: string;
  readonly mode?: MonitorMode;
  /** Epochs without improvement after which training stops; 0 stops at the first one. */
  readonly patience?: number;
  /** An improvement must exceed it. */
  readonly minDelta?: number;
  /** Take the state of the best epoch when the training ends. */
  readonly restoreBest?: boolean;
  /** First epochs that are not looked at. */
  readonly startFromEpoch?: number;
}

/**
 * Stops when a monitored result no longer improves, as Keras 2.15 decides. One deliberate difference: the best state
 * is restored also when the epochs run out, as in Keras 3.
 */
export class EarlyStopping implements Callback {
  readonly name = 'early-stopping';
  readonly judges: { readonly monitor: string; readonly restoreBest: boolean };
  private readonly mode: 'min' | 'max';
  private readonly patience: number;
  private readonly minDelta: number;
  private readonly startFromEpoch: number;
  private best: number;
  private wait = 0;
  private judged = false;

  constructor(options: EarlyStoppingOptions = {}) {
    const { monitor = 'val_loss', mode, restoreBest = false } = options;
    this.judges = { monitor, restoreBest };
    this.mode = monitorMode(monitor, mode);
    this.patience = options.patience ?? 0;
    this.minDelta = Math.abs(options.minDelta ?? 0);
    this.startFromEpoch = options.startFromEpoch ?? 0;
    this.best = worst(this.mode);
  }

  onEpochEnd(logs: Logs, { epoch }: EpochContext): EpochDecision {
    if (epoch <= this.startFromEpoch) return {};
    const value = monitored(logs, this.judges.monitor, this.name);
    const first = !this.judged;
    this.judged = true;
    this.wait++;
    if (improves(value, this.best, this.mode, this.minDelta)) {
      this.best = value;
      this.wait = 0;
      return { best: true };
    }
    const stop = this.wait >= this.patience && epoch > 1;
    return { best: first, stop, ...(stop && { notice: this.reason(epoch) }) };
  }

  save(): JsonValue {
    return { best: this.best, wait: this.wait, judged: this.judged };
  }

  restore(memory: JsonValue): void {
    Object.assign(this, memory);
  }

  private reason(epoch: number): string {
    const { monitor } = this.judges;
    return `stopped after epoch ${epoch}: ${monitor} has not improved on ${this.best} for ${this.wait} epochs`;
  }
}
