/** Names of unnamed layers as Keras gives them: `conv2d`, `conv2d_1`, ... */
export class LayerNames {
  private readonly used = new Map<string, number>();

  /** The next free name of a kind. */
  next(kind: string): string {
    const count = this.used.get(kind) ?? 0;
    this.used.set(kind, count + 1);
    return count === 0 ? kind : `${kind}_${count}`;
  }
}

/** Names of the layers of `denseCnn`, asked for in the order of the layers; `index` counts from 0. */
export interface DenseCnnNames {
  convolution(index: number): string;
  pooling(index: number): string;
  /** Of what rectifies the sums of a quantised convolution, without the ending `_qa`. */
  rectifier(index: number, isLast: boolean): string;
  hidden(index: number): string;
  hiddenOfDecoder(index: number): string;
  features(): string;
  reshape(): string;
  upSampling(index: number): string;
  transposed(index: number): string;
  image(): string;
}

/** The names that Keras gives to unnamed layers. */
export function kerasNames(): DenseCnnNames {
  const names = new LayerNames();
  const dense = () => names.next('dense');
  const transposed = () => names.next('conv2d_transpose');
  return {
    convolution: () => names.next('conv2d'),
    pooling: () => names.next('max_pooling2d'),
    rectifier: () => names.next('re_lu'),
    hidden: dense,
    hiddenOfDecoder: dense,
    features: dense,
    reshape: () => names.next('reshape'),
    upSampling: () => names.next('up_sampling2d'),
    transposed,
    image: transposed,
  };
}

/** The names of the Ecoder study's quantised networks (qDenseCNN). */
export const quantisedNames: DenseCnnNames = {
  convolution: (index) => `conv2d_${index}_m`,
  pooling: (index) => `mp_${index}`,
  rectifier: (index, isLast) => (isLast ? 'accum1' : `conv2d_${index}`),
  hidden: (index) => `en_dense_${index}`,
  hiddenOfDecoder: (index) => `de_dense_${index}`,
  features: () => 'de_dense_final',
  reshape: () => 'de_reshape',
  upSampling: (index) => `up_${index}`,
  transposed: (index) => `conv2D_t_${index}`,
  image: () => 'conv2d_t_final',
};
