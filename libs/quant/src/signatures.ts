/** The arguments of QKeras' quantisers: the one table behind defaults, texts and JSON. */
import type { PlainData } from '@hep/nn';
import type { QuantiserKind } from './config.ts';

/** A value of an argument. */
export type ArgumentValue = number | boolean | string | null;

/** One argument of a quantiser of QKeras 0.9.0. */
export interface Argument {
  /** Name in Python. */
  readonly keyword: string;
  /** Name in a configuration; undefined when only the default is supported. */
  readonly key?: string;
  readonly fallback: ArgumentValue;
  readonly type: 'count' | 'number' | 'optional number' | 'flag' | 'alpha' | 'rounding' | 'unsupported';
  /** Whether `get_config` of QKeras has it. */
  readonly inConfig: boolean;
}

const camelCase = (keyword: string) => keyword.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function argument(
  keyword: string,
  type: Argument['type'],
  fallback: ArgumentValue,
  inConfig = true,
): Argument {
  return { keyword, key: type === 'unsupported' ? undefined : camelCase(keyword), fallback, type, inConfig };
}

const bits = argument('bits', 'count', 8);
const integer = argument('integer', 'count', 0);
const alpha = argument('alpha', 'alpha', null);
const symmetric = argument('symmetric', 'flag', false);
const stochastic = argument('use_stochastic_rounding', 'unsupported', false);
const noise = argument('qnoise_factor', 'number', 1);
const negativeSlope = argument('negative_slope', 'number', 0);
const maxValue = argument('max_value', 'optional number', null);
const quadratic = argument('quadratic_approximation', 'flag', false);
const rounding = argument('log2_rounding', 'rounding', 'rnd');
const variables = [
  argument('var_name', 'unsupported', null, false),
  argument('use_ste', 'unsupported', true, false),
  argument('use_variables', 'unsupported', false, false),
];

/** Arguments of each quantiser in QKeras' order. */
export const signatures: Readonly<Record<QuantiserKind, readonly Argument[]>> = {
  quantized_bits: [
    bits,
    integer,
    symmetric,
    argument('keep_negative', 'flag', true),
    alpha,
    stochastic,
    argument('scale_axis', 'unsupported', null, false),
    noise,
    ...variables,
  ],
  quantized_relu: [
    bits,
    integer,
    argument('use_sigmoid', 'flag', false),
    negativeSlope,
    stochastic,
    argument('relu_upper_bound', 'optional number', null),
    argument('is_quantized_clip', 'flag', true, false),
    noise,
    ...variables,
  ],
  quantized_tanh: [bits, stochastic, symmetric, argument('use_real_tanh', 'flag', false)],
  quantized_sigmoid: [bits, symmetric, argument('use_real_sigmoid', 'flag', false), stochastic],
  binary: [argument('use_01', 'flag', false), alpha, stochastic],
  ternary: [
    alpha,
    argument('threshold', 'optional number', null),
    stochastic,
    argument('number_of_unrolls', 'count', 5),
  ],
  quantized_po2: [bits, maxValue, stochastic, quadratic, rounding, noise, ...variables],
  quantized_relu_po2: [bits, maxValue, negativeSlope, stochastic, quadratic, rounding, noise, ...variables],
};

/** Whether a text names a quantiser. */
export function isQuantiserKind(name: string): name is QuantiserKind {
  return Object.hasOwn(signatures, name);
}

/** The value of an argument as a configuration holds it; undefined when it is no value for this argument. */
export function argumentValue({ type, fallback }: Argument, given: PlainData): ArgumentValue | undefined {
  switch (type) {
    case 'count':
      return typeof given === 'number' && Number.isInteger(given) ? given : undefined;
    case 'number':
      return finite(given);
    case 'optional number':
      return given === null ? null : finite(given);
    case 'flag':
      return flag(given);
    case 'alpha':
      return given === null || given === 'auto' || given === 'auto_po2' ? given : finite(given);
    case 'rounding':
      return given === 'rnd' || given === 'floor' ? given : undefined;
    case 'unsupported':
      return given === fallback || (typeof fallback === 'boolean' && flag(given) === fallback)
        ? fallback
        : undefined;
  }
}

function finite(given: PlainData): number | undefined {
  return typeof given === 'number' && Number.isFinite(given) ? given : undefined;
}

function flag(given: PlainData): boolean | undefined {
  if (typeof given === 'boolean') return given;
  return given === 0 || given === 1 ? given === 1 : undefined;
}

/** What an argument expects, for messages. */
export function argumentExpectation({ type, fallback }: Argument): string {
  switch (type) {
    case 'count':
      return 'an integer';
    case 'number':
      return 'a number';
    case 'optional number':
      return 'a number or None';
    case 'flag':
      return 'True or False';
    case 'alpha':
      return "a number, 'auto' or 'auto_po2'";
    case 'rounding':
      return "'rnd' or 'floor'";
    case 'unsupported':
      return `nothing but ${pythonLiteral(fallback)}, the only supported value`;
  }
}

/** A value as Python writes it. */
export function pythonLiteral(value: PlainData): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string'
    ? `'${value}'`
    : typeof value === 'number'
      ? `${value}`
      : JSON.stringify(value);
}
