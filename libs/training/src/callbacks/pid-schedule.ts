import { UserError } from '@hep/options';
import type { JsonValue } from '../checkpoints/json-numbers.ts';
import type { Callback, EpochContext, EpochDecision, Logs } from './callback.ts';
import { monitored } from './monitor.ts';

/** Options of `PidSchedule`; gains, warm-up and damping are HGQ's BetaPID unless given. */
export interface PidScheduleOptions {
  /** Scalar input of the step that is controlled. */
  readonly scalar: string;
  /** Result that is to reach the target; more of the scalar makes it smaller. */
  readonly monitor: string;
  readonly target: number;
  /** Value of the scalar until the warm-up ends, and right after it. */
  readonly initial: number;
  /** Gains on the deviation, its sum and its change, in decades of the scalar per decade; 1, 2e-3 and 0. */
  readonly proportional?: number;
  readonly integral?: number;
  readonly derivative?: number;
  /** Epochs before control begins; 10. */
  readonly warmup?: number;
  /** Part by which the scalar is reduced while the result is below its target; 0. */
  readonly damping?: number;
  /** The scalar stays within; 0 and infinity. */
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Decades below the target that count: a result of 0 has no logarithm. */
const LOWEST_DEVIATION = -6;

interface Memory {
  sum: number;
  last: number | null;
}

/**
 * Steers a scalar input of the step so that a result reaches a target:
 * `scalar = 10^(p e + i sum(e) + d (e - last e))` with `e = log10(result / target)`, once per epoch.
 */
export class PidSchedule implements Callback {
  readonly name: string;
  private readonly options: Required<PidScheduleOptions>;
  private memory: Memory = { sum: 0, last: null };

  /** @throws UserError when target, start or gains cannot work */
  constructor(options: PidScheduleOptions) {
    const defaults = { proportional: 1, integral: 2e-3, derivative: 0, warmup: 10, damping: 0, minimum: 0 };
    this.options = { ...defaults, maximum: Infinity, ...options };
    this.name = `${options.scalar}-control`;
    const { target, initial, integral, damping } = this.options;
    requirePositive(this.name, { target, initial, integral });
    if (!(damping >= 0 && damping < 1)) {
      throw new UserError(`${this.name}: damping ${damping}, expected a number from 0 to below 1`);
    }
  }

  onEpochEnd(logs: Logs, { epoch, scalars }: EpochContext): EpochDecision {
    const { scalar, monitor, target, warmup, damping, minimum, maximum } = this.options;
    const report = { logs: { [scalar]: scalars[scalar] } };
    const value = monitored(logs, monitor, this.name);
    if (epoch < warmup) return report;
    const deviation = Math.max(Math.log10(value / target), LOWEST_DEVIATION);
    const controlled = 10 ** this.control(deviation) * (deviation < 0 ? 1 - damping : 1);
    return { ...report, scalars: { [scalar]: Math.min(Math.max(controlled, minimum), maximum) } };
  }

  /** Decades of the scalar for a deviation in decades. */
  private control(deviation: number): number {
    const { initial, proportional, integral, derivative } = this.options;
    const { last } = this.memory;
    if (last === null) {
      this.memory.sum = (Math.log10(initial) - proportional * deviation) / integral - deviation;
    }
    this.memory.sum += deviation;
    this.memory.last = deviation;
    const change = last === null ? 0 : deviation - last;
    return proportional * deviation + integral * this.memory.sum + derivative * change;
  }

  save(): JsonValue {
    return { ...this.memory };
  }

  restore(memory: JsonValue): void {
    this.memory = { ...(memory as unknown as Memory) };
  }
}

function requirePositive(name: string, values: Readonly<Record<string, number>>): void {
  for (const [what, value] of Object.entries(values)) {
    if (!(value > 0 && value < Infinity)) {
      throw new UserError(`${name}: ${what} ${value}, expected a positive number`);
    }
  }
}
