export * from './jet-columns.ts';
