export * from './columns/column.ts';
