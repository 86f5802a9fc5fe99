/** `--resume`: the options of the earlier run count; some may be changed by flags. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { kebabCase, UserError } from '@hep/options';

/** A set of options; `declarations` names flags that are not their key in kebab-case. */
export interface EarlierSet<Options> {
  readonly declarations?: readonly { readonly key: string; readonly flag: string }[];
  parse(argv: readonly string[], settings: { config: string }): Options;
}

/**
 * The options saved at `path`, and the same with the flags of `argv` over them.
 * @throws UserError when there are none, or when a flag changes what is not `changeable`
 */
export function earlierOptions<Options extends object>(
  set: EarlierSet<Options>,
  changeable: ReadonlySet<keyof Options>,
  path: string,
  argv: readonly string[],
): { readonly saved: Options; readonly chosen: Options } {
  const config = join(path, 'config.yaml');
  if (!existsSync(config)) {
    throw new UserError(
      `--resume ${path}: no run there (config.yaml is missing); give the --output of an earlier run`,
    );
  }
  const saved = set.parse([], { config });
  const chosen = set.parse(argv, { config });
  const flags = new Map(set.declarations?.map(({ key, flag }) => [key, flag]));
  requireSame(path, saved, chosen, changeable, (key) => flags.get(key) ?? kebabCase(key));
  return { saved, chosen };
}

/** @throws UserError when options that make the run at `path` what it is differ from those that it has */
export function requireSame<Options extends object>(
  path: string,
  saved: Options,
  chosen: Options,
  changeable: ReadonlySet<keyof Options>,
  flagOf: (key: string) => string = kebabCase,
): void {
  for (const key of Object.keys(saved) as (keyof Options & string)[]) {
    if (changeable.has(key)) continue;
    const difference = differenceOf(saved[key], chosen[key]);
    if (difference === null) continue;
    throw new UserError(
      `--${flagOf(key)} ${difference.chosen}: the run at ${path} has ${difference.saved}; ` +
        'leave the option away, or start a new run',
    );
  }
}

/** Where two values of an option part; of lists of mappings the first entry that differs. */
function differenceOf(
  saved: unknown,
  chosen: unknown,
): { readonly saved: string; readonly chosen: string } | null {
  if (!isListOfMappings(saved) || !isListOfMappings(chosen)) {
    const [before, now] = [String(saved), String(chosen)];
    return before === now ? null : { saved: before, chosen: now };
  }
  for (let i = 0; i < Math.max(saved.length, chosen.length); i++) {
    const [before, now] = [JSON.stringify(saved[i]), JSON.stringify(chosen[i])];
    if (before === now) continue;
    return { saved: before ?? `${saved.length} entries`, chosen: `entry ${i + 1} ${now ?? 'missing'}` };
  }
  return null;
}

function isListOfMappings(value: unknown): value is readonly object[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'object');
}
