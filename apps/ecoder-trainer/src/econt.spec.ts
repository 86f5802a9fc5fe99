import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWithFixture, fixturePath, temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

/** Rows of a CSV file as records. */
async function table(path: string): Promise<Record<string, number>[]> {
  const [header, ...lines] = (await readFile(path, 'utf8')).trim().split('\n');
  const columns = header.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((field, i) => [columns[i], field === '' ? NaN : Number(field)])),
  );
}

async function csv(
  name: string,
  header: readonly string[],
  rows: readonly (readonly unknown[])[],
): Promise<string> {
  await writeFile(at(name), [header, ...rows].map((row) => row.join(',')).join('\n'));
  return at(name);
}

/** The one line of a refused command, with the folder's path taken out. */
async function refusal(...argv: string[]): Promise<string> {
  const { code, err } = await run('econt', ...argv, '-o', at('refused.csv'));
  expect(code).toBe(2);
  expect(err.length).toBe(1);
  await expect(readFile(at('refused.csv'))).rejects.toThrow('ENOENT');
  return err[0].replaceAll(`${folder}/`, '').replace('ecoder-trainer: ', '');
}

const chargeNames = names('CALQ_', 48);
const linkNames = names('ePortRxDataGroup_', 12);
/** Charges of 60 modules in the order of trigger cells; the largest moves from cell to cell. */
const modules = Array.from({ length: 60 }, (_, row) =>
  chargeNames.map((_, cell) => (cell === row % 48 ? 4000 : (cell * 7 + row) % 90)),
);
const charges = await csv('charges.csv', chargeNames, modules);

describe('charges', () => {
  it.each([
    ['threshold-sum', '10', []],
    ['best-choice', '5', []],
    ['repeater', '11', []],
    ['super-trigger-cells', '5', ['--stc-type', 'STC4_9']],
    ['super-trigger-cells', '2', ['--density', 'low']],
  ])('sent by %s on %s eLinks arrive', async (algorithm, elinks, flags) => {
    const format = ['--algorithm', algorithm, '--elinks', elinks, ...flags];
    await runWell('econt', 'encode', charges, ...format, '--drain', '-o', at('links.csv'));
    await runWell('econt', 'decode', at('links.csv'), ...format, '-o', at('decoded.csv'));
    const rows = await table(at('decoded.csv'));
    expect(rows.length).toBe(60);
    rows.forEach((row, crossing) => {
      const cell = crossing % 48;
      const decoded = chargeNames.map((name) => row[name]);
      expect(decoded.indexOf(Math.max(...decoded))).toBe(cell);
      expect(row['BX_CNT'] & 7).toBe(crossing === 0 ? 7 : crossing % 8);
      if (algorithm === 'repeater') {
        decoded.forEach((charge, k) =>
          expect(Math.abs(charge - modules[crossing][k])).toBeLessThanOrEqual(1 + modules[crossing][k] / 16),
        );
      }
    });
  });

  it('are CALQ files themselves', async () => {
    await runWell('econt', 'encode', charges, '--stage', 'charges', '-o', at('again.csv'));
    expect((await table(at('again.csv'))).map((row) => chargeNames.map((name) => row[name]))).toEqual(
      modules,
    );
  });

  it('go through the encoder of the chip to latent numbers', async () => {
    const weights = at('weights.csv');
    await writeFile(weights, new Array(12).fill('1'.repeat(268)).join(','));
    const format = ['--algorithm', 'autoencoder', '--elinks', '3'];
    await runWell('econt', 'encode', charges, ...format, '--weights', weights, '-o', at('latent-links.csv'));
    await runWell('econt', 'decode', at('latent-links.csv'), ...format, '-o', at('latent.csv'));
    const rows = await table(at('latent.csv'));
    const total = modules[9].reduce((sum, charge) => sum + charge, 0);
    expect(Math.abs(rows[9]['SUM'] / total - 1)).toBeLessThan(1 / 32);
    const latent = names('OUT_', 16).map((name) => rows[9][name]);
    expect(latent.every((number) => number % 16 === 0 && number < 512)).toBe(true);
    expect(latent.some((number) => number > 0)).toBe(true);
  });
});

