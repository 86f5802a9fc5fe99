import type { z } from 'zod';
import { expectation } from './expectation.ts';
import type { ParsedFlags } from './flags.ts';
import { dashed, parseFlags, readText } from './flags.ts';
import { suggestion } from './nearest.ts';
import type { Declarations, JsonSchema, Resolved, ResolvedDeclaration } from './option.ts';
import { resolveDeclarations } from './option.ts';
import { UserError } from './user-error.ts';
import type { YamlValue } from './yaml-file.ts';
import { parseYamlOptions, readYamlOptions, yamlText } from './yaml-file.ts';

/** Where the values of {@link OptionSet.parse} may come from beside the flags. */
export interface ParseSettings<D extends Declarations> {
  /** Options that may also be given without their flag, in order; a list option may only be the last. */
  readonly positionals?: readonly (keyof D & string)[];
  /** YAML file to read when the flags name none with `--config`. */
  readonly config?: string;
}

/** The options of one command. */
export interface OptionSet<D extends Declarations> {
  readonly declarations: readonly ResolvedDeclaration[];
  /**
   * Resolves default < YAML file (`--config`) < flags.
   * Throws UserError naming the option or key, the received value and the expectation.
   */
  parse(argv: readonly string[], settings?: ParseSettings<D>): Resolved<D>;
  /** Resolves YAML text alone; `source` names it in errors. */
  fromYaml(text: string, source: string): Resolved<D>;
  /** YAML text that `--config` reads back to the same options. Undefined values are left out. */
  toYaml(resolved: Resolved<D>): string;
  /** @throws UserError that begins with `where` when the option of this flag cannot have the value */
  check(flag: string, value: unknown, where: string): void;
  /** Names of flags with their values as text, for tables. Undefined values are left out. */
  rows(resolved: Resolved<D>): (readonly [flag: string, value: string])[];
  /** JSON Schema of the YAML file (draft 2020-12). */
  jsonSchema(): JsonSchema;
}

/** Makes the option set of a command from its declarations. */
export function defineOptions<const D extends Declarations>(record: D): OptionSet<D> {
  const declarations = resolveDeclarations(record);
  const resolve = (
    flags: ReadonlyMap<string, unknown>,
    yaml: ReadonlyMap<string, YamlValue>,
    source: string,
  ) =>
    Object.fromEntries(
      declarations.map((declaration) => [declaration.key, resolveOne(declaration, flags, yaml, source)]),
    ) as Resolved<D>;
  const given = (resolved: Resolved<D>) => declarations.filter(({ key }) => resolved[key] !== undefined);
  return {
    declarations,
    parse(argv, settings = {}) {
      const flags = parseFlags(argv, declarations);
      const values = withPositionals(flags, declarations, settings.positionals ?? []);
      const config = flags.config ?? settings.config;
      const yaml =
        config === undefined ? new Map<string, YamlValue>() : readYamlOptions(config, declarations);
      return resolve(values, yaml, config ?? '');
    },
    fromYaml: (text, source) => resolve(new Map(), parseYamlOptions(text, source, declarations), source),
    toYaml: (resolved) =>
      yamlText(Object.fromEntries(given(resolved).map(({ key, flag }) => [flag, resolved[key]]))),
    rows: (resolved) => given(resolved).map(({ key, flag }) => [flag, valueText(resolved[key])]),
    check(flag, value, where) {
      const declaration = declarations.find((declared) => declared.flag === flag);
      if (declaration === undefined) throw new Error(`option ${flag} is not declared`);
      checkedValue(declaration, value, where);
    },
    jsonSchema: () => ({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        declarations.map(({ flag, json, option: { describe, unit } }) => [
          flag,
          { ...json, description: describe, ...(unit === undefined ? {} : { 'x-unit': unit }) },
        ]),
      ),
      required: declarations.filter(({ isRequired }) => isRequired).map(({ flag }) => flag),
    }),
  };
}

