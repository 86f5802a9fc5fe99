/** Bundles of the workspace: libraries for publication, applications to run. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const workspaceRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Packages that every start of a program evaluates: taken into it they are one file instead of up to eighty. */
const NEEDED_AT_START = new Set(['zod', 'yargs-parser']);

/**
 * Packages stay outside of a bundle: two copies of tfjs-core would break tracing, ONNX Runtime is native. Only
 * tfjs-core's gradient registrations, which exist as untranspiled modules alone, and (in applications) the
 * workspace's own libraries and what they need at once are taken in.
 */
function externalPackages(includeWorkspace) {
  return {
    name: 'external-packages',
    setup(bundler) {
      bundler.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
        if (kind === 'entry-point') return undefined;
        if (path.startsWith('@tensorflow/tfjs-core/dist/')) return undefined;
        if (includeWorkspace && (path.startsWith('@hep/') || NEEDED_AT_START.has(path))) return undefined;
        return { path, external: true };
      });
    },
  };
}

/** Entry modules of worker threads: the build places them beside the main module, where `startWorker` looks. */
function workerEntries(projects) {
  return projects.flatMap((project) => {
    const source = join(project, 'src');
    if (!existsSync(source)) return [];
    return readdirSync(source)
      .filter((file) => file.endsWith('-worker.ts'))
      .map((file) => join(source, file));
  });
}

async function bundle(entryPoints, outdir, includeWorkspace) {
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: entryPoints.map((path) => ({ in: path, out: basename(path, '.ts') })),
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    conditions: ['@hep/source'],
    sourcemap: includeWorkspace,
    // What a module imports by `import()` is loaded when it is used, in worker threads too.
    splitting: true,
    plugins: [externalPackages(includeWorkspace)],
    logLevel: 'warning',
  });
}

/**
 * Bundles a library: one module for each entry of its `exports`, and its workers. What several of them need is a module
 * of its own: a class that exists twice is not the same for `instanceof`.
 */
export async function bundleLibrary(project) {
  const { exports } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  const entries = Object.values(exports).map((entry) => join(project, entry['@hep/source']));
  await bundle([...entries, ...workerEntries([project])], join(project, 'dist'), false);
}

/** Bundles an application: `src/main.ts` (or the given entries) with the libraries and all their workers. */
export async function bundleApplication(project, entries = ['main.ts']) {
  const libraries = readdirSync(join(workspaceRoot, 'libs')).map((name) => join(workspaceRoot, 'libs', name));
  const mains = entries.map((entry) => join(project, 'src', entry));
  await bundle([...mains, ...workerEntries([project, ...libraries])], join(project, 'dist'), true);
}
