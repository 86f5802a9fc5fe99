/** What `run.json` tells of a run. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readBounded } from '@hep/files';
import { UserError } from '@hep/options';
import { z } from 'zod';
import type { InputFile } from './storage/input-file.ts';

const MAX_BYTES = 64 * 2 ** 20;

/** How far a run got: `trained` when the loop ended by itself, `finished` when exports and report are done, too. */
export type RunStatus = 'running' | 'trained' | 'finished' | 'interrupted' | 'failed';

/** The content of `run.json`. Times are ISO 8601, UTC. */
export interface RunRecord {
  readonly format: 1;
  readonly status: RunStatus;
  readonly seed: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly commandLine: readonly string[];
  readonly machine: { readonly platform: string; readonly architecture: string; readonly cores: number };
  readonly inputs: readonly InputFile[];
  readonly started: string;
  readonly ended: string | null;
  /** Every continuation with the checkpoint it began from. */
  readonly resumes: readonly {
    readonly at: string;
    readonly commandLine: readonly string[];
    readonly from: string | null;
  }[];
  /** What runs the training step. */
  readonly device?: string;
  readonly result?: {
    readonly epochs: number;
    readonly stoppedBy: string;
    readonly bestEpoch: number | null;
    readonly seconds: number;
  };
  /** What the finished run achieved, in the application's words. */
  readonly scores?: unknown;
  /** Why the run failed. */
  readonly error?: string;
}

/** All but the scores, which are the application's. Nothing of a file is trusted. */
const recordSchema = z.looseObject({
  format: z.literal(1),
  status: z.enum(['running', 'trained', 'finished', 'interrupted', 'failed']),
  seed: z.number(),
  versions: z.record(z.string(), z.string()),
  commandLine: z.array(z.string()),
  machine: z.object({ platform: z.string(), architecture: z.string(), cores: z.number() }),
  inputs: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
  started: z.string(),
  ended: z.string().nullable(),
  resumes: z.array(
    z.object({ at: z.string(), commandLine: z.array(z.string()), from: z.string().nullable() }),
  ),
  device: z.string().optional(),
  result: z
    .object({
      epochs: z.number(),
      stoppedBy: z.string(),
      bestEpoch: z.number().nullable(),
      seconds: z.number(),
    })
    .optional(),
  error: z.string().optional(),
});

/**
 * Reads the record of a run and changes nothing, not even in a run that is still going on.
 * @param purpose what the run is for, in the message when there is none
 * @throws UserError when there is no run or its record is damaged
 */
export async function readRunRecord(path: string, purpose: string): Promise<RunRecord> {
  const file = join(path, 'run.json');
  if (existsSync(file))
    return parseRecord(new TextDecoder().decode(await readBounded(file, MAX_BYTES)), file);
  throw new UserError(`${path}: no run ${purpose}, it has no run.json; give the directory of an earlier run`);
}

function parseRecord(text: string, file: string): RunRecord {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new UserError(`${file}: is not JSON; restore the file or start a new run`);
  }
  const record = recordSchema.safeParse(content);
  if (record.success) return record.data;
  const [{ path, message }] = record.error.issues;
  throw new UserError(
    `${file}: is not the record of a run (format 1), ${path.join('.') || 'its start'}: ${message}; restore the file or start a new run`,
  );
}
