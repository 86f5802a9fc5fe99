import parser from 'yargs-parser';
import type { JsonSchema, ResolvedDeclaration } from './option.ts';
import { suggestion } from './nearest.ts';
import { UserError } from './user-error.ts';

/** What the command line said, before any check. */
export interface ParsedFlags {
  /** Path after `--config` or `-c`. */
  readonly config?: string;
  /** Value by key of the declaration: boolean, number, text or list, as far as the text can be read as such. */
  readonly values: ReadonlyMap<string, unknown>;
  /** Arguments without a flag, in order. */
  readonly positionals: readonly string[];
}

/**
 * Reads `--flag value`, `--flag=value`, `-f value`, `--flag`, `--no-flag` and positional arguments; repeated and
 * comma-separated values join into lists, `--my_flag` is `--my-flag`. Throws UserError on an unknown flag and on a flag
 * without its value.
 */
export function parseFlags(
  typed: readonly string[],
  declarations: readonly ResolvedDeclaration[],
): ParsedFlags {
  const argv = withDashes(typed);
  const isBoolean = (declaration: ResolvedDeclaration) => declaration.json.type === 'boolean';
  const valued = [
    ...declarations.filter((declaration) => !isBoolean(declaration)).map(({ flag }) => flag),
    'config',
  ];
  rejectOddBooleans(argv, declarations.filter(isBoolean));
  const { argv: parsed, error } = parser.detailed([...argv], {
    alias: {
      ...Object.fromEntries(declarations.map(({ flag, aliases }) => [flag, [...aliases]])),
      config: ['c'],
    },
    boolean: declarations.filter(isBoolean).map(({ flag }) => flag),
    string: valued,
    narg: Object.fromEntries(valued.map((flag) => [flag, 1])),
    configuration: {
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': true,
      'unknown-options-as-args': true,
    },
  });
  if (error) {
    const flag = /following: (\S+)/.exec(error.message)?.[1];
    throw new UserError(flag === undefined ? error.message : `option ${dashed(flag)}: a value is missing`);
  }
  const loose = parsed._.map(String);
  const unknown = loose.find((text) => /^-[^\d.]/.test(text));
  if (unknown !== undefined) throw unknownFlag(unknown, declarations);
  const values = new Map<string, unknown>();
  for (const { key, flag, json } of declarations) {
    if (parsed[flag] === undefined) continue;
    requireText(flag, parsed[flag], json);
    values.set(key, readText(parsed[flag], json));
  }
  const config: unknown = parsed['config'];
  if (Array.isArray(config)) throw new UserError('option --config: given twice, expected one YAML file');
  return {
    ...(typeof config === 'string' ? { config } : {}),
    values,
    positionals: [...loose, ...((parsed['--'] as string[] | undefined) ?? [])],
  };
}

/** An empty text, say of a variable of the shell that is not set, means nothing but a list of nothing instead of a default. */
function requireText(flag: string, value: unknown, { type, default: fallback }: JsonSchema): void {
  if (![value].flat().includes('')) return;
  if (type === 'array' && Array.isArray(fallback) && fallback.length > 0) return;
  throw new UserError(
    `option ${dashed(flag)}: got an empty text, expected a value; leave the option away for none`,
  );
}

/** Dashes for the underscores of flag names, values left alone. */
function withDashes(argv: readonly string[]): string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  return argv.map((argument, index) =>
    index < end ? argument.replace(/^--[^=]+/, (name) => name.replaceAll('_', '-')) : argument,
  );
}

/** yargs reads any text after `--boolean=` but `true` as false; only the two words are right. */
function rejectOddBooleans(argv: readonly string[], booleans: readonly ResolvedDeclaration[]): void {
  for (const argument of argv) {
    if (argument === '--') return;
    const [, name, value] = /^--?([^=]+)=(.*)$/s.exec(argument) ?? [];
    const matches = booleans.some(({ flag, aliases }) => name === flag || aliases.includes(name));
    if (matches && value !== 'true' && value !== 'false') {
      throw new UserError(`option ${dashed(name)}: got "${value}", expected true or false`);
    }
  }
}

function unknownFlag(argument: string, declarations: readonly ResolvedDeclaration[]): UserError {
  const typed = argument.replace(/=.*$/s, '');
  const names = [...declarations.map(({ flag }) => flag), 'config', 'print-settings', 'help'];
  const hint = suggestion(typed.replace(/^--?(no-)?/, ''), names, dashed) || '; --help lists all options';
  return new UserError(`unknown option ${typed}${hint}`);
}

/** Flag as typed: `-o`, `--odir`. */
export function dashed(flag: string): string {
  return flag.length === 1 ? `-${flag}` : `--${flag}`;
}

/** Names such as `c[8,4,2]` are one item of a list. */
const COMMA_OUTSIDE_BRACKETS = /,(?![^[]*\])/;

/**
 * Reads text as the schema's type; anything that cannot be read stays text, so that the check names it.
 * A repeated flag is a list of texts: joined for list options, the last one counts otherwise.
 */
export function readText(value: unknown, json: JsonSchema): unknown {
  if (Array.isArray(value)) {
    return json.type === 'array'
      ? value.flatMap((item) => readText(item, json))
      : readText(value.at(-1), json);
  }
  if (typeof value !== 'string') return value;
  if (json.type === 'array') {
    const items = value === '' ? [] : value.split(COMMA_OUTSIDE_BRACKETS).map((item) => item.trim());
    return items.map((item) => readText(item, json.items ?? {}));
  }
  if (json.anyOf !== undefined) {
    const readings = json.anyOf.map((branch) => readText(value, branch));
    return readings.find((reading) => typeof reading !== 'string') ?? value;
  }
  if (json.type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  if (json.type === 'number' || json.type === 'integer') {
    const number = Number(value);
    return value.trim() === '' || Number.isNaN(number) ? value : number;
  }
  return value;
}
