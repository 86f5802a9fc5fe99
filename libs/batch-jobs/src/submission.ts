/** The folder of an array: what was submitted, kept so that a killed process can be followed by another one. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite, storageError } from '@hep/files';
import { UserError } from '@hep/options';
import { z } from 'zod';
import type { ArrayJob } from './array-job.ts';
import type { BatchSystem } from './batch-system.ts';
import { ABANDONED, TASK_SCRIPT, taskScript } from './task-script.ts';

/** Some commands of an array, given to the batch system together. */
export interface Submission {
  /** Absolute path of its folder. */
  readonly folder: string;
  /** Name in the queue, of this submission alone. */
  readonly name: string;
  readonly indices: readonly number[];
  /** Number that the batch system gave; undefined until it is known. */
  readonly id?: string;
}

const recordSchema = z.object({
  name: z.string(),
  indices: z.array(z.int().min(0)),
  id: z.string().optional(),
});
const arraySchema = z.object({
  system: z.string(),
  workingFolder: z.string(),
  commands: z.array(z.array(z.string())),
});

/**
 * Notes in `array.json` what the folder is for, or checks that it is for this.
 * @throws UserError when the folder holds other commands, or jobs of another batch system
 */
export async function claimFolder(folder: string, array: ArrayJob, system: BatchSystem): Promise<void> {
  const path = join(folder, 'array.json');
  const { commands, workingFolder } = array;
  const content = { system: system.name, workingFolder, commands };
  const earlier = await readRecord(path, arraySchema);
  if (earlier === undefined) return atomicWrite(path, `${JSON.stringify(content, null, 1)}\n`);
  if (earlier.system !== system.name) {
    throw new UserError(
      `${folder}: has jobs of ${earlier.system}, not of ${system.name}; choose --batch ${earlier.system}, or another folder`,
    );
  }
  if (JSON.stringify(earlier) === JSON.stringify(arraySchema.parse(content))) return;
  throw new UserError(
    `${folder}: has jobs of other commands (array.json); choose another folder, or remove it`,
  );
}

/** Submissions of a folder, the earliest first, without those that were given up before they reached the queue. */
export async function loadSubmissions(folder: string): Promise<Submission[]> {
  const numbers = await submissionNumbers(folder);
  const submissions: Submission[] = [];
  for (const number of numbers) {
    const own = join(folder, `submission-${number}`);
    const record = await readRecord(join(own, 'submission.json'), recordSchema);
    // Without a record nothing was submitted: it is written first.
    if (record === undefined || (await isAbandoned(own))) continue;
    const { name, indices, id } = record;
    submissions.push({ folder: own, name, indices, ...(id === undefined ? {} : { id }) });
  }
  return submissions;
}

/** Writes the files of a new submission; nothing is submitted. */
export async function prepareSubmission(
  folder: string,
  array: ArrayJob,
  indices: readonly number[],
  system: BatchSystem,
): Promise<Submission> {
  const number = 1 + Math.max(0, ...(await submissionNumbers(folder)));
  const own = join(folder, `submission-${number}`);
  const submission = { folder: own, name: `${array.name}-${randomBytes(6).toString('hex')}`, indices };
  for (const part of ['exit', 'logs']) await makeNew(join(own, part));
  await atomicWrite(join(own, TASK_SCRIPT), taskScript(array, { folder: own, indices, system }));
  await atomicWrite(
    join(own, system.fileName),
    system.jobFile({ name: submission.name, indices, resources: array.resources }),
  );
  await saveSubmission(submission);
  return submission;
}

/** Keeps what is known about a submission. */
export async function saveSubmission({ folder, name, indices, id }: Submission): Promise<void> {
  await atomicWrite(join(folder, 'submission.json'), `${JSON.stringify({ name, indices, id })}\n`);
}

/**
 * The number of a submission whose process was killed before it could note it; looks the name up in the queue.
 * When it is not there, the submission is given up: should its jobs arrive yet, they find the mark and do nothing.
 * @returns the submission with its number, or undefined when it was given up
 */
export async function takeUp(submission: Submission, system: BatchSystem): Promise<Submission | undefined> {
  const { name, folder, indices } = submission;
  const id = await system.find(name, folder);
  if (id !== undefined) {
    const known = { ...submission, id };
    await saveSubmission(known);
    return known;
  }
  const hasRun = (await readdir(join(folder, 'exit'))).length > 0;
  if (hasRun) return submission;
  await writeFile(join(folder, ABANDONED), '');
  const late = await system.find(name, folder);
  if (late !== undefined) await system.cancel(late, { indices });
  return undefined;
}

async function makeNew(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw storageError(error, path);
  });
}

async function isAbandoned(folder: string): Promise<boolean> {
  return (await readdir(folder)).includes(ABANDONED);
}

async function submissionNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  const numbers = names.flatMap((name) => /^submission-(\d{1,9})$/.exec(name)?.[1] ?? []);
  return numbers.map(Number).sort((a, b) => a - b);
}

async function readRecord<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new UserError(`${path}: damaged; remove its folder and start again`);
  }
}
