import { generateToyJets } from '@hep/calratio-jets';
import { createGenerator } from '@hep/datasets';
import type { FlatColumn } from '@hep/datasets/columns';
import {
  INPUT_SHAPES,
  inputShapes,
  JET_FEATURES,
  JET_INPUTS,
  NETWORK_COLUMNS,
  networkInputs,
  parametrisedMasses,
} from './index.ts';

const ROWS = 40;
const table = generateToyJets({ rows: ROWS, seed: 5, sample: 'main' });
const valuesOf = (name: string) => (table.columns.get(name) as FlatColumn).values;

describe('network inputs of a table', () => {
  it('are the features of the training file in their order, without those of the pixel detector', () => {
    expect(INPUT_SHAPES).toEqual({ constit: [30, 12], track: [20, 10], MSeg: [30, 6], jet: [3] });
    expect(JET_FEATURES.track.join()).toBe(
      'track_pt,track_eta,track_phi,track_vertex_nParticles,track_d0,track_z0,track_chiSquared,track_SCTShared,track_SCTHoles,track_SCTHits',
    );
    expect(JET_FEATURES.constit.slice(-3)).toEqual(['clus_l4ecal', 'clus_l4hcal', 'clus_time']);
    expect(NETWORK_COLUMNS).toHaveLength(30 * 12 + 20 * 10 + 30 * 6 + 3);
  });

  it('hold every value of the table where the network expects it', () => {
    const { columns, rows } = networkInputs(table, 'toy');
    expect(rows).toBe(ROWS);
    for (const input of JET_INPUTS) {
      const { values, rowShape } = columns[input];
      const features = JET_FEATURES[input];
      const stride = rowShape.reduce((product, dim) => product * dim, 1);
      expect(values.buffer).toBeInstanceOf(SharedArrayBuffer);
      for (const row of [0, 17, ROWS - 1]) {
        for (let i = 0; i < stride; i++) {
          const object = Math.floor(i / features.length);
          const feature = features[i % features.length];
          const column = input === 'jet' ? feature : `${feature}_${object}`;
          expect(values[row * stride + i]).toBe(Math.fround(Number(valuesOf(column)[row])));
        }
      }
    }
  });

  it('tell masses in TeV with every object and the jet, mH first', () => {
    const masses = { llp_mH: new Float64Array(ROWS).fill(600), llp_mS: new Float64Array(ROWS).fill(150) };
    const { columns } = networkInputs(table, 'toy', masses);
    const shapes = inputShapes(['llp_mH', 'llp_mS']);
    expect(shapes).toEqual({ constit: [30, 14], track: [20, 12], MSeg: [30, 8], jet: [5] });
    const plain = networkInputs(table, 'toy').columns;
    expect([...columns.constit.values.subarray(0, 12)]).toEqual([...plain.constit.values.subarray(0, 12)]);
    const told = [Math.fround(0.6), Math.fround(0.15)];
    expect([...columns.constit.values.subarray(12, 14)]).toEqual(told);
    expect([...columns.MSeg.values.slice(-2)]).toEqual(told);
    expect([...columns.jet.values.slice(-2)]).toEqual(told);
    const onlyS = networkInputs(table, 'toy', { llp_mS: masses.llp_mS });
    expect(onlyS.columns.jet.rowShape).toEqual([4]);
    expect(onlyS.columns.jet.values[3]).toBe(told[1]);
  });

  it('need every column that the network reads, and say which are missing', () => {
    const columns = new Map(table.columns);
    columns.delete('clus_pt_29');
    columns.delete('jet_eta');
    expect(() => networkInputs({ rows: ROWS, columns }, 'main.csv')).toThrow(
      'main.csv: 2 columns missing of 812 present: clus_pt_29, jet_eta',
    );
  });
});

describe('masses of a parametrised network', () => {
  const labels = [0, 1, 2, 1, 0];
  const own = { mH: [0, 600, 0, 125, 0], mS: [0, 150, 0, 55, 0] };

  it('are those of a random signal jet for background, so that they tell nothing about the class', () => {
    const { mH, mS } = parametrisedMasses(labels, own, () => 1);
    expect([...mH]).toEqual([125, 600, 125, 125, 125]);
    expect([...mS]).toEqual([55, 150, 55, 55, 55]);
    const many = { labels: Array.from({ length: 9000 }, (_, i) => i % 3) };
    const mass = many.labels.map((label, i) => (label === 1 ? (i % 2 === 0 ? 60 : 1000) : 0));
    const drawn = parametrisedMasses(many.labels, { mH: mass, mS: mass }, createGenerator(1).integer);
    const meanOf = (wanted: number) => {
      const picked = drawn.mH.filter((_, i) => many.labels[i] === wanted);
      return picked.reduce((sum, value) => sum + value, 0) / picked.length;
    };
    for (const label of [0, 2]) expect(Math.abs(meanOf(label) - meanOf(1))).toBeLessThan(40);
  });

  it('cannot be drawn without signal', () => {
    expect(() => parametrisedMasses([0, 2], { mH: [0, 0], mS: [0, 0] }, () => 0)).toThrow(
      'main sample: no signal jet (label 1) to take masses from',
    );
  });
});
