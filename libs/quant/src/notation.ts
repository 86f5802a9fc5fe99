/** Quantisers as texts, in the notation of QKeras: `quantized_bits(5,1,0,alpha=1)`. */
import type { PlainData } from '@hep/nn';
import { UserError, suggestion } from '@hep/options';
import type { QuantiserConfig, QuantiserKind, QuantiserSettings } from './config.ts';
import { quantiser } from './quantiser.ts';
import type { Quantiser } from './quantiser.ts';
import {
  argumentExpectation,
  argumentValue,
  isQuantiserKind,
  pythonLiteral,
  signatures,
} from './signatures.ts';
import type { Argument, ArgumentValue } from './signatures.ts';

const EXAMPLE = 'quantized_bits(5,1,alpha=1)';

/**
 * Reads a quantiser: a name with positional, then named arguments, or a name alone. `quantised_` is read as `quantized_`.
 * @throws UserError when the text does not parse or names a quantiser that cannot exist
 */
export function parseQuantiser(text: string): Quantiser {
  const call = /^\s*(\w+)\s*(?:\(([^()]*)\))?\s*$/.exec(text);
  if (call === null) throw new UserError(`quantiser "${text}": expected a text such as ${EXAMPLE}`);
  const kind = kindOf(call[1], text);
  const settings: Record<string, ArgumentValue> = { kind };
  for (const [argument, literal] of argumentsIn(kind, call[2] ?? '', text)) {
    const value = readLiteral(literal);
    const checked = value === undefined ? undefined : argumentValue(argument, value);
    if (checked === undefined) {
      throw new UserError(
        `quantiser "${text}": ${argument.keyword} is ${literal}, expected ${argumentExpectation(argument)}`,
      );
    }
    if (argument.key !== undefined) settings[argument.key] = checked;
  }
  try {
    return quantiser(settings as unknown as QuantiserSettings);
  } catch (error) {
    throw error instanceof UserError ? new UserError(`quantiser "${text}": ${error.message}`) : error;
  }
}

function kindOf(name: string, text: string): QuantiserKind {
  const kind = name.replace(/^quantised_/, 'quantized_');
  if (isQuantiserKind(kind)) return kind;
  const known = Object.keys(signatures);
  throw new UserError(
    `quantiser "${text}": unknown quantiser ${name}, expected one of ${known.join(', ')}${suggestion(kind, known)}`,
  );
}

function argumentsIn(kind: QuantiserKind, list: string, text: string): [Argument, string][] {
  const signature = signatures[kind];
  const pieces = list.trim() === '' ? [] : list.split(',').map((piece) => piece.trim());
  const seen = new Set<Argument>();
  let isNamed = false;
  return pieces.map((piece, position): [Argument, string] => {
    const named = /^(\w+)\s*=\s*(.*)$/.exec(piece);
    if (named === null && isNamed) {
      throw new UserError(
        `quantiser "${text}": ${piece || 'nothing'} follows a named argument, give it a name too`,
      );
    }
    isNamed = named !== null;
    const argument =
      named === null ? signature[position] : signature.find(({ keyword }) => keyword === named[1]);
    if (argument === undefined)
      throw new UserError(`quantiser "${text}": ${surplus(kind, position, named?.[1])}`);
    if (seen.has(argument)) throw new UserError(`quantiser "${text}": ${argument.keyword} is given twice`);
    seen.add(argument);
    return [argument, named === null ? piece : named[2]];
  });
}

function surplus(kind: QuantiserKind, position: number, name: string | undefined): string {
  const known = signatures[kind].map(({ keyword }) => keyword);
  if (name === undefined) return `argument ${position + 1}, expected at most ${known.length}`;
  return `unknown argument ${name}, expected one of ${known.join(', ')}${suggestion(name, known)}`;
}

function readLiteral(literal: string): ArgumentValue | undefined {
  if (literal === 'None') return null;
  if (literal === 'True' || literal === 'False') return literal === 'True';
  const quoted = /^(['"])(.*)\1$/.exec(literal);
  if (quoted !== null) return quoted[2];
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(literal) ? Number(literal) : undefined;
}

/** Arguments that QKeras always prints. */
const alwaysPrinted: ReadonlySet<string> = new Set(['bits', 'integer']);

/**
 * The text of a quantiser, which `parseQuantiser` and QKeras 0.9.0 read back as the same one: as QKeras prints it,
 * except that every argument beyond the first, unbroken ones has its name.
 */
export function printQuantiser(config: QuantiserConfig): string {
  const values = config as unknown as Readonly<Record<string, PlainData>>;
  let isPositional = true;
  const printed = signatures[config.kind].flatMap((argument, i) => {
    const value = argument.key === undefined ? argument.fallback : values[argument.key];
    const isPlain = isPositional && i < 3 && argument.type !== 'unsupported' && argument.type !== 'alpha';
    const isAlways = alwaysPrinted.has(argument.keyword) || (config.kind === 'quantized_bits' && i === 2);
    if (!isAlways && value === argument.fallback) {
      isPositional = false;
      return [];
    }
    if (!isPlain || config.kind === 'binary' || config.kind === 'ternary') {
      const isNumber = value === true || (value === false && argument.keyword !== 'keep_negative');
      return [`${argument.keyword}=${isNumber ? Number(value) : pythonLiteral(value)}`];
    }
    return [typeof value === 'boolean' ? `${Number(value)}` : pythonLiteral(value)];
  });
  return `${config.kind}(${printed.join(',')})`;
}
