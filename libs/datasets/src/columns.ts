export * from './columns/column.ts';
export * from './columns/number-types.ts';
export * from './columns/require-columns.ts';
