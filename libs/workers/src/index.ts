export * from './start-worker.ts';
export * from './service.ts';
export * from './connection.ts';
export * from './worker-pool.ts';
