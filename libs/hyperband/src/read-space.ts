import { defineOptions, option, suggestion, UserError } from '@hep/options';
import { z } from 'zod';
import type { Domain, Parameter, SearchSpace, Value } from './search-space.ts';

const value = z.union([z.string(), z.number(), z.boolean()]);
const times = z.string().min(1).optional();
const parameter = z.union([
  z.literal('boolean'),
  z.strictObject({
    choice: z.array(value).refine((values) => values.length > 0, 'at least one value'),
    times,
  }),
  z.strictObject({ integer: z.array(z.int()).length(2), times }),
]);

type Written = z.output<typeof parameter>;

/** What a space may be about. */
export interface SpaceNames {
  /** Parameters. */
  readonly parameters: readonly string[];
  /** Numbers that only say how many values other parameters have. */
  readonly counters: readonly string[];
  /** @throws UserError that begins with `where` for a value that a parameter cannot have; lists come as lists */
  readonly check?: (name: string, value: Value | readonly Value[], where: string) => void;
}

/**
 * Reads a search space from YAML: `NAME: { choice: [..] }`, `NAME: { integer: [from, to] }`, `NAME: boolean`, the first two
 * with `times: COUNTER` for a list of as many values.
 * @param source names the text in errors
 * @throws UserError that names source and key
 */
export function readSpace(text: string, source: string, names: SpaceNames): SearchSpace {
  const known = [...names.parameters, ...names.counters];
  const declarations = known.map((name) => [
    name,
    option({ schema: parameter.optional(), describe: 'values to choose from', flag: name }),
  ]);
  const written = defineOptions(Object.fromEntries(declarations)).fromYaml(text, source) as Readonly<
    Record<string, Written | undefined>
  >;
  const space = Object.entries(written).flatMap(([name, values]) =>
    values === undefined ? [] : [parameterOf(name, values, `${source}, key ${name}`)],
  );
  if (space.length === 0)
    throw new UserError(`${source}: no parameter, expected some of ${known.join(', ')}`);
  checkCounters(space, source, names);
  checkValues(space, source, names);
  const isCounter = ({ name }: Parameter) => space.some((other) => other.times === name);
  return [...space.filter(isCounter), ...space.filter((entry) => !isCounter(entry))];
}

function parameterOf(name: string, written: Written, where: string): Parameter {
  if (written === 'boolean') return { name, domain: { kind: 'choice', values: [true, false] }, times: null };
  return { name, domain: domainOf(written, where), times: written.times ?? null };
}

function domainOf(written: Exclude<Written, 'boolean'>, where: string): Domain {
  if ('choice' in written) {
    const { choice } = written;
    const twice = choice.find((one, index) => choice.indexOf(one) < index);
    if (twice === undefined) return { kind: 'choice', values: choice };
    throw new UserError(`${where}: ${String(twice)} is given twice, expected it once`);
  }
  const [from, to] = written.integer;
  if (from <= to) return { kind: 'integer', from, to };
  throw new UserError(`${where}: got ${from} to ${to}, expected the smaller number first`);
}

/** @throws UserError for a list without a number that says its length, and for such a number without a list */
function checkCounters(space: SearchSpace, source: string, { counters }: SpaceNames): void {
  const integers = space.filter(({ domain, times }) => domain.kind === 'integer' && times === null);
  const candidates = integers.map(({ name }) => name);
  for (const { name, times } of space) {
    const where = `${source}, key ${name}`;
    if (times !== null && !candidates.includes(times)) {
      throw new UserError(
        `${where}: times ${times} is no integer parameter of the space${suggestion(times, candidates)}`,
      );
    }
    if (counters.includes(name) && !space.some((other) => other.times === name)) {
      throw new UserError(`${where}: no parameter has "times: ${name}"; add it, or leave ${name} away`);
    }
  }
  const negative = integers.find(({ name, domain }) => isBelowOne(domain) && isUsed(space, name));
  if (negative !== undefined) {
    throw new UserError(`${source}, key ${negative.name}: counts values, expected numbers of at least 1`);
  }
}

const isBelowOne = (domain: Domain) => domain.kind === 'integer' && domain.from < 1;
const isUsed = (space: SearchSpace, counter: string) => space.some(({ times }) => times === counter);

function checkValues(space: SearchSpace, source: string, { parameters, check }: SpaceNames): void {
  for (const { name, domain, times } of space) {
    if (!parameters.includes(name)) continue;
    const values = domain.kind === 'choice' ? domain.values : [domain.from, domain.to];
    for (const one of values) check?.(name, times === null ? one : [one], `${source}, key ${name}`);
  }
}
