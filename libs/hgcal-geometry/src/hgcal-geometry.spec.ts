import fc from 'fast-check';
import {
  arrangements,
  chargesFromImage,
  definingPixels,
  hideMaskedPixels,
  imageFromCharges,
  parseWaferMap,
  triggerCell,
  triggerCellDistances,
  triggerCellOutlines,
} from './index.ts';
import type { Arrangement, ArrangementName, TriggerCellIndex } from './index.ts';

const names = Object.keys(arrangements) as ArrangementName[];

describe.each(names)('arrangement %s', (name) => {
  const arrangement: Arrangement = arrangements[name];

  it('reads back what it shows', () => {
    const charge = fc.float({ noNaN: true });
    fc.assert(
      fc.property(fc.array(charge, { minLength: 96, maxLength: 96 }), (values) => {
        const charges = Float32Array.from(values);
        expect(chargesFromImage(arrangement, imageFromCharges(arrangement, charges))).toEqual(charges);
      }),
      { numRuns: 20 },
    );
  });

  it('has lists as long as its shape', () => {
    const size = arrangement.shape.reduce((a, b) => a * b);
    expect([arrangement.cells.length, arrangement.visible.length, arrangement.defining.length]).toEqual([
      size,
      size,
      size,
    ]);
  });

  it('ignores what hidden pixels hold', () => {
    const images = Float64Array.from(arrangement.cells, (_, pixel) => pixel + 1);
    const charges = chargesFromImage(arrangement, images);
    hideMaskedPixels(arrangement, images);
    expect(images.filter((value) => value === 0)).toHaveLength(arrangement.visible.filter((v) => !v).length);
    expect(chargesFromImage(arrangement, images)).toEqual(charges);
  });
});

describe('definingPixels', () => {
  const plain: Arrangement = arrangements['4x4x3'];

  it('refuses an arrangement that lacks a cell', () => {
    const cells = plain.cells.map((cell) => (cell === 7 ? 8 : cell) as TriggerCellIndex);
    expect(() => definingPixels({ ...plain, cells })).toThrow(
      'shows 47 different cells; expected exactly the cells 0 to 47',
    );
  });

  it('refuses visible repeats without one defining pixel per cell', () => {
    const repeated: Arrangement = { ...arrangements['8x8_dup'], defining: arrangements['8x8_dup'].visible };
    expect(() => definingPixels(repeated)).toThrow('has 64 defining pixels; expected one per cell, 48');
  });

  it('refuses a cell that is nowhere to be read', () => {
    const visible = plain.visible.map((_, pixel) => pixel !== 3);
    expect(() => definingPixels({ ...plain, visible })).toThrow('no pixel to read trigger cell 1 from');
  });

  it('lets later pixels win among several choices', () => {
    const cells = [...plain.cells, triggerCell(0)];
    const visible = [...plain.visible, true];
    const defining = [...plain.defining.map((_, pixel) => pixel !== 0), true];
    expect(definingPixels({ shape: [7, 7, 1], cells, visible, defining })[0]).toBe(48);
  });
});

describe('batches', () => {
  it('must be whole', () => {
    expect(() => imageFromCharges(arrangements['8x8'], new Float32Array(50))).toThrow(
      '50 numbers; expected a multiple of 48',
    );
    expect(() => chargesFromImage(arrangements['8x8'], new Float32Array(64), new Float32Array(47))).toThrow(
      'charges: 47 numbers; expected 48',
    );
  });
});

describe('trigger cells', () => {
  it.each([-1, 48, 0.5, NaN])('refuses %p', (index) => expect(() => triggerCell(index)).toThrow(RangeError));

  it('have a metric for distances', () => {
    const d = triggerCellDistances();
    for (let i = 0; i < 48; i++) {
      expect(d[49 * i]).toBe(0);
      for (let j = 0; j < 48; j++) {
        expect(d[48 * i + j]).toBe(d[48 * j + i]);
        for (let k = 0; k < 48; k++) {
          if (d[48 * i + j] > d[48 * i + k] + d[48 * k + j] + 1e-12)
            throw new Error(`triangle ${i} ${j} ${k}`);
        }
      }
    }
  });

  it('are drawn as equal rhombi that adjoin with narrow gaps and fit the axes', () => {
    const outlines = triggerCellOutlines();
    const middles: (readonly [number, number])[] = [];
    const at = (cell: number, corner: number) => {
      const i = 8 * cell + 2 * (corner % 4);
      return [outlines[i], outlines[i + 1]] as const;
    };
    for (let cell = 0; cell < 48; cell++) {
      let area = 0;
      for (let corner = 0; corner < 4; corner++) {
        const [ax, ay] = at(cell, corner);
        const [bx, by] = at(cell, corner + 1);
        area += (ax * by - bx * ay) / 2;
        expect(Math.min(ax + 3, 17 - ax, ay + 2, 18 - ay)).toBeGreaterThan(0);
        middles.push([(ax + bx) / 2, (ay + by) / 2]);
      }
      expect(Math.abs(area)).toBeCloseTo(4.7573, 3);
    }
    const shared = middles.filter(
      ([x, y]) => middles.filter((other) => Math.hypot(x - other[0], y - other[1]) < 0.1).length === 2,
    );
    const edgesOfTheModule = 6 * 4;
    expect(shared).toHaveLength(48 * 4 - edgesOfTheModule);
  });
});

describe('parseWaferMap', () => {
  const header = 'subdet,layer,waferu,waferv,tc_eta,tc_phi';

  it('reads columns in any order', () => {
    const map = parseWaferMap('tc_phi,tc_eta,waferv,waferu,layer\r\n-0.5,1.75,2,-3,9\r\n');
    expect(map.direction(9, -3, 2)).toEqual({ eta: 1.75, phi: -0.5 });
  });

  it.each([
    [
      'layer,waferu,waferv,tc_eta\n',
      'map.csv: no column tc_phi; expected layer, waferu, waferv, tc_eta, tc_phi',
    ],
    [`${header}\n1,9,0,1,1.5\n`, 'map.csv: row 2, tc_phi: ""; expected a number'],
    [`${header}\n1,9,0,1,x,0\n`, 'map.csv: row 2, tc_eta: "x"; expected a number'],
    [
      `${header}\n1,9,0,1,1,0\n\n1,9,0,1,1,0\n`,
      'map.csv: row 4: module 9, 0, 1 (layer, u, v) is listed twice; remove one row',
    ],
  ])('explains a bad file', (text, message) => {
    expect(() => parseWaferMap(text, 'map.csv')).toThrow(
      expect.objectContaining({ name: 'UserError', message }),
    );
  });
});
