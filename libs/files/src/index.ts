export * from './atomic-write.ts';
export * from './lock-file.ts';
export * from './make-folder.ts';
export * from './storage-error.ts';
export * from './match-files.ts';
export * from './zip-read.ts';
export * from './zip-write.ts';
export * from './npy.ts';
