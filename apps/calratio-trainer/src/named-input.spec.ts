import { namedInputs } from './named-input.ts';

const read = (...texts: string[]) => namedInputs(texts, (_, position) => `file_${position}`);

describe('named inputs', () => {
  it('are split at the first "="', () => {
    expect(read('a.csv', 'data=https://host/b.csv?x=1&y=2')).toEqual([
      { name: 'file_0', input: 'a.csv' },
      { name: 'data', input: 'https://host/b.csv?x=1&y=2' },
    ]);
  });

  it('have no name where the text before "=" is a part of a path', () => {
    expect(read('https://host/b.csv?x=1')).toEqual([{ name: 'file_0', input: 'https://host/b.csv?x=1' }]);
  });

  it('are refused without a name or an input, and with one name twice', () => {
    expect(() => read('=a.csv')).toThrow('input "=a.csv": expected name=input, or an input alone');
    expect(() => read('a=')).toThrow('input "a=": expected');
    expect(() => read('a=b.csv', 'a=c.csv')).toThrow('input c.csv: the name a is taken');
  });
});
