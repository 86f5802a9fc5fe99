import type { JsonValue } from '../checkpoints/json-numbers.ts';
import type { Callback, EpochDecision, Logs } from './callback.ts';
import { improves, monitored, monitorMode, worst } from './monitor.ts';
import type { MonitorMode } from './monitor.ts';

/** Marks the epoch with the best result; the loop adds it when no other callback judges. */
export class TrackBest implements Callback {
  readonly name = 'track-best';
  readonly judges: { readonly monitor: string; readonly restoreBest: boolean };
  private readonly mode: 'min' | 'max';
  private best: number;

  constructor(
    monitor: string,
    { mode, restoreBest = false }: { mode?: MonitorMode; restoreBest?: boolean } = {},
  ) {
    this.judges = { monitor, restoreBest };
    this.mode = monitorMode(monitor, mode);
    this.best = worst(this.mode);
  }

  onEpochEnd(logs: Logs): EpochDecision {
    const value = monitored(logs, this.judges.monitor, this.name);
    if (!improves(value, this.best, this.mode, 0)) return {};
    this.best = value;
    return { best: true };
  }

  save(): JsonValue {
    return { best: this.best };
  }

  restore(memory: JsonValue): void {
    Object.assign(this, memory);
  }
}
