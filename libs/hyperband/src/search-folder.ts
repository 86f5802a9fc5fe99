/**
 * A search on disk. There is no other state: what is next follows from the files, each written in one step, so that a
 * search that was killed at any moment goes on as if nothing had happened.
 *
 *     search.json    trials/07/round-1.json  round-2.json
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite } from '@hep/files';
import { UserError } from '@hep/options';
import { z } from 'zod';
import { bracketsOf, trialsOf } from './brackets.ts';
import type { Bracket } from './brackets.ts';
import type { SearchPlan } from './plan.ts';
import type { Outcome, Outcomes } from './promotion.ts';

const FILE = 'search.json';
const value = z.union([z.string(), z.number(), z.boolean()]);
const domain = z.union([
  z.strictObject({ kind: z.literal('choice'), values: z.array(value) }),
  z.strictObject({ kind: z.literal('integer'), from: z.int(), to: z.int() }),
]);
const planSchema = z.strictObject({
  format: z.literal(1),
  objective: z.strictObject({ name: z.string(), better: z.enum(['smaller', 'larger']) }),
  maxEpochs: z.int().min(1),
  factor: z.int().min(2),
  seed: z.int(),
  space: z.array(z.strictObject({ name: z.string(), domain, times: z.string().nullable() })),
  trials: z.array(
    z.strictObject({
      number: z.int(),
      bracket: z.int().min(0),
      configuration: z.record(z.string(), z.union([value, z.array(value)])),
    }),
  ),
});
const outcomeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('finished'),
    objective: z.number(),
    epoch: z.int().min(1),
    seconds: z.number(),
  }),
  z.strictObject({ kind: z.literal('failed'), reason: z.string() }),
]);

/** A folder that holds a search. */
export class SearchFolder {
  private readonly known = new Map<string, Outcome>();

  private constructor(
    readonly path: string,
    readonly plan: SearchPlan,
  ) {}

  /** Whether a folder holds a search. */
  static isAt(path: string): boolean {
    return existsSync(join(path, FILE));
  }

  /** Writes the plan of a new search. */
  static async create(path: string, plan: SearchPlan): Promise<SearchFolder> {
    const { brackets, ...written } = plan;
    void brackets;
    await atomicWrite(join(path, FILE), `${JSON.stringify({ format: 1, ...written }, null, 2)}\n`);
    return new SearchFolder(path, plan);
  }

  /**
   * Reads a search with the outcomes that it has.
   * @throws UserError when there is none or a file of it is damaged
   */
  static async open(path: string): Promise<SearchFolder> {
    const written = await readChecked(join(path, FILE), planSchema);
    if (written === undefined) {
      throw new UserError(
        `${path}: no search there (${FILE} is missing); give the folder of an earlier search`,
      );
    }
    const { format, ...plan } = written;
    void format;
    const brackets = bracketsOf(plan.maxEpochs, plan.factor);
    if (!areTrialsOf(brackets, plan.trials)) {
      throw new UserError(
        `${join(path, FILE)}: its trials are not those of ${plan.maxEpochs} epochs with factor ${plan.factor}; restore it, or begin another search`,
      );
    }
    const folder = new SearchFolder(path, { ...plan, brackets });
    for (const { number, bracket } of folder.plan.trials) {
      for (const round of folder.plan.brackets[bracket].keys()) await folder.read(number, round);
    }
    return folder;
  }

  /** Outcomes as far as they were read or written. */
  readonly outcomes: Outcomes = (trial, round) => this.known.get(`${trial} ${round}`);

  /** Folder of a trial, its run directory. */
  trialFolder(trial: number): string {
    return join(this.path, 'trials', String(trial).padStart(2, '0'));
  }

  /** File of the outcome of a trial in a round. */
  outcomePath(trial: number, round: number): string {
    return join(this.trialFolder(trial), `round-${round + 1}.json`);
  }

  /** Reads an outcome; undefined while there is none. @throws UserError for a damaged file */
  async read(trial: number, round: number): Promise<Outcome | undefined> {
    const outcome = await readChecked(this.outcomePath(trial, round), outcomeSchema);
    if (outcome !== undefined) this.known.set(`${trial} ${round}`, outcome);
    return outcome;
  }

  /** Writes an outcome. */
  async write(trial: number, round: number, outcome: Outcome): Promise<void> {
    await atomicWrite(this.outcomePath(trial, round), `${JSON.stringify(outcome)}\n`);
    this.known.set(`${trial} ${round}`, outcome);
  }
}

/** Whether trials are numbered from 0, bracket by bracket, as many as each begins with. */
function areTrialsOf(brackets: readonly Bracket[], trials: SearchPlan['trials']): boolean {
  if (trials.length !== trialsOf(brackets)) return false;
  const expected = brackets.flatMap(([first], bracket) => new Array<number>(first.trials).fill(bracket));
  return trials.every(({ number, bracket }, index) => number === index && bracket === expected[index]);
}

async function readChecked<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new UserError(`${path}: cannot be read (${error.code ?? error.message})`);
  });
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw damaged(path);
  }
}

function damaged(path: string): UserError {
  return new UserError(`${path}: is damaged; restore it, or remove it to have that part done again`);
}
