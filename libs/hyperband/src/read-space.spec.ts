import { UserError } from '@hep/options';
import { readSpace } from './index.ts';

const names = { parameters: ['activation', 'hidden-units', 'one-hot-iteration'], counters: ['layers'] };
const read = (text: string) => readSpace(text, 'space.yaml', names);

it('reads choices, integers, booleans and lists, the numbers that count before the lists', () => {
  const space = read(`
hidden-units: { choice: [256, 128], times: layers }
activation: { choice: [relu, swish] }
one-hot-iteration: boolean
layers: { integer: [3, 10] }
`);
  expect(space).toEqual([
    { name: 'layers', domain: { kind: 'integer', from: 3, to: 10 }, times: null },
    { name: 'activation', domain: { kind: 'choice', values: ['relu', 'swish'] }, times: null },
    { name: 'hidden-units', domain: { kind: 'choice', values: [256, 128] }, times: 'layers' },
    { name: 'one-hot-iteration', domain: { kind: 'choice', values: [true, false] }, times: null },
  ]);
});

it.each([
  ['activaton: { choice: [relu] }', 'line 1: unknown key activaton; did you mean activation?'],
  ['activation: { choise: [relu] }', 'line 1, key activation: got {"choise":["relu"]}, expected'],
  ['activation: { choice: [] }', 'key activation: choice: got [], expected at least one value'],
  ['activation: { choice: [relu, relu] }', 'key activation: relu is given twice'],
  ['layers: { integer: [3, 1] }\nhidden-units: { choice: [8], times: layers }', 'key layers: got 3 to 1'],
  [
    'layers: { integer: [3, 4] }\nhidden-units: { choice: [8], times: layer }',
    'key hidden-units: times layer is no integer parameter of the space; did you mean layers?',
  ],
  ['layers: { integer: [0, 4] }\nhidden-units: { choice: [8], times: layers }', 'key layers: counts values'],
  ['layers: { integer: [3, 4] }', 'key layers: no parameter has "times: layers"'],
  ['', 'no parameter, expected some of activation'],
  ['[1, 2]', 'expected a mapping'],
  ['activation: { choice: [relu', 'not valid YAML'],
])('tells in one line what is wrong with %j', (text, message) => {
  const error = (() => {
    try {
      return read(text);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).toContain('space.yaml');
  expect((error as Error).message).toContain(message);
  expect((error as Error).message).not.toContain('\n');
});

it('asks the caller whether a value is one, lists as lists', () => {
  const asked: unknown[] = [];
  readSpace(
    'activation: { choice: [relu] }\nlayers: { integer: [2, 3] }\nhidden-units: { choice: [8], times: layers }',
    's',
    { ...names, check: (...question) => asked.push(question) },
  );
  expect(asked).toEqual([
    ['activation', 'relu', 's, key activation'],
    ['hidden-units', [8], 's, key hidden-units'],
  ]);
});
