export * from './command-line.ts';
export * from './npy.ts';
export * from './locations.ts';
export * from './hdf5.ts';
export * from './close.ts';
export * from './process.ts';
export * from './temporary-folder.ts';
export * from './batch-systems.ts';
