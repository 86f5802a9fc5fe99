import fc from 'fast-check';
import { createEmdSolver, createTransportSolver } from './index.ts';
import { slowTransport } from './fixtures/slow-transport.ts';

/** Distances of points in the plane, [n, n]. */
function planeMetric(points: readonly (readonly [number, number])[]): Float64Array {
  return Float64Array.from(
    points.flatMap(([ax, ay]) => points.map(([bx, by]) => Math.hypot(ax - bx, ay - by))),
  );
}

const point = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }));
/** Points on a small grid (many equal distances) with `count` histograms of whole charges (many ties). */
const problem = (count: number) =>
  fc.integer({ min: 1, max: 12 }).chain((bins) =>
    fc.record({
      points: fc.array(point, { minLength: bins, maxLength: bins }),
      histograms: fc.array(
        fc
          .array(fc.integer({ min: 0, max: 4 }), { minLength: bins, maxLength: bins })
          .filter((h) => h.some(Boolean)),
        { minLength: count, maxLength: count },
      ),
    }),
  );
const floats = (values: readonly number[]) => Float64Array.from(values);
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const runs = { numRuns: 150 };

describe('emd', () => {
  it('agrees with an independent algorithm', () => {
    fc.assert(
      fc.property(problem(2), ({ points, histograms: [a, b] }) => {
        const metric = planeMetric(points);
        const supply = a.map((charge) => charge * sum(b));
        const demand = b.map((charge) => charge * sum(a));
        const expected = slowTransport(metric, supply, demand) / (sum(a) * sum(b));
        expect(createEmdSolver(metric, points.length).emd(floats(a), floats(b))).toBeCloseTo(expected, 10);
      }),
      runs,
    );
  });

  it('is a metric: zero for equals, symmetric, obeys the triangle inequality', () => {
    fc.assert(
      fc.property(problem(3), ({ points, histograms }) => {
        const [a, b, c] = histograms.map(floats);
        const { emd } = createEmdSolver(planeMetric(points), points.length);
        expect(emd(a, a)).toBe(0);
        expect(Math.abs(emd(a, b) - emd(b, a))).toBeLessThan(1e-12);
        expect(emd(a, c)).toBeLessThanOrEqual(emd(a, b) + emd(b, c) + 1e-12);
      }),
      runs,
    );
  });

  it('has a gradient that supports it from below and leads to zero', () => {
    fc.assert(
      fc.property(problem(3), ({ points, histograms }) => {
        const [x, y, z] = histograms.map((h) => floats(h.map((charge) => charge / sum(h))));
        const { emd, emdGradient } = createEmdSolver(planeMetric(points), points.length);
        const gradient = new Float64Array(points.length);
        const distance = emdGradient(x, y, gradient);
        const along = (to: Float64Array) => sum([...gradient].map((g, bin) => g * (to[bin] - y[bin])));
        expect(distance).toBe(emd(x, y));
        expect(along(x)).toBeCloseTo(-distance, 10);
        expect(emd(x, z)).toBeGreaterThanOrEqual(distance + along(z) - 1e-10);
      }),
      runs,
    );
  });

  it('has a gradient by charges: none along the histogram, less for larger sums', () => {
    const { emdGradient } = createEmdSolver(Float64Array.of(0, 2, 2, 0), 2);
    const gradient = new Float64Array(2);
    expect(emdGradient(floats([1, 0]), floats([3, 1]), gradient)).toBe(0.5);
    expect([...gradient]).toEqual([-0.125, 0.375]);
    expect(emdGradient(floats([0, 0]), floats([3, 1]), gradient)).toBe(-1);
    expect([...gradient]).toEqual([0, 0]);
    const cut = createEmdSolver(Float64Array.of(0, 2, 2, 0), 2, { threshold: 0.1 });
    expect(() => cut.emdGradient(floats([1, 0]), floats([3, 1]), gradient)).toThrow(
      'expected 0 for gradients',
    );
  });

  it('does not depend on the sums of the histograms', () => {
    const factor = fc.constantFrom(5e-324, 1e-310, 1e-30, 3, 1e30, 1e307);
    fc.assert(
      fc.property(problem(2), factor, factor, ({ points, histograms: [a, b] }, f, g) => {
        const { emd } = createEmdSolver(planeMetric(points), points.length);
        const scaled = (values: readonly number[], by: number) => floats(values.map((value) => value * by));
        expect(Math.abs(emd(scaled(a, f), scaled(b, g)) - emd(floats(a), floats(b)))).toBeLessThan(1e-10);
      }),
      runs,
    );
  });

  it('does not depend on the order of the bins', () => {
    fc.assert(
      fc.property(problem(2), fc.infiniteStream(fc.nat()), ({ points, histograms: [a, b] }, keys) => {
        const order = points.map((_, bin) => ({ bin, key: keys.next().value as number }));
        order.sort((p, q) => p.key - q.key || p.bin - q.bin);
        const shuffled = <T>(values: readonly T[]) => order.map(({ bin }) => values[bin]);
        const before = createEmdSolver(planeMetric(points), points.length).emd(floats(a), floats(b));
        const after = createEmdSolver(planeMetric(shuffled(points)), points.length).emd(
          floats(shuffled(a)),
          floats(shuffled(b)),
        );
        expect(Math.abs(before - after)).toBeLessThan(1e-12);
      }),
      runs,
    );
  });

  it('ends and is right on 48 bins full of ties', () => {
    const points = Array.from({ length: 48 }, (_, k) => [k % 8, Math.floor(k / 8)] as const);
    const metric = Float64Array.from(planeMetric(points), Math.ceil);
    const { emd } = createEmdSolver(metric, 48);
    const whole = fc
      .array(fc.integer({ min: 0, max: 2 }), { minLength: 48, maxLength: 48 })
      .filter((h) => h.some(Boolean));
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        const supply = a.map((charge) => charge * sum(b));
        const demand = b.map((charge) => charge * sum(a));
        const direct = createTransportSolver(metric, 48, 48).solve(floats(a), floats(b));
        expect(Math.abs(direct - slowTransport(metric, supply, demand) / (sum(a) * sum(b)))).toBeLessThan(
          1e-10,
        );
        expect(Math.abs(emd(floats(a), floats(b)) - direct)).toBeLessThan(1e-10);
      }),
      { numRuns: 20 },
    );
  });

  it('keeps its accuracy with charges of very different size', () => {
    const metric = planeMetric([
      [0, 0],
      [1, 0],
      [0, 5],
      [3, 3],
    ]);
    const { emd } = createEmdSolver(metric, 4);
    expect(emd(floats([1, 0, 1e-300, 0]), floats([0, 1, 0, 5e-324]))).toBeCloseTo(1, 12);
    expect(emd(floats([1e308, 1e308, 0, 0]), floats([0, 0, 1e308, 1e308]))).toBeCloseTo(
      (5 + Math.hypot(2, 3)) / 2,
      12,
    );
  });

  it('reads histograms inside larger arrays', () => {
    const { emd } = createEmdSolver(
      planeMetric([
        [0, 0],
        [2, 0],
      ]),
      2,
    );
    expect(emd(Float32Array.of(9, 9, 1, 0), Float64Array.of(9, 0, 1), 2, 1)).toBe(2);
    expect(() => emd(floats([1, 0]), floats([1, 0]), 1)).toThrow(
      'x: 2 bins at 1 reach beyond the array of 2 numbers',
    );
  });

  it('tells empty histograms, the first one first', () => {
    const metric = planeMetric([
      [0, 0],
      [2, 0],
    ]);
    const [empty, full] = [floats([0, 0]), floats([1, 1])];
    const { emd } = createEmdSolver(metric, 2);
    expect([emd(empty, full), emd(empty, empty), emd(full, empty)]).toEqual([-1, -1, -0.5]);
    const thresholded = createEmdSolver(metric, 2, { threshold: 0.5 });
    expect([thresholded.emd(full, floats([1, 0])), thresholded.emd(floats([1, 0]), full)]).toEqual([
      -1, -0.5,
    ]);
  });

  it.each([NaN, -1, Infinity, -Infinity])('refuses the charge %p', (charge) => {
    const { emd } = createEmdSolver(
      planeMetric([
        [0, 0],
        [2, 0],
      ]),
      2,
    );
    const message = `[1] is ${charge}; expected a finite number, 0 or more`;
    expect(() => emd(floats([1, charge]), floats([1, 1]))).toThrow(new RangeError(`x${message}`));
    expect(() => emd(floats([0, 0]), floats([1, charge]))).toThrow(new RangeError(`y${message}`));
  });

  it('refuses what is not a metric, a threshold out of range and unequal batches', () => {
    expect(() => createEmdSolver(floats([0, 1]), 2)).toThrow('metric: 2 numbers; expected 4');
    expect(() => createEmdSolver(floats([0, 1, 2, 0]), 2)).toThrow(
      'metric[0, 1] is 1; expected finite, symmetric',
    );
    expect(() => createEmdSolver(floats([0, NaN, NaN, 0]), 2)).toThrow(RangeError);
    expect(() => createEmdSolver(floats([0, 1, 4, 1, 0, 1, 4, 1, 0]), 3)).toThrow(
      'metric[0, 2] is longer than the way over 1',
    );
    expect(() => createEmdSolver(floats([0]), 1, { threshold: 1 })).toThrow(
      'threshold 1; expected 0 <= threshold < 1',
    );
    const solver = createEmdSolver(
      planeMetric([
        [0, 0],
        [2, 0],
      ]),
      2,
    );
    expect(() => solver.emdBatch(floats([1, 1, 1]), floats([1, 1, 1]))).toThrow(
      'x: 3 numbers; expected a multiple of 2',
    );
    expect(() => solver.emdBatch(floats([1, 1]), floats([1, 1, 1, 1]))).toThrow('y: 4 numbers; expected 2');
  });
});

