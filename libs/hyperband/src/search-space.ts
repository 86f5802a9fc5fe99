/** What may be chosen, and choices from it. */
import type { Generator } from '@hep/datasets';

/** A value that a parameter can have. */
export type Value = string | number | boolean;

/** Values of one parameter. */
export type Domain =
  | { readonly kind: 'choice'; readonly values: readonly Value[] }
  /** All whole numbers from `from` to `to`, both included. */
  | { readonly kind: 'integer'; readonly from: number; readonly to: number };

/** One parameter; with `times` a list with as many values as the integer parameter of that name says. */
export interface Parameter {
  readonly name: string;
  readonly domain: Domain;
  readonly times: string | null;
}

/** Parameters; one that others name as `times` stands before them. */
export type SearchSpace = readonly Parameter[];

/** A value for each parameter of a space. */
export type Configuration = Readonly<Record<string, Value | readonly Value[]>>;

/** How many values a domain has. */
export function domainSize(domain: Domain): number {
  return domain.kind === 'choice' ? domain.values.length : domain.to - domain.from + 1;
}

/** A value of a domain. @param index from 0 to `domainSize` - 1 */
export function valueAt(domain: Domain, index: number): Value {
  return domain.kind === 'choice' ? domain.values[index] : domain.from + index;
}

/** Draws each parameter uniformly by itself, so that every number of layers is as likely as any other. */
export function drawConfiguration(space: SearchSpace, generator: Generator): Configuration {
  const drawn: Record<string, Value | readonly Value[]> = {};
  const draw = (domain: Domain) => valueAt(domain, generator.integer(domainSize(domain)));
  for (const { name, domain, times } of space) {
    drawn[name] =
      times === null ? draw(domain) : Array.from({ length: Number(drawn[times]) }, () => draw(domain));
  }
  return drawn;
}

/** All configurations, one after the other. */
export function* configurationsOf(
  [parameter, ...others]: SearchSpace,
  chosen: Configuration = {},
): IterableIterator<Configuration> {
  if (parameter === undefined) {
    yield chosen;
    return;
  }
  for (const value of choicesOf(parameter, chosen)) {
    yield* configurationsOf(others, { ...chosen, [parameter.name]: value });
  }
}

function* choicesOf(
  { domain, times }: Parameter,
  chosen: Configuration,
): IterableIterator<Value | readonly Value[]> {
  if (times !== null) {
    yield* tuplesOf(domain, Number(chosen[times]));
    return;
  }
  for (let index = 0; index < domainSize(domain); index++) yield valueAt(domain, index);
}

function* tuplesOf(domain: Domain, length: number): IterableIterator<readonly Value[]> {
  if (length === 0) {
    yield [];
    return;
  }
  for (let index = 0; index < domainSize(domain); index++) {
    for (const rest of tuplesOf(domain, length - 1)) yield [valueAt(domain, index), ...rest];
  }
}

/** Whether a space has at least `count` configurations. */
export function hasConfigurations(space: SearchSpace, count: number): boolean {
  let found = 0;
  for (const configuration of configurationsOf(space)) {
    void configuration;
    if (++found >= count) return true;
  }
  return false;
}

/** Draws that may hit what is taken before the space is gone through in order. */
const MOST_DRAWS = 100;

/**
 * Draws a configuration whose key is not `taken`, and takes it; one that is taken where the space has no other.
 * @param taken keys of `keyOf`
 */
export function drawOther(space: SearchSpace, generator: Generator, taken: Set<string>): Configuration {
  const take = (configuration: Configuration) => {
    taken.add(keyOf(configuration));
    return configuration;
  };
  for (let draw = 0; draw < MOST_DRAWS; draw++) {
    const drawn = drawConfiguration(space, generator);
    if (!taken.has(keyOf(drawn))) return take(drawn);
  }
  for (const configuration of configurationsOf(space)) {
    if (!taken.has(keyOf(configuration))) return take(configuration);
  }
  return drawConfiguration(space, generator);
}

/** Text that equal configurations share. */
export function keyOf(configuration: Configuration): string {
  return JSON.stringify(Object.entries(configuration));
}
