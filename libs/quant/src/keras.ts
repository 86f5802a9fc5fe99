/** Quantisers in the JSON of QKeras 0.9.0. */
import { kerasObject } from '@hep/nn';
import type { KerasObject, PlainData } from '@hep/nn';
import { UserError } from '@hep/options';
import type { QuantiserConfig, QuantiserSettings } from './config.ts';
import { parseQuantiser } from './notation.ts';
import { quantiser } from './quantiser.ts';
import type { Quantiser } from './quantiser.ts';
import { argumentExpectation, argumentValue, isQuantiserKind, signatures } from './signatures.ts';
import type { Argument } from './signatures.ts';

/** Flags that existing files hold as 0 or 1. */
const numericFlags: ReadonlySet<string> = new Set(['symmetric', 'keep_negative', 'use_sigmoid']);

/** What `get_config` of QKeras 0.9.0 gives, in its order; `is_quantized_clip` is not part of it. */
export function kerasQuantiser(config: QuantiserConfig): KerasObject {
  const values = config as unknown as Readonly<Record<string, PlainData>>;
  const entries = inFileOrder(config.kind).map(({ keyword, key, fallback }): [string, PlainData] => {
    const value = key === undefined ? fallback : values[key];
    return [keyword, typeof value === 'boolean' && isNumericFlag(config, keyword) ? Number(value) : value];
  });
  return {
    ...kerasObject('qkeras.quantizers', config.kind, Object.fromEntries(entries)),
    registered_name: config.kind,
  };
}

const isNumericFlag = ({ kind }: QuantiserConfig, keyword: string) =>
  (kind === 'quantized_bits' || kind === 'quantized_relu') && numericFlags.has(keyword);

/** `quantized_bits` writes alpha in front of keep_negative. */
function inFileOrder(kind: QuantiserConfig['kind']): Argument[] {
  const written = signatures[kind].filter(({ inConfig }) => inConfig);
  if (kind !== 'quantized_bits') return written;
  const alpha = written.findIndex(({ keyword }) => keyword === 'alpha');
  const [moved] = written.splice(alpha, 1);
  written.splice(alpha - 1, 0, moved);
  return written;
}

/**
 * Reads a quantiser of a layer's configuration: a text or `{class_name, config}`; entries of newer versions may be null.
 * @throws UserError for another thing, an unknown entry or an impossible quantiser
 */
export function quantiserFromKeras(given: PlainData): Quantiser {
  if (typeof given === 'string') return parseQuantiser(given);
  const { class_name: kind, config } = (given ?? {}) as Partial<KerasObject>;
  if (typeof kind !== 'string' || !isQuantiserKind(kind) || typeof config !== 'object') {
    throw new UserError(
      `quantiser ${JSON.stringify(given)}: expected a text or an object with class_name and config of QKeras`,
    );
  }
  const settings: Record<string, PlainData> = { kind };
  for (const [keyword, value] of Object.entries(config)) {
    const argument = signatures[kind].find((known) => known.keyword === keyword);
    if (argument === undefined && value === null) continue;
    const checked = argument === undefined ? undefined : argumentValue(argument, value);
    if (checked === undefined) {
      const expected = argument === undefined ? 'no entry of this name' : argumentExpectation(argument);
      throw new UserError(`${kind}: ${keyword} is ${JSON.stringify(value)}, expected ${expected}`);
    }
    if (argument?.key !== undefined) settings[argument.key] = checked;
  }
  return quantiser(settings as unknown as QuantiserSettings);
}
