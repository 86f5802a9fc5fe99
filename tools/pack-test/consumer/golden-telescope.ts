/** A program of somebody else: the telescope loss of the modules in golden.json, printed as JSON. */
import { readFileSync } from 'node:fs';
import { tf } from '@hep/graph';
import { arrangements } from '@hep/hgcal-geometry';
import type { Arrangement } from '@hep/hgcal-geometry';
import { telescope } from '@hep/losses';

interface Golden {
  readonly shape: [number, number, number, number];
  readonly target: number[];
  readonly prediction: number[];
}

const { shape, target, prediction } = JSON.parse(readFileSync('golden.json', 'utf8')) as Golden;
const arrangement: Arrangement = arrangements['8x8'];
const loss: (target: tf.Tensor, prediction: tf.Tensor) => tf.Tensor = telescope(arrangement);

void tf.setBackend('cpu').then(() => {
  const perModule = loss(tf.tensor4d(target, shape), tf.tensor4d(prediction, shape));
  console.log(JSON.stringify([...perModule.dataSync()]));
});
