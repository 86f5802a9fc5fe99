export * from './testing/command-line.ts';
