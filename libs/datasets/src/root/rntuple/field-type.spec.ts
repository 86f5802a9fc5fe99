import { describeField, fieldTypes } from './field-type.ts';
import type { Field } from './schema.ts';

function field(name: string, traits: Partial<Field> = {}): Field {
  return { name, typeName: '', role: 0, arrayLength: 0, columns: [], children: [], ...traits };
}

function column(type: number, representation = 0, bits = 32) {
  return { id: representation, type, bits, representation, isDeferred: false, range: undefined };
}

function describeAll(...fields: Field[]): Record<string, string> {
  return Object.fromEntries([...fieldTypes(fields)].map(([name, type]) => [name, describeField(type)]));
}

describe('fields that are no columns', () => {
  it('are named with their type, and leave those beside them readable', () => {
    const streamed = field('streamed', { role: 4, typeName: 'TH1D', columns: [column(0x0f), column(0x01)] });
    const future = field('future', { typeName: 'float8', columns: [column(99)] });
    const number = field('pt', { typeName: 'float', columns: [column(0x18)] });
    const record = field('jet', { role: 2, typeName: 'Jet', children: [number, future] });
    expect(describeAll(streamed, record)).toEqual({
      streamed: 'not readable (TH1D)',
      'jet.pt': 'float32',
      'jet.future': 'not readable (float8 with column type 99)',
    });
  });

  it('are those with representations that do not match, or bits that no number has', () => {
    const half = field('half', { typeName: 'float', columns: [column(0x18), column(0x0b, 2, 16)] });
    const wide = field('wide', { typeName: 'float', columns: [column(0x1c, 0, 60_000)] });
    expect(describeAll(half, wide)).toEqual({ half: 'not readable (float)', wide: 'not readable (float)' });
  });

  it('are those of a class and of its base with one name', () => {
    const energy = field('energy', { typeName: 'float', columns: [column(0x18)] });
    const base = field(':_0', { role: 2, typeName: 'Base', children: [energy] });
    expect(describeAll(field('jet', { role: 2, typeName: 'Jet', children: [base, energy] }))).toEqual({
      'jet.energy': 'not readable (two fields of this name)',
    });
  });

  it('are those that contain each other deeper than any type does', () => {
    let deep = field('number', { columns: [column(0x18)] });
    for (let i = 0; i < 100_000; i++) deep = field('record', { role: 2, typeName: 'Deep', children: [deep] });
    const [[name, type]] = Object.entries(describeAll(deep));
    expect([name.split('.').length, type]).toEqual([18, 'not readable (Deep)']);
  });
});