describe('transport with any cost', () => {
  it('agrees with an independent algorithm', () => {
    const amounts = (length: number) =>
      fc
        .array(fc.integer({ min: 0, max: 5 }), { minLength: length, maxLength: length })
        .filter((h) => h.some(Boolean));
    const problems = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
      .chain(([rows, columns]) =>
        fc.record({
          costs: fc.array(fc.integer({ min: 0, max: 9 }), {
            minLength: rows * columns,
            maxLength: rows * columns,
          }),
          supply: amounts(rows),
          demand: amounts(columns),
        }),
      );
    fc.assert(
      fc.property(problems, ({ costs, supply, demand }) => {
        const all = sum(supply) * sum(demand);
        const scaled = (values: readonly number[]) => values.map((value) => (value * all) / sum(values));
        const expected = slowTransport(costs, scaled(supply), scaled(demand)) / all;
        const solver = createTransportSolver(floats(costs), supply.length, demand.length);
        expect(solver.solve(floats(supply), floats(demand))).toBeCloseTo(expected, 10);
      }),
      runs,
    );
  });

  it('gains from negative costs and refuses infinite ones', () => {
    const solver = createTransportSolver(floats([-1, 3, 5, -2]), 2, 2);
    expect(solver.solve(floats([1, 1]), floats([2, 2]))).toBeCloseTo(-1.5, 12);
    expect(solver.solve(floats([0, 0]), floats([2, 2]))).toBe(-1);
    expect(() => createTransportSolver(floats([1, Infinity]), 1, 2)).toThrow('costs[1] is Infinity');
  });
});
