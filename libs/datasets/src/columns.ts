export * from './columns/column.ts';
export * from './columns/number-types.ts';
export * from './columns/require-columns.ts';
export * from './columns/read-pieces.ts';
export * from './columns/open-columns.ts';
export * from './columns/flat-numbers.ts';