describe('a trained network', () => {
  const run = at('trained', '8x8_c8_S2_tele_qK');
  const flags = ['--quantisation', 'asic', '--restore', 'sum', '--epochs', '2', '--batch-size', '20'];

  beforeAll(async () => {
    await runWell('toy', '-o', at('toy.csv'), '--rows', '200');
    await runWell(
      'train',
      '-i',
      at('toy.csv'),
      '-o',
      at('trained'),
      '--models',
      '8x8_c8_S2_tele_qK',
      ...flags,
    );
    await runWell('train', '-i', at('toy.csv'), '-o', at('trained'), ...flags.slice(4));
  });

  it('runs on both ends of the links, in the registers of the chip and in integers', async () => {
    const format = ['--algorithm', 'autoencoder', '--elinks', '5'];
    await runWell('econt', 'encode', charges, ...format, '--run', run, '-o', at('run-links.csv'));
    await runWell(
      'econt',
      'decode',
      at('run-links.csv'),
      ...format,
      '--run',
      run,
      '-o',
      at('run-charges.csv'),
    );
    const rows = await table(at('run-charges.csv'));
    expect(rows.length).toBe(60);
    rows.forEach((row, module) => {
      const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
      const decoded = total(chargeNames.map((name) => row[name]));
      expect(Math.abs(decoded / row['SUM'] - 1)).toBeLessThan(1e-5);
      expect(Math.abs(decoded / total(modules[module]) - 1)).toBeLessThan(1 / 32);
    });
    const registers = join(run, 'exports', 'encoder_8x8_c8_S2_tele_qK_registers.csv');
    await runWell('econt', 'encode', charges, ...format, '--weights', registers, '-o', at('chip-links.csv'));
    await runWell('econt', 'decode', at('chip-links.csv'), ...format, '-o', at('chip-latent.csv'));
    await runWell('econt', 'decode', at('run-links.csv'), ...format, '-o', at('run-latent.csv'));
    const latent = async (name: string) =>
      (await table(at(name))).flatMap((row) => names('OUT_', 16).map((column) => row[column]));
    const [chip, integers] = [await latent('chip-latent.csv'), await latent('run-latent.csv')];
    // the chip truncates where QKeras rounds, inputs too
    chip.forEach((number, i) => expect(Math.abs(number - integers[i])).toBeLessThanOrEqual(12));
    expect(new Set(chip).size).toBeGreaterThan(20);
  });

  it('that does not fit is refused', async () => {
    const float = at('trained', '8x8_c8_S2_tele');
    expect(await refusal('encode', charges, '-a', 'autoencoder', '--run', float)).toBe(
      'trained/8x8_c8_S2_tele: the encoder of 8x8_c8_S2_tele is not quantised; give the run of a quantised network',
    );
    expect(await refusal('encode', charges, '-a', 'autoencoder', '--run', at('none'))).toBe(
      'none: no run of a network there; give a folder of one network, as train writes it',
    );
    expect(await refusal('decode', charges, '-a', 'repeater', '--run', run)).toBe(
      'option --run: --algorithm repeater has no network; leave the option away',
    );
  });
});

describe('registers', () => {
  it('of threshold, calibration and buffer change what is sent', async () => {
    const links = await csv(
      'links-in.csv',
      [...linkNames, 'FASTCMD'],
      [...Array.from({ length: 30 }, () => [...linkNames.map((_, i) => (i * 9000001) % 2 ** 28), ''])],
    );
    const sent = async (...flags: string[]) => {
      await runWell('econt', 'encode', links, '-o', at('sent.csv'), ...flags);
      return table(at('sent.csv'));
    };
    const first = async (...flags: string[]) => (await sent('--stage', 'frames', ...flags))[0]['FRAMEQ_NUMW'];
    const words = await first();
    expect(await first('--threshold', String(2 ** 20))).toBe(1);
    expect(await first('--threshold', new Array(48).fill(2 ** 20).join(','))).toBe(1);
    expect(await first('--calibration', '0')).toBe(1);
    expect(await first('--eta', '3')).toBeLessThan(words);
    await writeFile(
      at('registers.csv'),
      `${names('CALVALUE_', 48).join(',')}\n${new Array(48).fill(0).join(',')}\n`,
    );
    expect(await first('--calibration', at('registers.csv'))).toBe(1);
    const cut = await sent('--t1', '30', '--t2', '4', '--elinks', '1');
    expect(cut.length).toBe(30);
    const idle = await sent('--stage', 'frames', '--link-reset', '3', '--sync-word', '00000000001');
    expect(idle[4]['FRAMEQ_0']).toBe((4 << 11) | 1);
    expect(idle.map((row) => row['LinkResetStatus']).indexOf(1)).toBe(4);
  });

  it('are the same on both ends', async () => {
    const pattern = ['--sync-word', '00100000001', '--elinks', '13'];
    await runWell('econt', 'encode', charges, '-o', at('tx.csv'), '--link-reset', '3', ...pattern);
    await runWell('econt', 'decode', at('tx.csv'), '-o', at('rx.csv'), ...pattern);
    const rows = await table(at('rx.csv'));
    expect(rows.map((row) => row['LinkResetStatus']).indexOf(1)).toBe(4);
    expect(await refusal('decode', at('tx.csv'), '--sync-word', '00000000001')).toBe(
      'option --sync-word: 00000000001 begins as a frame of the threshold sum does, so the two cannot be told apart; ' +
        'expected 001, 011 or 101 as its first bits',
    );
  });

  it('may reset the front end and restart the counter', async () => {
    const rows = Array.from({ length: 20 }, (_, row) => [
      ...linkNames.map(() => 0x0fffffff + (row === 5 ? 9 : 10) * 2 ** 28),
      row === 8 ? 'FASTCMD_LINKRESETROCT' : row === 10 ? 'FASTCMD_LINKRESETECONT' : '',
    ]);
    const links = await csv('headers.csv', [...linkNames, 'FASTCMD'], rows);
    await runWell('econt', 'encode', links, '--link-headers', '--stage', 'frames', '-o', at('frames.csv'));
    const frames = await table(at('frames.csv'));
    expect(frames.slice(3, 8).map((row) => row['BX_CNT'])).toEqual([3, 4, 31, 1, 2]);
    expect(frames.map((row) => row['LinkResetStatus']).indexOf(1)).toBe(11);
    expect(frames[7]['FRAMEQ_NUMW']).toBe(25);
    expect(frames[8]['FRAMEQ_NUMW']).toBe(1);
  });
});

