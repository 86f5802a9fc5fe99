/**
 * The filter gradient of convolutions on tfjs' `cpu` backend, over typed arrays. tfjs' own kernel reads every element
 * through a generic accessor and takes some fifty times as long.
 */
import { tf } from '@hep/graph';

interface CpuBackend {
  readonly data: { get(dataId: tf.DataId): { readonly values: Float32Array } };
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): tf.TensorInfo;
}

interface FilterGradientAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterShape: [number, number, number, number];
}

const KERNEL = 'Conv2DBackpropFilter';

/** Replaces the `cpu` kernel; once is enough, more does no harm. */
export function installEagerKernels(): void {
  if (tf.getKernel(KERNEL, 'cpu')?.kernelFunc === filterGradient) return;
  tf.unregisterKernel(KERNEL, 'cpu');
  tf.registerKernel({ kernelName: KERNEL, backendName: 'cpu', kernelFunc: filterGradient });
}

const filterGradient: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const { x, dy } = inputs as Record<string, tf.TensorInfo>;
  const { strides, pad, dimRoundingMode, filterShape } = attrs as unknown as FilterGradientAttributes;
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const cpu = backend as CpuBackend;
  const sums = accumulate(info, cpu.data.get(x.dataId).values, cpu.data.get(dy.dataId).values);
  return cpu.makeTensorInfo(filterShape, 'float32', Float32Array.from(sums));
};

/** Sum over batch and positions of `x * dy`, [kh, kw, C, F]. */
function accumulate(info: tf.backend_util.Conv2DInfo, x: Float32Array, dy: Float32Array): Float64Array {
  const { inChannels, outChannels, filterHeight, filterWidth, inHeight, inWidth } = info;
  const sums = new Float64Array(filterHeight * filterWidth * inChannels * outChannels);
  const addPixel = (pixel: number, position: number, tap: number) => {
    for (let c = 0; c < inChannels; c++) {
      const value = x[pixel * inChannels + c];
      if (value === 0) continue;
      const to = (tap * inChannels + c) * outChannels;
      const from = position * outChannels;
      for (let f = 0; f < outChannels; f++) sums[to + f] += value * dy[from + f];
    }
  };
  forEachPosition(info, (batch, row, column, position) => {
    for (let kh = 0; kh < filterHeight; kh++) {
      const y = row + kh;
      if (y < 0 || y >= inHeight) continue;
      for (let kw = 0; kw < filterWidth; kw++) {
        const z = column + kw;
        if (z < 0 || z >= inWidth) continue;
        addPixel((batch * inHeight + y) * inWidth + z, position, kh * filterWidth + kw);
      }
    }
  });
  return sums;
}

/** Visits every window of a batch with its upper left corner and its flat position. */
function forEachPosition(
  info: tf.backend_util.Conv2DInfo,
  visit: (batch: number, row: number, column: number, position: number) => void,
): void {
  let position = 0;
  for (let batch = 0; batch < info.batchSize; batch++) {
    for (let i = 0; i < info.outHeight; i++) {
      for (let j = 0; j < info.outWidth; j++) {
        visit(
          batch,
          i * info.strideHeight - info.padInfo.top,
          j * info.strideWidth - info.padInfo.left,
          position++,
        );
      }
    }
  }
}
