import { UserError } from '@hep/options';
import type { Logs } from './callback.ts';

/** Whether small or large values are good. `auto` takes `max` for names that end in acc, accuracy or auc. */
export type MonitorMode = 'min' | 'max' | 'auto';

/** Resolves `auto` as Keras 2.15 does. */
export function monitorMode(monitor: string, mode: MonitorMode = 'auto'): 'min' | 'max' {
  if (mode !== 'auto') return mode;
  return /(acc|accuracy|auc)$/.test(monitor) ? 'max' : 'min';
}

/** Whether `value` beats `reference` by more than `minDelta`; NaN never does. */
export function improves(value: number, reference: number, mode: 'min' | 'max', minDelta: number): boolean {
  return mode === 'min' ? value + minDelta < reference : value - minDelta > reference;
}

/** The worst value of a mode. */
export function worst(mode: 'min' | 'max'): number {
  return mode === 'min' ? Infinity : -Infinity;
}

/**
 * The monitored value of an epoch.
 * @throws UserError with the names that there are
 */
export function monitored(logs: Logs, monitor: string, callback: string): number {
  if (monitor in logs) return logs[monitor];
  throw new UserError(
    `${callback}: no result is called "${monitor}"; monitor one of ${Object.keys(logs).join(', ')}`,
  );
}
