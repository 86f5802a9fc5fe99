/**
 * Starts worker threads whose entry is written as `new URL('./x-worker.ts', import.meta.url)`.
 * From sources the entry is bundled first; from a build the compiled sibling `x-worker.js` is there already.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WorkerOptions } from 'node:worker_threads';
import type { Plugin } from 'esbuild';

/**
 * Starts a worker thread.
 * @param entry URL of the worker's module beside the caller, extension `.ts`, e.g. `new URL('./emd-worker.ts', import.meta.url)`
 * @param options passed to `Worker` (workerData, name, ...)
 * @throws Error when neither the source nor the compiled sibling exists, or when the source does not bundle
 */
export async function startWorker(entry: URL, options: WorkerOptions = {}): Promise<Worker> {
  return new Worker(await workerModule(entry), options);
}

/** File of JavaScript that a worker thread can load for `entry`; see `startWorker`. */
export async function workerModule(entry: URL): Promise<URL> {
  const source = fileURLToPath(entry);
  if (existsSync(source)) return pathToFileURL(await bundle(source));
  const compiled = source.replace(/\.ts$/, '.js');
  if (existsSync(compiled)) return pathToFileURL(compiled);
  throw new Error(
    `worker entry ${source} not found, nor ${compiled}; build the library or copy its *-worker.js here`,
  );
}

/** Bundles a TypeScript entry into a file named by its content, and returns the file's path. */
async function bundle(source: string): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [source],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@hep/source'],
    plugins: [packagesStayExternal],
    logLevel: 'silent',
  });
  const code = outputFiles[0]!.contents;
  const directory = join(nearestNodeModules(dirname(source)), '.cache', 'hep-workers');
  const file = join(directory, `${createHash('sha256').update(code).digest('hex').slice(0, 32)}.mjs`);
  if (!existsSync(file)) {
    mkdirSync(directory, { recursive: true });
    const unfinished = `${file}.${randomUUID()}`;
    writeFileSync(unfinished, code);
    renameSync(unfinished, file);
  }
  return file;
}

/**
 * Leaves packages to Node, so that main thread and worker agree on their versions. Two exceptions are bundled: our
 * own libraries (TypeScript sources) and tfjs-core's deep files (ES modules that Node would read as CommonJS).
 */
const packagesStayExternal: Plugin = {
  name: 'packages-stay-external',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      const bundled = kind === 'entry-point' || /^(@hep\/|@tensorflow\/tfjs-core\/dist\/)/.test(path);
      return bundled ? undefined : { path, external: true };
    });
  },
};

/** The cache must lie where the bundle's package imports resolve: below the entry's own `node_modules`. */
function nearestNodeModules(directory: string): string {
  const candidate = join(directory, 'node_modules');
  if (existsSync(candidate)) return candidate;
  const parent = dirname(directory);
  if (parent === directory) throw new Error('no node_modules folder above the worker entry; run npm install');
  return nearestNodeModules(parent);
}
