/** The file that says what goes into a network: without it nobody can fill the inputs of the exported files. */
import { readFile } from 'node:fs/promises';
import { atomicWrite } from '@hep/files';
import { UserError } from '@hep/options';
import { z } from 'zod';
import type { FeatureRanges, TrackFeature } from './features.ts';
import { ITERATION_BRANCH } from './iterations.ts';

/** Name of the file. */
export const INPUTS_FILE = 'inputs.json';

/** Variables in order, with the ranges that they have in the network. */
export interface TrackInputs {
  readonly features: readonly TrackFeature[];
  readonly ranges: FeatureRanges;
}

const variable = z.object({
  name: z.string().min(1),
  abs: z.boolean(),
  log1p: z.boolean(),
  minimum: z.number(),
  maximum: z.number(),
});
const schema = z.object({ x: z.array(variable).min(1) });

/** Writes the order of the variables of `x` with transforms and ranges, and what `y` and the output are. */
export async function writeTrackInputs(path: string, { features, ranges }: TrackInputs): Promise<void> {
  const { minimum, maximum } = ranges;
  const x = features.map((feature, i) => ({ ...feature, minimum: minimum[i], maximum: maximum[i] }));
  await atomicWrite(path, `${JSON.stringify({ x, y: ITERATION_BRANCH, output: 'Identity' }, null, 2)}\n`);
}

/**
 * Reads the file; undefined where there is none.
 * @throws UserError when it cannot be understood
 */
export async function readTrackInputs(path: string): Promise<TrackInputs | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new UserError(`${path}: cannot be read (${error.code})`);
  });
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(jsonOf(text));
  if (!parsed.success) {
    const [{ path: place, message }] = parsed.error.issues;
    throw new UserError(
      `${path}: damaged list of inputs at ${place.join('.') || 'its start'} (${message}); restore the file`,
    );
  }
  const { x } = parsed.data;
  return {
    features: x.map(({ name, abs, log1p }) => ({ name, abs, log1p })),
    ranges: { minimum: x.map(({ minimum }) => minimum), maximum: x.map(({ maximum }) => maximum) },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
