import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@hep/test-support';
import fc from 'fast-check';
import { shellQuote, slurm } from './index.ts';
import type { ArrayJob } from './index.ts';
import { ABANDONED, exitFile, taskScript } from './task-script.ts';

const root = await temporaryFolder();
const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'));

/** What a shell hands to a program: its arguments, each ended by NUL. */
function asArguments(shellWords: string): string[] {
  const script = `set -- ${shellWords}; [ $# = 0 ] || printf '%s\\0' "$@"`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

it('any text survives a shell as one word', () => {
  const words = fc.array(
    fc.oneof(text, fc.constantFrom('', "'", '"', '\n', '$HOME', '`id`', '*', '~', '-n')),
  );
  fc.assert(
    fc.property(words, (values) => {
      expect(asArguments(values.map(shellQuote).join(' '))).toEqual(values.map(wellFormed));
    }),
    { numRuns: 100 },
  );
  expect(() => shellQuote('a\0b')).toThrow('NUL');
});

/** Lone surrogates become U+FFFD on their way through UTF-8. */
const wellFormed = (value: string) => Buffer.from(value, 'utf8').toString('utf8');

let count = 0;

/** Writes the script of an array and gives its place. */
function written(commands: string[][], more: Partial<ArrayJob> = {}, system = slurm): string {
  const folder = join(root, `it's ${++count}`);
  mkdirSync(join(folder, 'exit'), { recursive: true });
  const array = { name: 'test', commands, workingFolder: root, resources: { cpus: 1, gpus: 0 }, ...more };
  const indices = commands.map((_, index) => index);
  writeFileSync(join(folder, 'tasks.sh'), taskScript(array, { folder, indices, system }));
  return folder;
}

function run(folder: string, index: number) {
  const { status, stdout } = spawnSync('bash', [join(folder, 'tasks.sh'), String(index)], {
    encoding: 'utf8',
  });
  return { status, stdout };
}

describe('the script of an array', () => {
  it('runs one command and leaves its exit code', () => {
    const folder = written([['true'], ['sh', '-c', 'exit 3'], ['no-such-program']]);
    expect([0, 1, 2].map((index) => run(folder, index).status)).toEqual([0, 3, 127]);
    expect([0, 1, 2].map((index) => readFileSync(exitFile(folder, index), 'utf8'))).toEqual([
      '0\n',
      '3\n',
      '127\n',
    ]);
    expect(run(folder, 3).status).toBe(2);
    expect(existsSync(exitFile(folder, 3))).toBe(false);
  });

  it('has folder, variables and lines before every command', () => {
    const folder = written([['sh', '-c', 'echo "$A|$B|$PWD"']], {
      environment: { A: "it's\n$HOME" },
      resources: { cpus: 1, gpus: 0, setup: ['export B=$(echo set up)'] },
    });
    expect(run(folder, 0).stdout).toBe(`it's\n$HOME|set up|${root}\n`);
  });

  it('leaves no exit code when the command was killed from outside', () => {
    const folder = written([
      ['sh', '-c', 'kill -KILL $$'],
      ['sh', '-c', 'kill -TERM $$'],
      ['sh', '-c', 'kill -SEGV $$'],
    ]);
    expect([0, 1, 2].map((index) => run(folder, index).status)).toEqual([137, 143, 139]);
    expect([0, 1, 2].map((index) => existsSync(exitFile(folder, index)))).toEqual([false, false, true]);
  });

  it('does nothing once another submission took its place', () => {
    const folder = written([['echo', 'working']]);
    writeFileSync(join(folder, ABANDONED), '');
    expect(run(folder, 0)).toEqual({ status: 0, stdout: '' });
    expect(existsSync(exitFile(folder, 0))).toBe(false);
  });

  it('waits for a command that saves its work after SIGTERM', async () => {
    const folder = written([
      ['sh', '-c', 'trap "sleep 0.2; echo saved; exit 0" TERM; echo ready; sleep 9 & wait'],
    ]);
    const child = spawn('bash', [join(folder, 'tasks.sh'), '0'], { detached: true });
    let out = '';
    child.stdout.on('data', (bytes: Buffer) => {
      if (out === '') process.kill(-(child.pid ?? NaN), 'SIGTERM'); // Slurm signals all processes of a job
      out += String(bytes);
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, out]).toEqual([0, 'ready\nsaved\n']);
    expect(readFileSync(exitFile(folder, 0), 'utf8')).toBe('0\n');
  });

  it('runs commands of Slurm within an image by apptainer', () => {
    const folder = written([['true']], { resources: { cpus: 1, gpus: 1, image: 'my image.sif' } });
    expect(readFileSync(join(folder, 'tasks.sh'), 'utf8')).toContain(
      "0) set -- apptainer exec --nv 'my image.sif' true ;;",
    );
  });
});
