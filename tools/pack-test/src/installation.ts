/** Installs packed libraries in a folder outside of the workspace, as their users do. */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { folderOf, readManifest, workspaceRoot } from './packages.ts';

const consumer = fileURLToPath(new URL('../consumer/', import.meta.url));

/** Output of a program; rejects with everything it printed when it fails. */
export async function output(command: string, parameters: readonly string[], cwd: string): Promise<string> {
  // Settings of the npm that runs this test, such as its workspace, are not those of a user.
  const environment = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(config_local_prefix|package)|NODE_OPTIONS$)/i.test(name),
  );
  try {
    const { stdout } = await promisify(execFile)(command, parameters, {
      cwd,
      env: Object.fromEntries(environment),
    });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${parameters.join(' ')}\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** A folder with the libraries, the consumer's program as an ES module and as CommonJS, and its tsconfig. */
export class Installation {
  readonly folder = mkdtempSync(join(tmpdir(), 'hep-pack-'));

  /** Packs and installs the libraries; their other dependencies come from the registry. */
  async install(names: readonly string[]): Promise<void> {
    const tarballs = join(this.folder, 'tarballs');
    mkdirSync(tarballs);
    await this.npm('pack', '--pack-destination', tarballs, ...names.map(folderOf));
    const dependencies = names.map((name) => {
      const { version } = readManifest(folderOf(name));
      return [name, `file:tarballs/${name.replace('@', '').replace('/', '-')}-${version}.tgz`];
    });
    const manifest = { private: true, dependencies: Object.fromEntries(dependencies) };
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify(manifest));
    await this.npm('install', '--prefer-offline');
    for (const module of ['esm.mts', 'cjs.cts']) {
      copyFileSync(join(consumer, 'golden-telescope.ts'), join(this.folder, module));
    }
    copyFileSync(join(consumer, 'tsconfig.json'), join(this.folder, 'tsconfig.json'));
  }

  private async npm(...parameters: string[]): Promise<void> {
    await output(
      'npm',
      [...parameters, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      this.folder,
    );
  }

  /** Files of an installed package, relative to it. */
  files(name: string): string[] {
    const folder = join(this.folder, 'node_modules', name);
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  }

  /**
   * Checks the types of consumer and declarations and compiles the consumer.
   * @returns the compiler's complaints, without those about tfjs-core's declarations and what they need: these are at
   * odds with TypeScript's own
   */
  async compile(): Promise<string[]> {
    const tsc = join(workspaceRoot, 'node_modules', 'typescript', 'bin', 'tsc');
    const types = join(workspaceRoot, 'node_modules', '@types');
    const compiler = output(process.execPath, [tsc, '--typeRoots', types], this.folder);
    const lines = (await compiler.catch((error: Error) => error.message)).split('\n');
    return lines
      .filter((line) => /\berror TS\d+:/.test(line))
      .filter((line) => !/^(\.\.\/|node_modules\/(?!@hep\/))/.test(line));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
