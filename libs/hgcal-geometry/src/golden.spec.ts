/** Every file of golden/geometry that this library covers; the ntuple pivot belongs to the readers. */
import { readFileSync } from 'node:fs';
import { describeWithFixture, expectClose, fixturePath, goldenJson, goldenNpy } from '@hep/test-support';
import {
  arrangements,
  autoencoderBlockOrder,
  autoencoderDataBits,
  bestChoiceCells,
  cellPosition,
  chargesFromImage,
  chipBestChoiceCells,
  definingPixels,
  imageFromCharges,
  latentRegister,
  parseWaferMap,
  SENSOR_CELL_CM,
  superCells,
  triggerCellAt,
  triggerCellCentres,
  triggerCellDistances,
  triggerCells,
  triggerCellSpread,
} from './index.ts';
import type { Arrangement } from './index.ts';

const npy = (file: string) => goldenNpy('geometry', file).values;
const json = <T>(file: string) => goldenJson<T>('geometry', file);
const bits = (values: readonly boolean[]) => values.map(Number);

describe('trigger cells', () => {
  it('have the reference centres and distances', () => {
    expectClose(triggerCellCentres('cm'), npy('hexCoords_cm.npy'), { absolute: 1e-12 });
    expectClose(triggerCellCentres(), npy('hexCoords_cells.npy'), { absolute: 1e-12 });
    expectClose(triggerCellDistances(), npy('hexMetric.npy'), { absolute: 1e-9 });
    expectClose(triggerCellDistances('cm'), npy('hexMetric_cm_f32.npy'), { absolute: 1e-5 });
    const scalars = json<Record<string, number>>('hex_scalars.json');
    const { sigmaX, sigmaY } = triggerCellSpread();
    expectClose(
      [SENSOR_CELL_CM, sigmaX, sigmaY, Math.max(...triggerCellDistances())],
      [scalars.oneHexCell, scalars.HexSigmaX, scalars.HexSigmaY, scalars.MAXDIST],
      { absolute: 1e-12 },
    );
  });

  it('have the reference positions and autoencoder block order', () => {
    const remap = json<Record<string, number[]>>('tcRemap.json');
    for (const cell of triggerCells) {
      const row = remap.tc_cell_train.indexOf(cell);
      const position = { u: remap.tc_cellu[row], v: remap.tc_cellv[row] };
      expect(cellPosition(cell)).toEqual(position);
      expect(triggerCellAt(position.u, position.v)).toBe(cell);
      expect(autoencoderBlockOrder()[remap.tc_cell_AEblock[row]]).toBe(cell);
    }
    expect(triggerCellAt(0, 7)).toBeUndefined();
  });
});

describe.each(['4x4x3', '8x8', '6x6x3', '6x6x3_tp'] as const)('arrangement %s', (name) => {
  const arrangement: Arrangement = arrangements[name];
  interface Reference {
    shape: number[];
    arrange: number[];
    arrMask: number[];
    calQMask: number[];
    invert: number[];
  }
  const reference = json<Record<string, Reference>>('arrangements.json')[name];
  const orOnes = (mask: number[]) => (mask.length > 0 ? mask : reference.arrange.map(() => 1));

  it('is the reference', () => {
    expect(arrangement.shape).toEqual(reference.shape);
    expect(arrangement.cells).toEqual(reference.arrange);
    expect(bits(arrangement.visible)).toEqual(orOnes(reference.arrMask));
    expect(bits(arrangement.defining)).toEqual(orOnes(reference.calQMask));
    expect([...definingPixels(arrangement)]).toEqual(reference.invert);
    expect([...definingPixels(arrangement)]).toEqual([...npy(`invert_${name}.npy`)]);
  });

  it('maps wafers to images and back exactly', () => {
    const images = imageFromCharges(arrangement, npy('in_calq_norm.npy'));
    expect(images).toEqual(npy(`prep_${name}.npy`));
    expect(chargesFromImage(arrangement, images)).toEqual(npy(`back_${name}.npy`));
    expect(chargesFromImage(arrangement, npy(`dense_img_${name}.npy`))).toEqual(
      npy(`dense_img_${name}_calq.npy`),
    );
  });
});

describe('older arrangements', () => {
  const older = json<Record<string, number[]>>('arrangements_kakwok.json');

  it.each([
    ['arrange8x8', '8x8_kakwok', 'arrMask8x8', undefined],
    ['martin_arrange8x8', '8x8', 'martin_arrMask', 'martin_calQMask'],
    ['martin_arrange8x8', '8x8_dup', 'martin_arrMask_full', 'martin_calQMask'],
    ['martin_arrange8x8', '8x8_split', 'martin_arrMask_split', undefined],
    ['martin_arrange8x8_2', '8x8_v2', 'martin_arrMask', 'martin_calQMask'],
    ['martin_arrange663', '6x6x3', 'martin_arrange663_mask', 'martin_arrange663_CalQmask'],
    ['arrange443', '4x4x3', undefined, undefined],
    ['martin_arrange443', '4x4x3', undefined, undefined],
  ] as const)('%s is %s', (cells, name, visible, defining) => {
    expect(arrangements[name].cells).toEqual(older[cells]);
    if (visible !== undefined) expect(bits(arrangements[name].visible)).toEqual(older[visible]);
    if (defining !== undefined) expect(bits(arrangements[name].defining)).toEqual(older[defining]);
  });
});

