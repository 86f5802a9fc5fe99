export * from './trainer.ts';
