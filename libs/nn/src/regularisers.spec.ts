import { tf } from '@hep/graph';
import { orthogonality } from './regularisers.ts';

beforeAll(() => tf.setBackend('cpu'));

const penalty = (values: readonly number[], shape: readonly number[], factor = 1) =>
  orthogonality(factor)
    .penalty(tf.tensor([...values], [...shape]))
    .dataSync()[0];

describe('orthogonality', () => {
  it('is zero for orthonormal columns, and for orthonormal rows of a wide kernel', () => {
    expect(penalty([0.6, -0.8, 0.8, 0.6, 0, 0], [3, 2])).toBeCloseTo(0, 6);
    expect(penalty([0, 1, 0, 0, 0, 1], [2, 3])).toBeCloseTo(0, 6);
  });

  it('is the Frobenius distance of the Gram matrix from the identity', () => {
    // W = [[1, 2], [3, 4]]: W^T W - 1 = [[9, 14], [14, 19]]
    expect(penalty([1, 2, 3, 4], [2, 2], 0.5)).toBeCloseTo(0.5 * Math.sqrt(81 + 2 * 196 + 361), 4);
  });

  it('is the distance of a kernel’s convolution with itself from the identity', () => {
    const kernel = tf.randomNormal<tf.Rank.R4>([3, 3, 2, 4], 0, 1, 'float32', 5);
    const images = tf.transpose(kernel, [3, 0, 1, 2]);
    const self = tf.conv2d(images, kernel, 2, 'valid');
    const distance = tf.norm(tf.sub(tf.reshape(self, [4, 4]), tf.eye(4)));
    expect(penalty([...kernel.dataSync()], kernel.shape)).toBeCloseTo(distance.dataSync()[0], 3);
  });

  it('has a finite gradient where it is zero', () => {
    const gradient = tf.grad((w) => orthogonality(1).penalty(w))(tf.eye(3));
    expect([...gradient.dataSync()].every((value) => value === 0)).toBe(true);
  });
});
