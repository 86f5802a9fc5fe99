import { dashed } from './flags.ts';
import { helpText, overviewText } from './help.ts';
import type { HelpPage } from './help.ts';
import { suggestion } from './nearest.ts';
import type { Declarations, Resolved } from './option.ts';
import type { OptionSet } from './option-set.ts';
import { isUserError, printable, RunFailure, UserError } from './user-error.ts';

/** Where a command line writes; replaced in tests. */
export interface CliOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Where a live line may be drawn; missing where the output is no terminal. */
  readonly terminal?: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
}

/** A command as declared by an application. */
export interface CommandSpec<D extends Declarations> {
  readonly options: OptionSet<D>;
  /** Options that may be given without their flag, in order; a list option may only be the last. */
  readonly positionals?: readonly (keyof D & string)[];
  /** Does the work; a returned number is the exit code. */
  readonly run: (options: Resolved<D>, output: CliOutput) => Promise<number | void> | number | void;
}

/** A command whose option types are settled. */
export interface Command {
  readonly help: (page: Pick<HelpPage, 'call' | 'describe'>) => Promise<string>;
  readonly execute: (argv: readonly string[], output: CliOutput) => Promise<number>;
  /** The options as resolved, in YAML that `--config` reads. @throws UserError as `execute` for options that are wrong */
  readonly settings: (argv: readonly string[]) => string | Promise<string>;
}

/** Declares a command. */
export function command<D extends Declarations>(spec: CommandSpec<D>): Command {
  const { options, positionals = [] } = spec;
  return {
    help: (page) => helpText({ ...page, declarations: options.declarations, positionals }),
    execute: async (argv, output) => (await spec.run(options.parse(argv, { positionals }), output)) ?? 0,
    settings: (argv) => options.toYaml(options.parse(argv, { positionals })),
  };
}

/** A command in the list of a program: the module that carries it out, and all that it imports, is loaded when it is called. */
export interface ListedCommand {
  readonly name: string;
  readonly describe: string;
  /** Leaves it out of `--help` without a command: for processes that a command starts. */
  readonly isInternal?: boolean;
  readonly load: () => Promise<Command>;
}

/** Commands under a common first word: `ecoder-trainer emd train`. */
export interface CommandGroup {
  readonly name: string;
  readonly describe: string;
  readonly commands: readonly (ListedCommand | CommandGroup)[];
}

/** A program: name and version for `--help` and `--version`, and its commands. */
export interface Program {
  readonly name: string;
  readonly version: string;
  readonly commands: readonly (ListedCommand | CommandGroup)[];
}

/** Names from files may hold what a terminal takes for commands; lines and tabs alone are meant. */
const withoutControls = (text: string) => text.replace(/[^\P{Cc}\n\t]/gu, '?');

const standardOutput: CliOutput = {
  out: (text) => void process.stdout.write(`${withoutControls(text)}\n`),
  err: (text) => void process.stderr.write(`${withoutControls(text)}\n`),
  ...(process.stdout.isTTY ? { terminal: process.stdout } : {}),
};

/** A reader that closes the pipe (`| head`) ends the output, not the work. */
function goOnWithoutReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/**
 * Runs a command line (without `node` and the script) and returns its exit code: what the command returned,
 * 2 for a mistake of the user and 1 for a `RunFailure` (one line on standard error), 1 for any other failure (the
 * message; the stack too when the environment has HEP_DEBUG=1).
 */
export async function runCli(
  program: Program,
  argv: readonly string[],
  output: CliOutput = standardOutput,
): Promise<number> {
  if (output === standardOutput) goOnWithoutReader();
  try {
    return await dispatch(program, argv, output);
  } catch (error) {
    if (isUserError(error) || error instanceof RunFailure) {
      output.err(`${program.name}: ${printable(error.message)}`);
      return isUserError(error) ? 2 : 1;
    }
    const isDebug = process.env['HEP_DEBUG'] === '1';
    const text =
      error instanceof Error
        ? ((isDebug ? error.stack : undefined) ?? printable(error.message))
        : String(error);
    output.err(`${program.name}: internal error: ${text}${isDebug ? '' : ' (HEP_DEBUG=1 shows where)'}`);
    return 1;
  }
}

async function dispatch(program: Program, argv: readonly string[], output: CliOutput): Promise<number> {
  if (argv[0] !== '--version') return dispatchAmong(program, program.name, argv, output);
  output.out(program.version);
  return 0;
}

/** Finds the command of a program or group; `call` is how the program or group is called. */
async function dispatchAmong(
  { commands }: Pick<Program, 'commands'>,
  call: string,
  argv: readonly string[],
  output: CliOutput,
): Promise<number> {
  const [first, ...rest] = argv;
  const chosen = commands.find(({ name }) => name === first);
  if (chosen !== undefined && 'commands' in chosen) {
    return dispatchAmong(chosen, `${call} ${chosen.name}`, rest, output);
  }
  const flags = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined);
  const wantsHelp = flags.includes('--help') || flags.includes('-h');
  if (chosen === undefined) {
    if (!wantsHelp) throw unknownCommand(first, commands);
    output.out(overviewText(call, shownOf(commands)));
    return 0;
  }
  if (wantsHelp) {
    const { describe, load } = chosen;
    output.out(await (await load()).help({ call: `${call} ${chosen.name}`, describe }));
    return 0;
  }
  const command = await chosen.load();
  if (!flags.some(isPrintSettings)) return command.execute(rest, output);
  const settings = await command.settings(rest.filter((argument) => !isPrintSettings(argument)));
  output.out(settings.trimEnd());
  return 0;
}

const isPrintSettings = (argument: string) => argument.replaceAll('_', '-') === dashed('print-settings');

function shownOf(commands: Program['commands']): Program['commands'] {
  return commands.filter((entry) => 'commands' in entry || entry.isInternal !== true);
}

function unknownCommand(typed: string | undefined, commands: Program['commands']): UserError {
  const names = shownOf(commands).map(({ name }) => name);
  const expected = `, expected one of ${names.join(', ')}`;
  if (typed === undefined) return new UserError(`a command is missing${expected}`);
  return new UserError(`unknown command "${typed}"${suggestion(typed, names) || expected}`);
}
