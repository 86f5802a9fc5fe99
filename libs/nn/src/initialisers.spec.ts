import {
  constant,
  fanInUniform,
  glorotUniform,
  heNormal,
  initialise,
  lecunNormal,
  ones,
  orthogonal,
  zeros,
} from './initialisers.ts';
import type { Initialiser } from './initialisers.ts';
import type { ParameterSpec, Shape } from './parameters.ts';

const spec = (name: string, shape: Shape, initialiser: Initialiser): ParameterSpec => ({
  name,
  shape,
  trainable: true,
  initialiser,
});

const valuesOf = (initialiser: Initialiser, shape: Shape, seed = 1) =>
  initialise([spec('kernel', shape, initialiser)], seed)['kernel'].values;

const deviation = (values: Float32Array) =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

describe('initial values', () => {
  it('depend on the seed and the name only', () => {
    const specs = [spec('a/kernel', [3, 4], glorotUniform), spec('b/kernel', [3, 4], glorotUniform)];
    const both = initialise(specs, 7);
    expect(initialise([specs[1]], 7)['b/kernel']).toEqual(both['b/kernel']);
    expect(both['a/kernel'].values).not.toEqual(both['b/kernel'].values);
    expect(initialise(specs, 8)['a/kernel'].values).not.toEqual(both['a/kernel'].values);
  });

  it('have the spread of their distributions', () => {
    const shape = [3, 3, 20, 30];
    const glorot = valuesOf(glorotUniform, shape);
    const limit = Math.sqrt(6 / (9 * 50));
    expect(Math.max(...glorot)).toBeLessThan(limit);
    expect(Math.max(...glorot)).toBeGreaterThan(0.99 * limit);
    expect(deviation(glorot)).toBeCloseTo(limit / Math.sqrt(3), 2);
    expect(deviation(valuesOf(heNormal, shape))).toBeCloseTo(Math.sqrt(2 / 180), 2);
    const lecun = valuesOf(lecunNormal, shape);
    expect(deviation(lecun)).toBeCloseTo(Math.sqrt(1 / 180), 2);
    expect(Math.max(...lecun)).toBeLessThan((2 / 0.8796) * Math.sqrt(1 / 180) + 1e-6);
  });

  it('are those of PyTorch for dense layers', () => {
    const values = valuesOf(fanInUniform(25, 2), [25, 400]);
    expect(Math.max(...values)).toBeLessThan(0.4);
    expect(Math.min(...values)).toBeLessThan(-0.399);
    expect(deviation(values)).toBeCloseTo(0.4 / Math.sqrt(3), 2);
  });

  it.each([
    [5, 8],
    [8, 5],
  ])('orthogonal %i x %i has orthonormal rows or columns', (rows, columns) => {
    const values = valuesOf(orthogonal, [rows, columns]);
    const count = Math.min(rows, columns);
    const at = (vector: number, i: number) =>
      rows <= columns ? values[vector * columns + i] : values[i * columns + vector];
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        let product = 0;
        for (let i = 0; i < Math.max(rows, columns); i++) product += at(a, i) * at(b, i);
        expect(product).toBeCloseTo(a === b ? 1 : 0, 5);
      }
    }
  });

  it('can be constants', () => {
    expect([...valuesOf(zeros, [2]), ...valuesOf(ones, [2]), ...valuesOf(constant(0.5), [1])]).toEqual([
      0, 0, 1, 1, 0.5,
    ]);
  });
});
