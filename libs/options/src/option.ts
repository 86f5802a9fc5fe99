import { z } from 'zod';

/** One declared option: the only place that knows its flag, YAML key, check, default, unit and help. */
export interface Option<Schema extends z.ZodType = z.ZodType> {
  /** Name of the flag and of the YAML key, kebab-case. Default: the declaration's key in kebab-case. */
  readonly flag?: string;
  /** Check and default. Values from flags reach it as boolean, number, text or list, as its JSON Schema says. */
  readonly schema: Schema;
  /** One line for `--help`. */
  readonly describe: string;
  /** Physical unit, shown in `--help` and in the JSON Schema, for example `MIP_T`. */
  readonly unit?: string;
  /** Heading in `--help`. */
  readonly group?: string;
  /** Short flags, one letter each: `alias: 'o'` gives `-o`. */
  readonly alias?: string | readonly string[];
}

/** Options of one command, keyed by the name of the resolved property. Sets join by spreading. */
export type Declarations = Readonly<Record<string, Option>>;

/** The type of the resolved options, inferred from the schemas. */
export type Resolved<D extends Declarations> = { readonly [Key in keyof D]: z.output<D[Key]['schema']> };

/** Declares one option; only here for the inference of the schema's type. */
export function option<Schema extends z.ZodType>(declaration: Option<Schema>): Option<Schema> {
  return declaration;
}

/** The declarations but those of `keys`, say because another command decides these itself. */
export function without<D extends Declarations, Key extends keyof D>(
  declarations: D,
  keys: readonly Key[],
): Omit<D, Key> {
  const left = Object.entries(declarations).filter(([key]) => !keys.includes(key as Key));
  return Object.fromEntries(left) as Omit<D, Key>;
}

/** The parts of a JSON Schema that this library reads. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly [keyword: string]: unknown;
}

/** A declaration with everything derived from it once. */
export interface ResolvedDeclaration {
  readonly key: string;
  readonly flag: string;
  readonly aliases: readonly string[];
  readonly json: JsonSchema;
  readonly isRequired: boolean;
  readonly option: Option;
}

/** Derives flag, aliases and JSON Schema of every declaration. Throws on two options with one name. */
export function resolveDeclarations(declarations: Declarations): ResolvedDeclaration[] {
  const taken = new Set(['config', 'c', 'help', 'h', 'version']);
  return Object.entries(declarations).map(([key, declared]) => {
    const flag = declared.flag ?? kebabCase(key);
    const aliases = typeof declared.alias === 'string' ? [declared.alias] : [...(declared.alias ?? [])];
    for (const name of [flag, ...aliases]) {
      if (taken.has(name)) throw new Error(`option name "${name}" is declared twice or reserved`);
      taken.add(name);
    }
    const { $schema, ...json } = z.toJSONSchema(declared.schema, { io: 'input', unrepresentable: 'any' });
    void $schema;
    const isRequired = !declared.schema.safeParse(undefined).success;
    return { key, flag, aliases, json: json as JsonSchema, isRequired, option: declared };
  });
}

/** `nrowsPerFile` -> `nrows-per-file`. */
export function kebabCase(key: string): string {
  return key.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}
