export { openRootFile } from './root/open-root-file.ts';
export type { RootFileOptions } from './root/open-root-file.ts';