describeWithFixture(['econt', 'ePortRX_2000bx.csv'], 'recorded links', () => {
  it('are encoded and decoded', async () => {
    const { out } = await runWell(
      'econt',
      'encode',
      fixturePath('econt', 'ePortRX_2000bx.csv'),
      '-o',
      at('tx.csv'),
      '--drain',
    );
    expect(out).toEqual([`2000 crossings in ${at('tx.csv')}`]);
    await runWell('econt', 'decode', at('tx.csv'), '-o', at('back.csv'));
    const rows = await table(at('back.csv'));
    expect(rows.length).toBe(2000);
    expect(rows[1999]['BX_CNT']).toBe(1999 % 16);
  });
});

describe('bad input', () => {
  const good = linkNames.map((_, i) => i);
  const links = (name: string, ...rows: (readonly unknown[])[]) => csv(name, linkNames, rows);
  const place = 'bad.csv line 3 (crossing 1), column 5 (ePortRxDataGroup_4): got';

  it.each([
    ['-7', `${place} -7, expected an integer from 0 to 268435455; correct the line or remove it`],
    ['1.5', `${place} 1.5, expected an integer from 0 to 268435455; correct the line or remove it`],
    ['', `${place} nothing, expected an integer from 0 to 268435455; correct the line or remove it`],
    [
      '268435456',
      `${place} 268435456, expected an integer from 0 to 268435455; words have 28 bits, with --link-headers 32`,
    ],
    ['0x12', `${place} "0x12", expected a finite number or nothing; correct the line or remove it`],
  ])('link word "%s" names file, line, crossing and column', async (word, message) => {
    await links('bad.csv', good, good.with(4, word as never));
    expect(await refusal('encode', at('bad.csv'))).toBe(message);
  });

  it.each([
    [
      '-7',
      'line 3 (crossing 1), column 3 (CALQ_2): got -7, expected an integer from 0 to 4194303; correct the line or remove it',
    ],
    [
      '2.25',
      'line 3 (crossing 1), column 3 (CALQ_2): got 2.25, expected an integer from 0 to 4194303; correct the line or remove it',
    ],
    [
      '4194304',
      'line 3 (crossing 1), column 3 (CALQ_2): got 4194304, expected an integer from 0 to 4194303; correct the line or remove it',
    ],
  ])('charge %s names file, line, crossing and column', async (charge, message) => {
    await csv('bad.csv', chargeNames, [modules[0], modules[1].with(2, charge as never)]);
    expect(await refusal('encode', at('bad.csv'))).toBe(`bad.csv ${message}`);
  });

  it('link data that ends within a crossing names it', async () => {
    await links('bad.csv', good, good, good.slice(0, 7));
    expect(await refusal('encode', at('bad.csv'))).toBe(
      'bad.csv line 4 (crossing 2): 7 columns, expected 12 as in the header; correct the line or remove it',
    );
  });

  it('files of something else are refused', async () => {
    await csv('bad.csv', ['a', 'b'], [[1, 2]]);
    expect(await refusal('encode', at('bad.csv'))).toBe(
      'bad.csv: the header has a, b; expected 12 input links (ePortRxDataGroup_0 to ePortRxDataGroup_11) or 48 charges (CALQ_0 to CALQ_47)',
    );
    expect(await refusal('decode', at('bad.csv'))).toBe(
      'bad.csv: the header has a, b; expected the link words TX_DATA_0, TX_DATA_1, ... of 1 to 13 eLinks',
    );
    await csv('bad.csv', linkNames.slice(1), [good.slice(1)]);
    expect(await refusal('encode', at('bad.csv'))).toBe(
      'bad.csv: column ePortRxDataGroup_0 is missing; expected all 12 input links',
    );
  });

  it.each([
    [
      ['--algorithm', 'super-trigger-cells', '--elinks', '3'],
      'option --elinks: the chip sends nothing of STC16_9 on 3 eLinks, expected at most 2; use fewer, or another --stc-type',
    ],
    [['--elinks', '14'], 'option --elinks: got 14, expected a whole number, at least 1 and at most 13'],
    [
      ['--algorithm', 'autoencoder'],
      '--algorithm autoencoder: expected --weights, the file of the 12 weight registers, or --run, the run directory of a quantised network; give one of the two',
    ],
    [['--threshold', '1,2'], 'option --threshold: 2 numbers, expected one, or 48'],
    [
      ['--threshold', '-1'],
      'option --threshold: got "-1" as number 1, expected an integer from 0 to 4194303',
    ],
    [['--calibration', '2'], 'option --calibration: got 2, expected a factor of at least 0 and less than 2'],
    [['--calibration', ' '], 'option --calibration: 0 numbers, expected one, or 48'],
    [['--calibration', 'none.csv'], 'none.csv: file not found; check the path'],
    [
      ['--calibration', '0.5', '--eta', '2'],
      'option --eta: given beside --calibration, expected one of the two',
    ],
    [['--mask', '1,2'], 'option --mask: 2 bytes, expected 18'],
    [['--eta', '50'], 'option --eta: got 50, expected a number, at least -5 and at most 5'],
    [
      ['--t1', '100000000000'],
      'option --t1: got 100000000000, expected a whole number, at least 1 and at most 32768',
    ],
    [['--sync-word', '0110'], 'option --sync-word: got "0110", expected text matching ^[01]{11}$'],
  ])('%j is refused', async (flags, message) => {
    expect(await refusal('encode', charges, ...flags)).toBe(message);
  });

  it('weight registers that are none are refused', async () => {
    await writeFile(at('weights.csv'), '0x1,0x2');
    expect(await refusal('encode', charges, '-a', 'autoencoder', '--weights', at('weights.csv'))).toBe(
      "weights.csv: 2 weight registers; expected 12; use the file of the chip's registers",
    );
  });

  describe('of link words', () => {
    const decode = (...flags: string[]) =>
      refusal('decode', at('bad-links.csv'), '-a', 'best-choice', ...flags);
    let header = '';
    let lines: string[] = [];

    beforeAll(async () => {
      await runWell('econt', 'encode', charges, '-a', 'best-choice', '--elinks', '3', '-o', at('links.csv'));
      [header, ...lines] = (await readFile(at('links.csv'), 'utf8')).trim().split('\n');
    });
    const write = (rows: readonly string[], first = header) =>
      writeFile(at('bad-links.csv'), [first, ...rows].join('\n'));

    it('with another number of eLinks', async () => {
      await write(lines);
      expect(await decode('--elinks', '4')).toBe(
        'bad-links.csv: words of 3 eLinks, expected 4; give --elinks 3, or the file of 4',
      );
    });

    it('with a crossing lost, or a word missing', async () => {
      await write(lines.toSpliced(20, 1));
      expect(await decode()).toBe(
        'bad-links.csv line 22 (crossing 20): bunch counter 5, expected 4 or 15: the words are not aligned, or of other eLinks or another algorithm',
      );
      await write(lines.with(20, lines[20].split(',').slice(0, -1).join()));
      expect(await decode()).toBe(
        'bad-links.csv line 22 (crossing 20): 3 columns, expected 4 as in the header; correct the line or remove it',
      );
    });

    it('shifted by a link', async () => {
      const words = lines.flatMap((line) => line.split(',').slice(1));
      const shifted = Array.from({ length: lines.length - 1 }, (_, row) =>
        words.slice(3 * row + 1, 3 * row + 4).join(),
      );
      await write(shifted, names('TX_DATA_', 3).join());
      expect(await decode()).toMatch(/^bad-links.csv line \d+ \(crossing \d+\): .* are not aligned/);
    });

    it('that are no words', async () => {
      await write(lines.with(3, `4,${2 ** 32},0,0`));
      expect(await decode()).toBe(
        'bad-links.csv line 5 (crossing 3), column 2 (TX_DATA_0): got 4294967296, expected an integer from 0 to 4294967295; correct the line or remove it',
      );
    });

    it('of another algorithm', async () => {
      await write(lines);
      expect(await refusal('decode', at('bad-links.csv'), '-a', 'threshold-sum')).toMatch(
        /^bad-links.csv line \d+ \(crossing \d+\): .* are not aligned/,
      );
    });
  });
});
