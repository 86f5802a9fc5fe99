export { BLOCK_ROWS } from './shard-table.ts';
export type { GroupedTable, GroupRows, ShardColumn, ShardRecord, ShardTable } from './shard-table.ts';
export * from './write-shard.ts';
export * from './read-shard.ts';
export * from './exact-draw.ts';
export * from './shuffled-pieces.ts';
export * from './streaming-trainer.ts';
export * from './deal-pieces.ts';
