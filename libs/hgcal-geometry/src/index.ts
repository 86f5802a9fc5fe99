export * from './trigger-cells.ts';
export * from './arrangements.ts';
export * from './images.ts';
export * from './telescope.ts';
export * from './elinks.ts';
export * from './sensor-cells.ts';
export * from './wafer-map.ts';
export * from './drawing.ts';
