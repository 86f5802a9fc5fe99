import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  createRunDirectory,
  describeInputs,
  fit,
  openRunDirectory,
  readHistory,
  readRunRecord,
  requireRoom,
  requireSameInputs,
} from './index.ts';
import { storageError } from '@hep/files';
import { linearFit, temporaryFolder, temporaryRun } from './testing/fit-linear.ts';

const description = { config: 'epochs: 2\n', seed: 5, versions: { project: '0.1.0' }, inputs: [] };

describe('a run directory', () => {
  it('tells configuration, seed, versions, command, machine, inputs and times', async () => {
    const folder = await temporaryFolder();
    const input = join(folder, 'data.csv');
    await writeFile(input, 'abc');
    const inputs = await describeInputs([input]);
    const run = await createRunDirectory(join(folder, 'runs', 'a'), { ...description, inputs });
    expect((await readdir(run.path)).sort()).toEqual([
      '.run.lock',
      'checkpoints',
      'config.yaml',
      'exports',
      'run.json',
      'tensorboard',
    ]);
    expect(await readFile(run.file('config.yaml'), 'utf8')).toBe('epochs: 2\n');
    expect(JSON.parse(await readFile(run.file('run.json'), 'utf8'))).toMatchObject({
      status: 'running',
      seed: 5,
      versions: { node: process.versions.node, project: '0.1.0' },
      commandLine: process.argv,
      machine: { architecture: process.arch },
      inputs: [
        {
          path: input,
          bytes: 3,
          sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
        },
      ],
      ended: null,
    });
    await run.end('finished');
    expect((await openRunDirectory(run.path)).record.status).toBe('finished');
  });

  it('can be read while another process writes it, which loses nothing', async () => {
    const run = await createRunDirectory(join(await temporaryFolder(), 'a'), description);
    const unfinished = run.file('checkpoints', '.epoch-0001.checkpoint.1.tmp');
    await writeFile(unfinished, 'half');
    expect(await readRunRecord(run.path, 'to compare')).toMatchObject({ status: 'running', seed: 5 });
    expect(await readFile(unfinished, 'utf8')).toBe('half');
    await expect(readRunRecord(join(run.path, 'b'), 'to compare')).rejects.toThrow(
      `${join(run.path, 'b')}: no run to compare, it has no run.json; give the directory of an earlier run`,
    );
  });

  it('refuses a place that cannot hold a run, in one line', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(createRunDirectory(file, description)).rejects.toThrow(
      `${file}: is a file, expected a directory for the run; choose another name or remove it`,
    );
    await expect(createRunDirectory(join(file, 'a'), description)).rejects.toThrow(
      `${join(file, 'a')}: cannot be written, a part of the path is a file, not a directory; choose another name`,
    );
    if (process.platform === 'linux') {
      await expect(createRunDirectory('/proc/run/a', description)).rejects.toThrow(
        '/proc/run/a: cannot be written, the directory does not exist or was removed; create it or choose another place',
      );
    }
    await expect(createRunDirectory(folder, description)).rejects.toThrow(
      `${folder}: is not empty (it holds file); choose another name for the run`,
    );
    await expect(openRunDirectory(folder)).rejects.toThrow(
      `${folder}: no run to resume, it has no run.json; give the directory of an earlier run`,
    );
  });

  it('protects a run that has checkpoints, unless it is to be replaced', async () => {
    const run = await temporaryRun();
    await run.write('inputs.json', 'of the program');
    expect((await createRunDirectory(run.path, description)).path).toBe(run.path);
    await fit(linearFit({ run, epochs: 1 }));
    await expect(createRunDirectory(run.path, description)).rejects.toThrow(
      `${run.path}: holds a run already; choose another name, go on with --resume, or replace it with --force`,
    );
    await mkdir(run.file('notes'));
    const again = await createRunDirectory(run.path, description, { force: true });
    expect(await readdir(again.file('checkpoints'))).toEqual([]);
    expect(await readdir(again.path)).toContain('notes');
  });

  it('is refused while another process works on the run', async () => {
    const run = await temporaryRun();
    const owner = `${process.ppid} ${hostname()} 00000000-0000-0000-0000-000000000000`;
    await writeFile(run.file('.run.lock'), `${owner}\n`);
    const atWork = `${run.path}: process ${process.ppid} is at work on this run; wait for it, or stop it first`;
    await expect(openRunDirectory(run.path)).rejects.toThrow(atWork);
    await expect(createRunDirectory(run.path, description, { force: true })).rejects.toThrow(atWork);
    await rm(run.file('.run.lock'));
    const opened = await openRunDirectory(run.path);
    expect(await readdir(run.path)).toContain('.run.lock');
    await opened.end('interrupted');
    expect(await readdir(run.path)).not.toContain('.run.lock');
  });

  it('removes what a killed process left half written', async () => {
    const run = await temporaryRun();
    await writeFile(run.file('checkpoints', '.epoch-0003.checkpoint.123.tmp'), 'half');
    await openRunDirectory(run.path);
    expect(await readdir(run.file('checkpoints'))).toEqual([]);
  });

  it('tells a damaged record', async () => {
    const run = await temporaryRun();
    await writeFile(run.file('run.json'), '{');
    await expect(openRunDirectory(run.path)).rejects.toThrow('run.json: is not JSON; restore the file');
    await writeFile(run.file('run.json'), '{"format":7}');
    await expect(openRunDirectory(run.path)).rejects.toThrow('is not the record of a run (format 1)');
    const inputs = JSON.stringify({ ...run.record, inputs: [{ path: 'a.csv' }] });
    await writeFile(run.file('run.json'), inputs);
    await expect(openRunDirectory(run.path)).rejects.toThrow('run (format 1), inputs.0.bytes: ');
    await writeFile(run.file('run.json'), '['.repeat(100_000));
    await expect(openRunDirectory(run.path)).rejects.toThrow('run.json: is not JSON');
  });
});

