/** What `run.json` of a finished network tells for tables of several of them. */
import { join } from 'node:path';
import type { SummaryEntry } from '@hep/model-files';
import { UserError } from '@hep/options';
import { readRunRecord } from '@hep/training';
import type { RunRecord } from '@hep/training';
import { z } from 'zod';

const score = z.object({ mean: z.number().nullable(), std: z.number().nullable() });
const entrySchema = z.looseObject({
  name: z.string(),
  encoderParameters: z.number(),
  totalParameters: z.number(),
  encoderFlops: z.number(),
  performance: z.looseObject({ ae: z.looseObject({ EMD: score }) }),
});

/** A finished network and how its training went. */
export interface FinishedNetwork {
  readonly entry: SummaryEntry;
  readonly result: RunRecord['result'];
}

/** @throws UserError when there is no run, or its record has no scores of an autoencoder */
export async function finishedNetwork(path: string): Promise<FinishedNetwork> {
  const { scores, result } = await readRunRecord(path, 'of a network');
  const entry = entrySchema.safeParse(scores);
  if (entry.success) return { entry: entry.data as SummaryEntry, result };
  throw new UserError(
    `${join(path, 'run.json')}: scores of an autoencoder expected (${entry.error.issues[0].message}); resume the run`,
  );
}
