import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { histogramText, profileText } from './plot-text.ts';
import { summaryTable, writeSummary } from './summary-table.ts';
import { fixed12, fixedCsv, writeVerificationFiles } from './verification-csv.ts';

describe('fixed12', () => {
  // Expected texts: printf "%.12f" of C and Python.
  it.each([
    [0, '0.000000000000'],
    [-0, '-0.000000000000'],
    [1 / 3, '0.333333333333'],
    [Math.fround(0.1), '0.100000001490'],
    [1 / 8192, '0.000122070312'],
    [3 / 8192, '0.000366210938'],
    [-5 / 8192, '-0.000610351562'],
    [1234567.5, '1234567.500000000000'],
    [-1e-20, '-0.000000000000'],
    [NaN, 'nan'],
    [-Infinity, '-inf'],
  ])('writes %d as C does', (value, text) => {
    expect(fixed12(value)).toBe(text);
  });
});

describe('verification files', () => {
  it('put the columns of spec section 15 side by side', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'verify-'));
    const rows = (width: number) => ({
      width,
      values: Float32Array.from({ length: 2 * width }, (_, i) => i / 64),
    });
    const paths = await writeVerificationFiles(
      folder,
      {
        image: rows(64),
        sumMipT: [2, 4],
        inputMipT: rows(48),
        latent: rows(16),
        decodedImage: rows(64),
        decodedCells: rows(48),
        extra: { width: 2, values: [1.5, 0.1, 2.5, 0.2] },
      },
      -1,
    );
    expect(paths).toHaveLength(6);
    const fields = async (name: string) =>
      (await readFile(join(folder, name), 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','));
    expect((await fields('verify_input_calQ.csv')).map((row) => row.length)).toEqual([50, 50]);
    expect((await fields('verify_decoded_calQ.csv'))[1]!.slice(-2)).toEqual([
      '2.500000000000',
      '0.200000000000',
    ]);
    expect((await fields('verify_input_ae_abs.csv'))[1]![0]).toBe('140.000000000000');
    expect((await fields('verify_output.csv'))[0]).toHaveLength(16);
  });

  it('stops after the wanted rows and refuses columns of different length', () => {
    const block = { width: 1, values: [1, 2, 3] };
    expect(fixedCsv([block], 1)).toBe('1.000000000000\n');
    expect(fixedCsv([block], 0)).toBe('');
    expect(() => fixedCsv([block, { width: 2, values: [1, 2] }])).toThrow(
      'columns of different length: 3, 1 rows',
    );
  });
});

describe('summary table', () => {
  const entry = {
    name: '8x8_c8_S2_tele',
    encoderParameters: 2144,
    totalParameters: 4977,
    encoderFlops: 6544,
    performance: { ae: { EMD: { mean: 1.23456, std: 0.5 } } },
  };

  it('has the columns of spec section 17 and NaN for algorithms that were not run', () => {
    const { columns, rows } = summaryTable([entry], ['EMD']);
    expect(columns.slice(0, 8)).toEqual([
      'name',
      'en_pams',
      'tot_pams',
      'en_flops',
      'EMD_ae',
      'EMD_ae_err',
      'EMD_stc',
      'EMD_stc_err',
    ]);
    expect(columns).toHaveLength(14);
    expect(rows[0]!.slice(0, 8)).toEqual(['8x8_c8_S2_tele', 2144, 4977, 6544, 1.235, 0.5, NaN, NaN]);
  });

  it('is written as csv and json', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'summary-'));
    await writeSummary(folder, summaryTable([{ ...entry, name: 'a,"b"' }], ['EMD']));
    const csv = await readFile(join(folder, 'summary.csv'), 'utf8');
    expect(csv.split('\n')[1]).toMatch(/^"a,""b""",2144,4977,6544,1\.235,0\.5,NaN,NaN/);
    const [row] = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8')) as Record<
      string,
      unknown
    >[];
    expect(row).toMatchObject({ name: 'a,"b"', EMD_ae: 1.235, EMD_stc: null });
  });
});

describe('texts beside plots', () => {
  it('follow spec section 14', () => {
    const numbers = { median: 1.5, q16: 1, q84: 2, mean: 1.6, std: 0.4 };
    expect(histogramText(numbers)).toBe('1.5, 1, 2, \t 1.6, 0.4, \n');
    expect(profileText([{ centre: 1, median: 2, lowError: 0.5, highError: 0.25 }])).toBe('1 2 0.5 0.25 \n');
  });
});
