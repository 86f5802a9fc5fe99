/** Adam in the eigenbasis of the gradients' covariances. */
import { tf } from '@hep/graph';
import { flattenParameters, splitParameters, splitWeights } from '../parameters.ts';
import type { HostTensor, NamedShape } from '../parameters.ts';
import { biasCorrection } from './adam.ts';
import { vectorSlots } from './optimiser.ts';
import type { CommonOptions, Optimiser, UpdateInputs } from './optimiser.ts';
import { orthonormalBasis } from './orthonormal-basis.ts';

/** Options of `soap`. */
export interface SoapOptions extends CommonOptions {
  /** Memory of the first moment; default 0.95. */
  readonly beta1?: number;
  /** Memory of the second moment, which is that of the rotated gradient; default 0.99. */
  readonly beta2?: number;
  /** Memory of the covariances; default 0.99. */
  readonly covarianceMemory?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
  /** Steps between two turns of the eigenbasis; default 100. */
  readonly refreshEvery?: number;
}

/** The sides of the matrices among parameters whose covariances are kept, each as a square matrix. */
function sidesOf(specs: readonly NamedShape[]): NamedShape[] {
  return specs.flatMap(({ name, shape }) =>
    shape.length === 2
      ? shape.map((size, axis) => ({ name: sideName(name, axis), shape: [size, size] }))
      : [],
  );
}

const sideName = (name: string, axis: number) => `${name}/side${axis}`;

/** Square matrices one after the other. */
function squares(specs: readonly NamedShape[], isUnit: boolean): HostTensor {
  const pieces = sidesOf(specs).map(({ shape: [size] }) => {
    const values = new Float32Array(size * size);
    if (isUnit) for (let i = 0; i < size; i++) values[i * size + i] = 1;
    return values;
  });
  return joined(pieces);
}

function joined(pieces: readonly Float32Array[]): HostTensor {
  const values = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const piece of pieces) {
    values.set(piece, end);
    end += piece.length;
  }
  return { shape: [values.length], values };
}

/**
 * SOAP (Vyas et al., arXiv:2409.11321): the covariances of the gradients of a matrix by rows and by columns (Shampoo's)
 * are averaged over steps; Adam runs in their eigenvectors. Vectors and tensors of other ranks are updated by Adam. Every
 * `refreshEvery` steps the eigenvectors follow by one orthogonal iteration on the host. It needs several times fewer
 * steps than Adam where directions of very different curvature mix, as in regressions by small networks; a step costs
 * about twelve products of the matrices with squares of their sides.
 */
export function soap(options: SoapOptions = {}): Optimiser {
  const { refreshEvery = 100, weightDecay = 0, ...rest } = options;
  const chosen = { beta1: 0.95, beta2: 0.99, covarianceMemory: 0.99, epsilon: 1e-8, ...rest };
  return {
    name: 'soap',
    slots: [
      ...vectorSlots('momentum', 'velocity'),
      { name: 'covariances', size: 'own', initial: (specs) => squares(specs, false) },
      { name: 'bases', size: 'own', initial: (specs) => squares(specs, true) },
    ],
    weightDecay,
    update: (inputs) => updated(chosen, inputs),
    upkeep: {
      every: refreshEvery,
      refresh: (specs, { covariances, bases }) => ({ bases: turned(sidesOf(specs), covariances, bases) }),
    },
  };
}

function turned(sides: readonly NamedShape[], covariances: HostTensor, bases: HostTensor): HostTensor {
  const [all, earlier] = [splitWeights(sides, covariances.values), splitWeights(sides, bases.values)];
  return joined(
    sides.map(({ name, shape: [size] }) => orthonormalBasis(all[name].values, earlier[name].values, size)),
  );
}

type Chosen = Required<Omit<SoapOptions, 'refreshEvery' | 'weightDecay'>>;

function updated(options: Chosen, { parameters, gradients, specs, slots, learningRate, step }: UpdateInputs) {
  const { beta1, beta2, epsilon } = options;
  const sides = sidesOf(specs);
  const squareOf = (flat: tf.Tensor) => (sides.length === 0 ? {} : splitParameters(sides, flat));
  const [bases, before] = [squareOf(slots['bases']), squareOf(slots['covariances'])];
  const momentum = tf.add(slots['momentum'], tf.mul(tf.sub(gradients, slots['momentum']), 1 - beta1));
  const plain = splitParameters(specs, gradients);
  const rotated = rotatedVector(specs, plain, bases, false);
  const velocity = tf.add(
    slots['velocity'],
    tf.mul(tf.sub(tf.square(rotated), slots['velocity']), 1 - beta2),
  );
  const direction = tf.div(
    tf.div(rotatedVector(specs, splitParameters(specs, momentum), bases, false), biasCorrection(beta1, step)),
    tf.add(tf.sqrt(tf.div(velocity, biasCorrection(beta2, step))), epsilon),
  );
  const change = rotatedVector(specs, splitParameters(specs, direction), bases, true);
  const covariances =
    sides.length === 0 ? slots['covariances'] : nextCovariances(options, specs, plain, before);
  return {
    parameters: tf.sub(parameters, tf.mul(change, learningRate)),
    slots: { momentum, velocity, covariances, bases: slots['bases'] },
  };
}

/** Matrices in the bases of their sides (or `back` from them), all in one vector [P]. */
function rotatedVector(
  specs: readonly NamedShape[],
  pieces: Readonly<Record<string, tf.Tensor>>,
  bases: Readonly<Record<string, tf.Tensor>>,
  back: boolean,
): tf.Tensor {
  const rotated = specs.map(({ name, shape }): [string, tf.Tensor] => {
    if (shape.length !== 2) return [name, pieces[name]];
    const [left, right] = [0, 1].map((axis) => bases[sideName(name, axis)] as tf.Tensor2D);
    const within = tf.matMul(left, pieces[name] as tf.Tensor2D, !back, false);
    return [name, tf.matMul(within, right, false, back)];
  });
  return flattenParameters(specs, Object.fromEntries(rotated));
}

function nextCovariances(
  { covarianceMemory }: Chosen,
  specs: readonly NamedShape[],
  gradients: Readonly<Record<string, tf.Tensor>>,
  before: Readonly<Record<string, tf.Tensor>>,
): tf.Tensor {
  const next = specs.flatMap(({ name, shape }) => {
    if (shape.length !== 2) return [];
    const gradient = gradients[name] as tf.Tensor2D;
    return [tf.matMul(gradient, gradient, false, true), tf.matMul(gradient, gradient, true, false)].map(
      (product, axis): [string, tf.Tensor] => {
        const old = before[sideName(name, axis)];
        return [sideName(name, axis), tf.add(old, tf.mul(tf.sub(product, old), 1 - covarianceMemory))];
      },
    );
  });
  return flattenParameters(sidesOf(specs), Object.fromEntries(next));
}