describe('room and errors', () => {
  it('tells a full disk before the training starts', async () => {
    await expect(requireRoom('/runs/a', 3 * 2 ** 20, async () => 2 ** 20)).rejects.toThrow(
      '/runs/a: 1.0 MiB free, but the run needs 3.0 MiB; free some space or choose another place',
    );
    await requireRoom(await temporaryFolder(), 1);
  });

  it.each([
    ['EACCES', 'permission denied; choose a place that you may write to'],
    ['EROFS', 'the file system is read-only; choose another place'],
    ['ENOSPC', 'no space left on the disk; free some space or choose another place'],
  ])('says %s in words', (code, words) => {
    const error = storageError(Object.assign(new Error(code), { code }), 'a/b');
    expect(error).toMatchObject({ name: 'UserError', message: `a/b: cannot be written, ${words}` });
  });

  it('notices inputs that changed since the run began', async () => {
    const path = join(await temporaryFolder(), 'data.csv');
    await writeFile(path, 'one');
    const before = await describeInputs([path]);
    requireSameInputs(before, await describeInputs([path]));
    await writeFile(path, 'two');
    expect(() => requireSameInputs(before, [])).toThrow('the run began with 1 input files, now there are 0');
    const after = await describeInputs([path]);
    expect(() => requireSameInputs(before, after)).toThrow(`${path}: content differs from ${path}`);
    await expect(describeInputs(['/nowhere/x.csv'])).rejects.toThrow(
      '/nowhere/x.csv: cannot be read, ENOENT',
    );
  });
});

describe('history.csv', () => {
  it('tells file and row of what it cannot read', async () => {
    const path = join(await temporaryFolder(), 'history.csv');
    await writeFile(path, 'epoch,loss,learning_rate,seconds\n1,0.5,0.001,2\n2,many,0.001,2\n');
    await expect(readHistory(path)).rejects.toThrow(`${path}, row 3: "many" is not a number`);
    await writeFile(path, 'epoch,loss,learning_rate,seconds\n1,0.5\n');
    await expect(readHistory(path)).rejects.toThrow(`${path}, row 2: expected 4 columns, found 2`);
    await writeFile(path, 'a,b\n');
    await expect(readHistory(path)).rejects.toThrow('it has a,b');
  });
});
