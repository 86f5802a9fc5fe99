export * from './figure.ts';
export * from './colours.ts';
export * from './comparison.ts';
export * from './loss-curves.ts';
export * from './histogram.ts';
export * from './profile.ts';
export * from './wafer.ts';
export * from './report.ts';
