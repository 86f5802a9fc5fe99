/** What a folder of prepared tracks holds. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@hep/options/user-error';
import { featureDifference } from '@hep/track-dnn/variables';
import type { TrackFeature } from '@hep/track-dnn/variables';
import { z } from 'zod';

/** Name of the file that lists all shards; it is there when all inputs are prepared. */
export const MANIFEST = 'manifest.json';

const settingsSchema = z.object({
  features: z.array(z.object({ name: z.string(), abs: z.boolean(), log1p: z.boolean() })).min(1),
  shardRows: z.int().min(1),
  splitSeed: z.int(),
  validationFraction: z.number(),
  testFraction: z.number(),
  dropInvalid: z.boolean(),
  tree: z.string().optional(),
  select: z.string().optional(),
});

const shardSchema = z.object({
  // Names of a folder's own files alone, so that no list leads elsewhere.
  file: z.string().regex(/^(train|validation|test)-[0-9a-f]{12}-\d{5}-\d{3}\.columns$/),
  part: z.enum(['train', 'validation', 'test']),
  rows: z.int().min(1),
  bytes: z.int().min(1),
  checksum: z.int().min(0),
  /** Tracks of each iteration: code, fakes, true tracks. Each number is that of a group of the shard. */
  counts: z.array(z.tuple([z.int(), z.int().min(0), z.int().min(0)])),
  /** Extremes of the raw features. */
  extremes: z.object({
    smallest: z.array(z.number()),
    largest: z.array(z.number()),
    nearestToZero: z.array(z.number()),
  }),
});

const sectionSchema = z.object({
  /** Rows of the input file. */
  first: z.int().min(0),
  end: z.int().min(0),
  tracks: z.int().min(0),
  dropped: z.int().min(0),
  shards: z.array(shardSchema),
});

const sourceSchema = z.object({ path: z.string(), bytes: z.number(), modified: z.number() });

const fileSchema = z.object({
  settings: settingsSchema,
  source: sourceSchema,
  sections: z.array(sectionSchema),
});

const sectionListSchema = sectionSchema.extend({ settings: settingsSchema, source: sourceSchema });

const manifestSchema = z.object({
  settings: settingsSchema,
  files: z.array(fileSchema.extend({ sample: z.string() })).min(1),
});

/** How tracks are cut into shards; the same for all files of a folder. */
export type ShardSettings = z.infer<typeof settingsSchema>;
/** State of an input file when it was prepared. */
export type ShardSource = z.infer<typeof sourceSchema>;
/** What became of a stretch of an input file. */
export type PreparedSection = z.infer<typeof sectionSchema>;
/** What became of one input file. */
export type PreparedFile = z.infer<typeof fileSchema>;
/** A shard, what it holds, and the sample that its tracks are of. */
export type TrackShard = z.infer<typeof shardSchema> & { readonly sample: string };
/** A folder of prepared tracks. */
export interface TrackShards {
  readonly folder: string;
  readonly settings: ShardSettings;
  readonly shards: readonly TrackShard[];
}

/** List of one input file; undefined where there is none. @throws UserError when it cannot be understood */
export function readFileList(path: string): Promise<PreparedFile | undefined> {
  return readList(path, fileSchema);
}

/** Text of a list, the same whatever the fields of `file` came in. */
export const fileListText = (file: PreparedFile) => JSON.stringify(fileSchema.parse(file));

/** List of a section of an input file; undefined where there is none. @throws UserError when it cannot be understood */
export function readSectionList(path: string): Promise<z.infer<typeof sectionListSchema> | undefined> {
  return readList(path, sectionListSchema);
}

/** Path of the list of a folder's shards. @throws UserError when it is not there */
export async function manifestPath(folder: string): Promise<string> {
  const path = join(folder, MANIFEST);
  if (await stat(path).catch(() => undefined)) return path;
  throw notPrepared(path);
}

const notPrepared = (path: string) =>
  new UserError(`${path}: not found; prepare all files of tracks first (trackdnn-trainer prepare)`);

/** @throws UserError when the folder is not prepared, or its list cannot be understood */
export async function openTrackShards(folder: string): Promise<TrackShards> {
  const path = join(folder, MANIFEST);
  const manifest = await readList(path, manifestSchema);
  if (manifest === undefined) throw notPrepared(path);
  const { settings, files } = manifest;
  const shards = files.flatMap(({ sample, sections }) =>
    sections.flatMap((section) => section.shards.map((shard) => ({ ...shard, sample }))),
  );
  const width = settings.features.length;
  const odd = shards.find(({ extremes }) => Object.values(extremes).some(({ length }) => length !== width));
  if (odd !== undefined) {
    throw new UserError(
      `${path}: extremes of ${odd.file} are not those of ${width} features; remove it and prepare again`,
    );
  }
  return { folder, settings, shards };
}

/** @throws UserError when shards hold other features, in another order or with other transforms */
export function requireFeatures({ folder, settings }: TrackShards, wanted: readonly TrackFeature[]): void {
  const difference = featureDifference(settings.features, wanted);
  if (difference === null) return;
  throw new UserError(
    `${folder}: ${difference} by --features; give the list that the shards were prepared with, or prepare others`,
  );
}

async function readList<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new UserError(`${path}: cannot be read (${error.code})`);
  });
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    `${path}: damaged list of shards at ${issue.path.join('.') || 'its start'} (${issue.message}); remove it and prepare again`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
