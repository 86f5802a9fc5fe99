export * from './earlier-options.ts';
export * from './execution.ts';
export * from './final-checkpoint.ts';
export * from './folder.ts';
export * from './resumable-commands.ts';
export * from './run-options.ts';
export * from './schedule.ts';
export * from './stopping.ts';
