export * from './shard-file.ts';
export * from './exact-draw.ts';
export * from './shuffled-pieces.ts';
export * from './streaming-trainer.ts';