describe('maps of the losses', () => {
  it('turns 8x8 images into 4x4x3 images for the EMD network', () => {
    const images = Float32Array.from(npy('map881_in.npy'));
    const mapped = imageFromCharges(arrangements['4x4x3'], chargesFromImage(arrangements['8x8'], images));
    expect(mapped).toEqual(Float32Array.from(npy('map881_to_443.npy')));
    const maps = json<Record<string, number[]>>('emdloss_maps.json');
    expect([...definingPixels(arrangements['8x8'])]).toEqual(maps.remap_8x8);
    expect(arrangements['4x4x3'].cells).toEqual(maps.arrange443);
  });

  it('has the super cells of the telescope loss', () => {
    const maps = json<{
      remap_8x8: number[];
      remap_443: number[];
      remap_663: number[];
      SCmask_48_36: number[][];
      Weights_48_36: number[];
      SCmask_48_12: number[][];
    }>('telescope_maps.json');
    expect([...definingPixels(arrangements['8x8'])]).toEqual(maps.remap_8x8);
    expect([...definingPixels(arrangements['4x4x3'])]).toEqual(maps.remap_443);
    expect([...definingPixels(arrangements['6x6x3'])]).toEqual(maps.remap_663);
    const groups = superCells();
    expect(groups.map(({ cells }) => cells)).toEqual(maps.SCmask_48_36.map((row) => row.slice(0, 4)));
    expect(groups.slice(0, 12).map(({ cells }) => cells)).toEqual(maps.SCmask_48_12);
    const weights = groups.map(({ weight }) => weight);
    expectClose(weights, maps.Weights_48_36, { relative: 1e-15 });
    expect(weights.reduce((a, b) => a + b)).toBeCloseTo(12.5625, 12);
    expect(superCells('derived').reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(12, 12);
    expect(superCells('derived')[1].weight).toBeCloseTo((0.25 * 13) / 12, 15);
    expect(superCells('derived')[29].weight).toBeCloseTo((0.25 * 7) / 6, 15);
  });
});

describe('eLinks', () => {
  const budgets = json<{
    nBits_encod_total: Record<string, number>;
    encod_integer: number;
    encod_keep_negative: number;
    best_choice_nTC: Record<string, number>;
    ae_formatter_data_bits: Record<string, number>;
    tcPerLink: number[];
  }>('elinks.json');

  it('have the reference bit budgets', () => {
    for (const [eLinks, total] of Object.entries(budgets.nBits_encod_total)) {
      const signed = budgets.encod_keep_negative === 1;
      expect(latentRegister(Number(eLinks))).toEqual({ total, integer: budgets.encod_integer, signed });
    }
    for (const [eLinks, cells] of Object.entries(budgets.best_choice_nTC)) {
      expect(bestChoiceCells(Number(eLinks))).toBe(cells);
    }
    for (const [eLinks, bits] of Object.entries(budgets.ae_formatter_data_bits)) {
      expect(autoencoderDataBits(Number(eLinks))).toBe(bits);
    }
    expect(budgets.tcPerLink.map((_, eLinks) => chipBestChoiceCells(eLinks))).toEqual(budgets.tcPerLink);
  });

  it.each([1, 6, 2.5, NaN])('refuses %p eLinks for the autoencoder', (eLinks) => {
    expect(() => latentRegister(eLinks)).toThrow(
      new RangeError(`${eLinks} eLinks: the autoencoder needs an integer from 2 to 5`),
    );
    expect(() => bestChoiceCells(eLinks)).toThrow(RangeError);
  });
});

describeWithFixture(['geometry', 'WaferEtaPhiMap.csv'], 'wafer map', () => {
  it('finds the direction of every sampled module', () => {
    const map = parseWaferMap(readFileSync(fixturePath('geometry', 'WaferEtaPhiMap.csv'), 'utf8'));
    const sample = json<{ n_rows: number; rows: number[][]; layers: [number, number] }>(
      'wafer_eta_phi_sample.json',
    );
    expect(map.size).toBe(sample.n_rows);
    expect(map.layers).toHaveLength(36);
    expect([map.layers[0], map.layers.at(-1)]).toEqual(sample.layers);
    for (const [, layer, u, v, eta, phi] of sample.rows) {
      const found = map.direction(layer, u, v)!;
      expectClose([found.eta, found.phi], [eta, phi], { absolute: 1e-7 }, `layer ${layer}, (${u}, ${v})`);
    }
    expect(map.direction(9, 0, 0)).toBeUndefined();
  });
});
