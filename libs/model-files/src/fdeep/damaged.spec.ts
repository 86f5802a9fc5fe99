import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dense, input, chain, initialise, lstm, modelOf, network, takeChannel } from '@hep/nn';
import { temporaryFolder } from '@hep/test-support';
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { readNetworkFile } from '../network-file.ts';
import { decodeArray, encodeArray } from './arrays.ts';
import { writeFdeep } from './write.ts';

const folder = await temporaryFolder();
const path = join(folder, 'small.json');
const x = input('x', [4, 3]);
const model = modelOf(
  network('small', [x], [chain(x, [lstm({ name: 'memory', units: 2 }), dense({ name: 'y', units: 3 })])]),
);
const weights = initialise(model.parameterSpecs, 1);
await writeFdeep(path, model, weights);
const intact = readFileSync(path, 'utf8');

interface Content {
  architecture: unknown;
  trainable_params: Record<string, Record<string, unknown>>;
}

/** Reads the file after a change of its parsed content. */
async function changed(change: (content: Content) => unknown) {
  const content = JSON.parse(intact) as Content;
  await writeFile(join(folder, 'x.json'), JSON.stringify(change(content) ?? content));
  return readNetworkFile(join(folder, 'x.json'));
}

it('reads what was written', async () => {
  expect((await readNetworkFile(path)).weights).toEqual(weights);
});

it.each<[string, (content: Content) => unknown, string]>([
  [
    'a missing array',
    ({ trainable_params: all }) => void delete all['y']['bias'],
    'array bias of layer y is missing',
  ],
  [
    'a missing layer',
    ({ trainable_params: all }) => void delete all['y'],
    'array weights of layer y is missing',
  ],
  [
    'a short array',
    ({ trainable_params: all }) => void (all['y']['bias'] = [1, 2]),
    'array bias of layer y has 2 numbers, expected 3',
  ],
  [
    'what is no base64',
    ({ trainable_params: all }) => void (all['y']['bias'] = ['%%%%']),
    'array bias of layer y is no base64 of float32',
  ],
  ['no list', ({ trainable_params: all }) => void (all['y']['bias'] = 'AAAA'), 'is not a list'],
  [
    'arrays that are no object',
    (content) => ({ ...content, trainable_params: 3 }),
    'array weights of layer memory is missing',
  ],
  [
    'arrays of another layer',
    ({ trainable_params: all }) => void (all['memory'] = all['y']),
    'array weights of layer memory has 6 numbers, expected 24',
  ],
  [
    'arrays with a layer too many',
    ({ trainable_params: all }) => void (all['z'] = all['y']),
    'trainable_params has z, which is no layer with weights',
  ],
  [
    'changed numbers',
    ({ trainable_params: all }) => void (all['y']['bias'] = [1, 2, 3]),
    'its hash differs, the file was changed after it was written',
  ],
  [
    'no architecture',
    (content) => ({ ...content, architecture: null }),
    'architecture: no functional Keras model',
  ],
])('tells %s', async (_, change, message) => {
  await expect(changed(change)).rejects.toThrow(expect.objectContaining({ name: 'UserError' }));
  await expect(changed(change)).rejects.toThrow(message);
});

it('ends in one line or in the same weights, whatever letter is changed or missing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(intact.length - 1), fc.string({ maxLength: 2 }), async (at, letters) => {
      await writeFile(
        join(folder, 'x.json'),
        intact.slice(0, at) + letters + intact.slice(at + letters.length),
      );
      try {
        expect((await readNetworkFile(join(folder, 'x.json'))).weights).toEqual(weights);
      } catch (error) {
        expect((error as Error).name).toBe('UserError');
        expect((error as Error).message).toMatch(/^[^\n]+$/);
      }
    }),
    { numRuns: 300 },
  );
});

it('gives back any numbers', () => {
  fc.assert(
    fc.property(fc.float32Array({ noNaN: true, maxLength: 1000 }), (values) => {
      const pieces = encodeArray(values);
      expect(pieces.slice(0, -1).every((piece) => piece.length === 1024)).toBe(true);
      expect(decodeArray(JSON.parse(JSON.stringify(pieces)), values.length)).toEqual(values);
    }),
  );
});

it('is not written for a layer that the library does not have', async () => {
  const image = input('image', [2, 2, 3]);
  const channel = modelOf(
    network('n', [image], [chain(image, [takeChannel({ name: 'red', index: 0, channels: 3, axes: 3 })])]),
  );
  await expect(writeFdeep(path, channel, {})).rejects.toThrow(
    'layer red: frugally-deep has no layer of class Cropping2D',
  );
});
