import { UserError } from '@hep/options';
import type { JetLayout } from './layouts.ts';

/** Largest layer that is believed; the largest of the studies has 1000 units. */
const MOST_UNITS = 2 ** 16;
const AFTER: readonly unknown[] = ['tanh', 'relu', 'leaky-relu', 'batch-normalisation', 'dropout'];

/**
 * Reads back what `JSON.stringify` wrote of a layout.
 * @param where for messages, such as a path
 * @throws UserError when it is none
 */
export function parseLayout(value: unknown, where: string): JetLayout {
  const { encoder, latent, decoder, hidden, stored, restored, outputBias, output } = (value ??
    {}) as Partial<JetLayout>;
  const isSize = (units: unknown) =>
    Number.isInteger(units) && Number(units) >= 1 && Number(units) <= MOST_UNITS;
  const areSizes = (list: unknown) => Array.isArray(list) && list.length <= 64 && list.every(isSize);
  const areKinds = (list: unknown) =>
    Array.isArray(list) && list.every((kind) => AFTER.includes(kind)) && new Set(list).size === list.length;
  const isLayout =
    [encoder, decoder].every(areSizes) &&
    isSize(latent) &&
    [hidden, stored, restored].every(areKinds) &&
    typeof outputBias === 'boolean' &&
    (output === undefined || output === 'sigmoid');
  if (isLayout) return value as JetLayout;
  throw new UserError(`${where}: expected encoder, latent, decoder, hidden, stored, restored and outputBias`);
}
