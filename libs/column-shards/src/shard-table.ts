/** What a shard holds, and what is known of it without opening it. */

/** Numbers of a column, [rows, width]. */
export interface ShardColumn {
  readonly width: number;
  readonly values: Float32Array | Uint8Array;
}

/** Columns by name. */
export interface ShardTable {
  readonly rows: number;
  readonly columns: Readonly<Record<string, ShardColumn>>;
}

/** A table whose rows lie in groups, one after the other: rows of a group can be read without the others. */
export interface GroupedTable extends ShardTable {
  /** Rows of each group; they add up to those of the table. */
  readonly groups: readonly number[];
}

/** What is known of a shard without opening it. */
export interface ShardRecord {
  /** Name within the folder of the shards. */
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
  /** CRC-32 of the head, which has those of all blocks of numbers. */
  readonly checksum: number;
}

/** Rows [first, end) of a group, counted within it. */
export interface GroupRows {
  readonly group: number;
  readonly first: number;
  readonly end: number;
}

/** Rows that have a checksum of their own; a group begins a new block. */
export const BLOCK_ROWS = 128;
