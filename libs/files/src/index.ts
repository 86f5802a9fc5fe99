export * from './atomic-write.ts';
export * from './make-folder.ts';
export * from './storage-error.ts';
