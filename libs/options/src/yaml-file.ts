import { readFileSync } from 'node:fs';
import type { Document } from 'yaml';
import type { ResolvedDeclaration } from './option.ts';
import { suggestion } from './nearest.ts';
import { readText } from './flags.ts';
import { UserError } from './user-error.ts';
import { yaml } from './yaml.ts';

/** A value with where it was written, for error messages. */
export interface YamlValue {
  readonly value: unknown;
  readonly line: number;
  /** The key as it was written. */
  readonly name: string;
}

/**
 * Reads a YAML file of options, keyed by declaration. Keys are the flags without leading dashes; `_` counts as `-`. A key
 * without value (null) counts as not given.
 * Throws UserError on a missing file, broken YAML, a non-mapping, and on unknown keys with the nearest name.
 */
export function readYamlOptions(
  path: string,
  declarations: readonly ResolvedDeclaration[],
): ReadonlyMap<string, YamlValue> {
  return parseYamlOptions(readConfig(path), path, declarations);
}

function readConfig(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? error;
    if (reason === 'ENOENT')
      throw new UserError(`${path}: file not found, expected a YAML file for --config`);
    throw new UserError(`${path}: cannot be read (${String(reason)}), expected a YAML file for --config`);
  }
}

/** As {@link readYamlOptions}, from text; `path` only names the source in errors. */
export function parseYamlOptions(
  text: string,
  path: string,
  declarations: readonly ResolvedDeclaration[],
): ReadonlyMap<string, YamlValue> {
  const { LineCounter, isMap, isScalar, parseDocument } = yaml();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const reason = broken.message.split('\n')[0];
    throw new UserError(`${path} line ${lines.linePos(broken.pos[0]).line}: not valid YAML (${reason})`);
  }
  const values = new Map<string, YamlValue>();
  if (document.contents === null) return values;
  if (!isMap(document.contents)) throw new UserError(`${path}: expected a mapping of option names to values`);
  const plain = plainOf(document, path);
  for (const pair of document.contents.items) {
    const name = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
    const line = isScalar(pair.key) && pair.key.range ? lines.linePos(pair.key.range[0]).line : 1;
    const declaration = declarations.find(({ flag }) => flag === name.replaceAll('_', '-'));
    if (declaration === undefined) {
      const flags = declarations.map(({ flag }) => flag);
      throw new UserError(`${path} line ${line}: unknown key ${name}${suggestion(name, flags)}`);
    }
    if (values.has(declaration.key)) throw new UserError(`${path} line ${line}: key ${name} is given twice`);
    const value = plain[name];
    if (value === undefined) continue;
    const isList = declaration.json.type === 'array' && typeof value === 'string';
    values.set(declaration.key, { value: isList ? readText(value, declaration.json) : value, line, name });
  }
  return values;
}

/** Values of a document. Aliases may neither go in circles nor multiply until memory is full. */
function plainOf(document: Document, path: string): Readonly<Record<string, unknown>> {
  try {
    const plain = document.toJS({ maxAliasCount: 100 }) as Record<string, unknown>;
    JSON.stringify(plain);
    return withoutNulls(plain) as Record<string, unknown>;
  } catch {
    throw new UserError(
      `${path}: not valid YAML (aliases go in circles or repeat too much); write their values out`,
    );
  }
}

/** Leaves out keys without value, in mappings within lists, too. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const given = Object.entries(value).filter(([, entry]) => entry !== null);
  return Object.fromEntries(given.map(([key, entry]) => [key, withoutNulls(entry)]));
}

/** YAML of a mapping. */
export function yamlText(values: Readonly<Record<string, unknown>>): string {
  return yaml().stringify(values);
}
