/** `--resume`: the options of the earlier run count; some may be changed by flags. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
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
  if (isDeepStrictEqual(withoutGaps(saved), withoutGaps(chosen))) return null;
  if (!isListOfMappings(saved) || !isListOfMappings(chosen)) {
    return { saved: textOf(saved), chosen: textOf(chosen) };
  }
  const pairs = Array.from({ length: Math.max(saved.length, chosen.length) }, (_, i) => [
    saved[i],
    chosen[i],
  ]);
  const at = pairs.findIndex(([before, now]) => !isDeepStrictEqual(withoutGaps(before), withoutGaps(now)));
  const [before, now] = pairs[at].map((entry) => (entry === undefined ? undefined : JSON.stringify(entry)));
  return { saved: before ?? `${saved.length} entries`, chosen: `entry ${at + 1} ${now ?? 'missing'}` };
}

/** Entries without a value are as good as none. */
function withoutGaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutGaps);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries.map(([key, entry]) => [key, withoutGaps(entry)]));
}

function textOf(value: unknown): string {
  const isPlain = (one: unknown) => typeof one !== 'object' || one === null;
  const isText = isPlain(value) || (Array.isArray(value) && value.every(isPlain));
  return isText ? String(value) : JSON.stringify(value);
}

function isListOfMappings(value: unknown): value is readonly object[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'object' && entry !== null);
}
