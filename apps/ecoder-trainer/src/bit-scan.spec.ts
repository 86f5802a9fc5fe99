import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@hep/test-support';
import { run } from './testing/command-line.ts';

const folder = await temporaryFolder();
const output = join(folder, 'scan');
const small = ['--toy-rows', '300', '--epochs', '1', '--batch-size', '64', '--no-tensorboard', '-o', output];
const grid = ['--weight-bits', '3,6', '--latent-bits', '3,9'];
const scan = (...flags: string[]) => run('scan', ...small, ...grid, ...flags);
const rows = async () => (await readFile(join(output, 'scan.csv'), 'utf8')).trim().split('\n');

let first: readonly string[];
beforeAll(async () => {
  const { out, err } = await scan();
  if (err.length > 0) throw new Error(err.join());
  first = out;
});

describe('scan', () => {
  it('trains every combination and compares them', async () => {
    expect(first.filter((line) => /^epoch 1\/1 /.test(line)).length).toBe(4);
    const [header, ...lines] = await rows();
    expect(header).toBe('model,weight_bits,latent_bits,memory_bits,word_bits,epochs,EMD,EMD_err');
    expect(lines.map((line) => line.split(',').slice(0, 6).join())).toEqual([
      '"8x8_c8_S2_tele_qK",3,3,6432,48,1',
      '"8x8_c8_S2_tele_qK",3,9,6432,144,1',
      '"8x8_c8_S2_tele_qK",6,3,12864,48,1',
      '"8x8_c8_S2_tele_qK",6,9,12864,144,1',
    ]);
    expect(lines.every((line) => Number(line.split(',')[6]) > 0)).toBe(true);
    const report = await readFile(join(output, 'scan.html'), 'utf8');
    for (const text of ['3-bit weights', '6-bit weights', 'Bits of a latent number'])
      expect(report).toContain(text);
  });

  it('goes on where it stopped, with the same result', async () => {
    const before = await rows();
    await rm(join(output, 'weights-6_latent-3'), { recursive: true });
    const { code, out } = await scan();
    expect(code).toBe(0);
    expect(out.filter((line) => /finished already after epoch 1/.test(line)).length).toBe(3);
    expect(out.filter((line) => /^epoch 1\/1 /.test(line)).length).toBe(1);
    expect(await rows()).toEqual(before);
  });

  it('keeps its options', async () => {
    const { code, err } = await scan('--seed', '9');
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toContain('--seed 9: the earlier scan in');
  });

  it.each([
    [
      ['--weight-bits', '0'],
      'option --weight-bits: got 0, expected a whole number, at least 1 and at most 16',
    ],
    [['--latent-bits', '3,3'], 'option --latent-bits: 3 is given twice'],
    [['--quantize'], 'unknown option --quantize'],
    [['--models', 'nom_q'], 'model nom_q is unknown'],
  ])('refuses %j', async (flags, message) => {
    const { code, err } = await run('scan', ...small, ...flags);
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toContain(message);
  });
});
