import { dashed } from './flags.ts';
import type { JsonSchema, ResolvedDeclaration } from './option.ts';

/** What `--help` of one command shows. */
export interface HelpPage {
  /** How the command is called: `ecoder-trainer train`. */
  readonly call: string;
  readonly describe: string;
  readonly declarations: readonly ResolvedDeclaration[];
  /** Keys of the options that may be given without their flag. */
  readonly positionals: readonly string[];
}

/** Help text, options grouped under their headings, each with its unit and default. */
export async function helpText(page: HelpPage): Promise<string> {
  // Costs as much as all else of a start, and only help needs it.
  const { default: yargs } = await import('yargs');
  const usage = [
    page.call,
    ...page.positionals.map((key) => positionalUsage(key, page.declarations)),
    '[options]',
  ];
  let parser = yargs([])
    .locale('en')
    .wrap(110)
    .help(false)
    .version(false)
    .usage(`${usage.join(' ')}\n\n${page.describe}`);
  for (const { flag, aliases, json, isRequired, option } of page.declarations) {
    parser = parser.option(flag, {
      alias: [...aliases],
      describe: option.unit === undefined ? option.describe : `${option.describe} [${option.unit}]`,
      group: `${option.group ?? 'Options'}:`,
      type: typeLabel(json),
      demandOption: isRequired,
      ...(choices(json) === undefined ? {} : { choices: choices(json) }),
      ...(json.default === undefined ? {} : { defaultDescription: defaultText(json.default) }),
    });
  }
  return parser
    .option('config', {
      alias: 'c',
      describe: 'YAML file of options; flags win',
      group: 'General:',
      type: 'string',
    })
    .option('print-settings', {
      describe: 'print the options as resolved, as YAML for --config, and end',
      group: 'General:',
      type: 'boolean',
    })
    .option('help', { alias: 'h', describe: 'show this help', group: 'General:', type: 'boolean' })
    .getHelp();
}

function positionalUsage(key: string, declarations: readonly ResolvedDeclaration[]): string {
  const found = declarations.find((declaration) => declaration.key === key);
  if (found === undefined) throw new Error(`positional ${key} is not a declared option`);
  const name = found.json.type === 'array' ? `${found.flag}..` : found.flag;
  return found.isRequired ? `<${name}>` : `[${name}]`;
}

function choices(json: JsonSchema): string[] | undefined {
  return (json.enum ?? json.items?.enum)?.map(String);
}

function typeLabel(json: JsonSchema): 'boolean' | 'number' | 'string' | undefined {
  if (json.type === 'boolean') return 'boolean';
  if (json.type === 'number' || json.type === 'integer') return 'number';
  return json.type === 'string' || json.type === 'array' ? 'string' : undefined;
}

function defaultText(value: unknown): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return 'none';
    return typeof value[0] === 'object' ? `${value.length} entries` : value.join(',');
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([key, entry]) => `${key}: ${String(entry)}`)
      .join(', ');
  }
  return value === '' ? 'none' : String(value);
}

/** One line per command, for `--help` without a command. */
export function overviewText(
  name: string,
  commands: readonly { readonly name: string; readonly describe: string }[],
): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const rows = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.describe}`);
  return [
    `${name} <command> [options]`,
    '',
    'Commands:',
    ...rows,
    '',
    `${name} <command> ${dashed('help')} lists the options of a command.`,
  ].join('\n');
}
