export * from './quantiles.ts';
export * from './moments.ts';
export * from './histogram.ts';
export * from './profile.ts';
export * from './wafer-metrics.ts';
export * from './kolmogorov-smirnov.ts';
