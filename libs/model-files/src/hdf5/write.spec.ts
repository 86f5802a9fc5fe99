import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hdf5Bytes } from './write.ts';

const started = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'working-'));
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(started);
  rmSync(folder, { recursive: true });
});

it('an HDF5 file leaves no trace in the working folder, which other processes may share', async () => {
  const seen: string[][] = [];
  const write = (value: number) =>
    hdf5Bytes((file) => {
      seen.push(readdirSync(folder));
      file.create_attribute('value', value);
    });
  const [first, second] = await Promise.all([write(1), write(2)]);
  expect(seen).toEqual([[], []]);
  expect(readdirSync(folder)).toEqual([]);
  expect(Buffer.from(first.subarray(0, 8)).toString('latin1')).toBe('\x89HDF\r\n\x1a\n');
  expect(first).not.toEqual(second);
});