/** `a,b`; mappings as `name: a, mass: 40; name: b`. */
function valueText(value: unknown): string {
  if (Array.isArray(value)) {
    const isOfMappings = value.some((item) => typeof item === 'object' && item !== null);
    return value.map(valueText).join(isOfMappings ? '; ' : ',');
  }
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return entries.map(([key, item]) => `${key}: ${valueText(item)}`).join(', ');
}

function withPositionals(
  flags: ParsedFlags,
  declarations: readonly ResolvedDeclaration[],
  names: readonly string[],
): ReadonlyMap<string, unknown> {
  const values = new Map(flags.values);
  const rest = [...flags.positionals];
  for (const name of names) {
    const declaration = declarations.find(({ key }) => key === name);
    if (declaration === undefined) throw new Error(`positional ${name} is not a declared option`);
    const isList = declaration.json.type === 'array';
    const taken = rest.splice(0, isList ? rest.length : 1);
    if (taken.length === 0) continue;
    if (values.has(name)) {
      throw new UserError(
        `option ${dashed(declaration.flag)}: given twice, as a flag and as argument "${taken[0]}"`,
      );
    }
    values.set(name, readText(isList ? taken : taken[0], declaration.json));
  }
  if (rest.length > 0)
    throw new UserError(`unexpected argument "${rest[0]}"; ${adviceFor(flags, declarations)}`);
  return values;
}

/** A shell makes several arguments of a pattern without quotes. */
function adviceFor(flags: ParsedFlags, declarations: readonly ResolvedDeclaration[]): string {
  const list = declarations.find(({ key, json }) => json.type === 'array' && flags.values.has(key));
  return list === undefined
    ? '--help shows what the command takes'
    : `values of ${dashed(list.flag)} are separated by commas, patterns of files stand in quotes`;
}

function resolveOne(
  declaration: ResolvedDeclaration,
  flags: ReadonlyMap<string, unknown>,
  yaml: ReadonlyMap<string, YamlValue>,
  source: string,
): unknown {
  const { key, flag, json, option, isRequired } = declaration;
  const written = yaml.get(key);
  const isFlag = flags.has(key);
  const value = isFlag ? flags.get(key) : written?.value;
  if (value === undefined && isRequired) {
    throw new UserError(
      `option ${dashed(flag)} is missing: expected ${expectation(json)} (${option.describe})`,
    );
  }
  const where = isFlag ? `option ${dashed(flag)}` : `${source} line ${written?.line}, key ${written?.name}`;
  return checkedValue(declaration, value, where);
}

/** The value as the schema gives it. @throws UserError that begins with `where` */
function checkedValue({ json, option }: ResolvedDeclaration, value: unknown, where: string): unknown {
  const result = option.schema.safeParse(value);
  if (result.success) return result.data;
  throw new UserError(`${where}: ${complaint(value, json, result.error.issues[0])}`);
}

/** `got "x", expected one of a, b; did you mean b?` for the part of the value that the check refused. */
function complaint(value: unknown, json: JsonSchema, issue: z.core.$ZodIssue): string {
  const [step, ...path] = issue.path;
  if (Array.isArray(value) && typeof step === 'number') {
    const place = json.items?.type === 'object' ? `entry ${step + 1}: ` : '';
    return place + complaint(value[step], json.items ?? {}, { ...issue, path });
  }
  if (isRecord(value) && step !== undefined) {
    const key = String(step);
    return `${key}: ${complaint(value[key], json.properties?.[key] ?? {}, { ...issue, path })}`;
  }
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys;
    return `unknown key ${key}${suggestion(key, Object.keys(json.properties ?? {}))}`;
  }
  const expected = issue.code === 'custom' ? issue.message : expectation(json);
  if (value === undefined) return `is missing, expected ${expected}`;
  const hint = typeof value === 'string' && json.enum ? suggestion(value, json.enum.map(String)) : '';
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return `got ${text.length > 80 ? `${text.slice(0, 77)}...` : text}, expected ${expected}${hint}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
