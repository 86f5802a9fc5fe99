/** The checkpoints of one run: which to write, which to keep, which to go on from. */
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostState } from '@hep/engine';
import { UserError } from '@hep/options';
import { atomicWrite, isDiskFull } from '@hep/files';
import { DamagedCheckpoint, encodeCheckpoint, readCheckpoint } from './checkpoint-file.ts';
import type { Checkpoint } from './checkpoint-file.ts';
import type { LoopState } from './loop-state.ts';
import { requireSameModel } from './model-signature.ts';
import type { ModelSignature } from './model-signature.ts';

/** The newest good checkpoint of a run. */
export interface Recovered {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  /** Messages of newer checkpoints that were damaged; they were renamed to `*.damaged`. */
  readonly damaged: readonly string[];
}

/** How checkpoints are kept. */
export interface StoreOptions {
  /** Newest checkpoints to keep; the best epochs that they refer to are kept as well. 2 unless given. */
  readonly keep?: number;
  /** Writes a file as `atomicWrite`; a parameter so that a full disk can be tested. */
  readonly write?: typeof atomicWrite;
}

interface Entry {
  readonly file: string;
  readonly epoch: number;
  readonly batch: number;
}

/** Checkpoints in a folder, named `epoch-0003.checkpoint` or `epoch-0003-batch-000120.checkpoint` by finished work. */
export class CheckpointStore {
  private readonly bestOf = new Map<string, number | undefined>();
  private readonly keep: number;
  private readonly write: typeof atomicWrite;

  constructor(
    readonly folder: string,
    private readonly model: ModelSignature,
    { keep = 2, write = atomicWrite }: StoreOptions = {},
  ) {
    this.keep = Math.max(1, keep);
    this.write = write;
  }

  /** Path of the checkpoint after a finished epoch. */
  pathOfEpoch(epoch: number): string {
    return join(this.folder, fileName(epoch, 0));
  }

  /**
   * Writes a checkpoint and removes those that are no longer needed. On a full disk older checkpoints make room.
   * @returns its path
   * @throws UserError when it cannot be written; the checkpoints that are there stay good
   */
  async save(loop: LoopState, state: HostState): Promise<string> {
    const file = fileName(loop.epoch, loop.nextBatch);
    const path = join(this.folder, file);
    const bytes = encodeCheckpoint({ loop, model: this.model, state });
    try {
      await this.write(path, bytes);
    } catch (error) {
      await this.writeInstead(path, bytes, error);
    }
    this.bestOf.set(file, loop.best?.epoch);
    await this.prune(this.keep);
    return path;
  }

  /**
   * The newest checkpoint that is whole; null when there is none at all.
   * @throws UserError when it belongs to another model, or when every checkpoint is damaged
   */
  async newest(): Promise<Recovered | null> {
    const damaged: string[] = [];
    for (const { file } of (await this.entries()).reverse()) {
      const path = join(this.folder, file);
      try {
        return { path, checkpoint: await this.load(path), damaged };
      } catch (error) {
        if (!(error instanceof DamagedCheckpoint)) throw error;
        damaged.push(error.message);
      }
    }
    if (damaged.length > 0) throw new UserError(damaged[0]);
    return null;
  }

  /** Moves damaged checkpoints that are newer than `path` out of the way. */
  async setDamagedAside(path: string): Promise<void> {
    const entries = await this.entries();
    const position = entries.findIndex(({ file }) => join(this.folder, file) === path);
    for (const { file } of entries.slice(position + 1)) {
      await rename(join(this.folder, file), join(this.folder, `${file}.damaged`));
    }
  }

  /** Reads a checkpoint of this model. */
  async load(path: string): Promise<Checkpoint> {
    const checkpoint = await readCheckpoint(path);
    requireSameModel(path, checkpoint.model, this.model);
    return checkpoint;
  }

  private async writeInstead(path: string, bytes: Uint8Array, error: unknown): Promise<void> {
    if (!isDiskFull(error)) throw error;
    await this.prune(1);
    await this.write(path, bytes);
  }

  private async prune(keep: number): Promise<void> {
    const entries = await this.entries();
    const newest = entries.slice(-keep);
    const best = new Set<number | undefined>();
    for (const { file } of newest) best.add(await this.bestEpochOf(file));
    for (const { file, epoch, batch } of entries.slice(0, -keep)) {
      if (batch === 0 && best.has(epoch)) continue;
      await rm(join(this.folder, file), { force: true });
      this.bestOf.delete(file);
    }
  }

  private async bestEpochOf(file: string): Promise<number | undefined> {
    if (!this.bestOf.has(file)) {
      const checkpoint = await readCheckpoint(join(this.folder, file)).catch(() => undefined);
      this.bestOf.set(file, checkpoint?.loop.best?.epoch);
    }
    return this.bestOf.get(file);
  }

  /** Oldest first; none where the folder is gone. */
  private async entries(): Promise<Entry[]> {
    const entries: Entry[] = [];
    const files = await readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw new UserError(`${this.folder}: cannot be read (${error.code}); check the folder`);
    });
    for (const file of files) {
      const match = /^epoch-(\d+)(?:-batch-(\d+))?\.checkpoint$/.exec(file);
      if (match !== null) entries.push({ file, epoch: Number(match[1]), batch: Number(match[2] ?? 0) });
    }
    return entries.sort((a, b) => a.epoch - b.epoch || a.batch - b.batch);
  }
}

function fileName(epoch: number, batch: number): string {
  const suffix = batch === 0 ? '' : `-batch-${String(batch).padStart(6, '0')}`;
  return `epoch-${String(epoch).padStart(4, '0')}${suffix}.checkpoint`;
}
