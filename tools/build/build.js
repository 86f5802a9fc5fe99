/** `node tools/build/build.js PROJECT`: builds one project of the workspace into its `dist` folder. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleApplication, bundleLibrary } from './bundle.js';

const project = process.argv[2];
if (project === undefined || !existsSync(join(project, 'package.json'))) {
  console.error(`build: "${project ?? ''}" is not a project folder; expected for example libs/losses`);
  process.exit(2);
}
if (project.startsWith('libs/')) {
  await bundleLibrary(project);
  declarations();
} else {
  const scripts = readdirSync(join(project, 'src')).filter((file) => /^(main|.*-main)\.ts$/.test(file));
  await bundleApplication(project, scripts);
}

/** Type declarations of a library, made from its sources and its dependencies' declarations. */
function declarations() {
  const config = join(project, 'dist', 'tsconfig.declarations.json');
  writeFileSync(
    config,
    JSON.stringify({
      extends: '../tsconfig.json',
      compilerOptions: {
        noEmit: false,
        emitDeclarationOnly: true,
        declaration: true,
        customConditions: [],
        rootDir: '../src',
        outDir: '.',
      },
      include: ['../src'],
      exclude: ['../src/**/*.spec.ts', '../src/testing'],
    }),
  );
  const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' });
  rmSync(config);
  if (status !== 0) process.exit(1);
}
