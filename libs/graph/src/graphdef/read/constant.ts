/** A stored tensor -> a tfjs tensor. */
import type { DType } from '../../ir.ts';
import { tf } from '../../tfjs.ts';
import type { StoredTensor } from './decode.ts';
import { GraphDefError } from './errors.ts';
import { dtypeOf } from './node-reader.ts';
import { affordable } from './value.ts';

/**
 * The tensor of a `Const` node.
 * @throws GraphDefError when content and shape disagree, or an int64 does not fit into int32
 */
export function constantTensor(stored: StoredTensor): tf.Tensor {
  const dtype = dtypeOf(stored.dtype);
  if (stored.tensor_shape?.unknown_rank) throw new GraphDefError('a constant has no shape');
  const shape = affordable((stored.tensor_shape?.dim ?? []).map(({ size = 0 }) => size));
  const elements = shape.reduce((product, size) => product * size, 1);
  const numbers = hasContent(stored)
    ? contentNumbers(stored.tensor_content!, stored.dtype!, elements)
    : listedNumbers(stored, elements);
  return tf.tensor(numbers, shape, dtype);
}

function hasContent({ tensor_content: content }: StoredTensor): boolean {
  return content !== undefined && content.length > 0;
}

const bytesPerElement: Readonly<Record<number, number>> = { 1: 4, 3: 4, 9: 8, 10: 1 };

function contentNumbers(content: Uint8Array, stored: number, elements: number): tf.TypedArray {
  const expected = elements * bytesPerElement[stored]!;
  if (content.length !== expected) {
    throw new GraphDefError(`a constant has ${content.length} bytes; its shape needs ${expected}`);
  }
  const own = Uint8Array.from(content);
  if (stored === 1) return new Float32Array(own.buffer);
  if (stored === 3) return new Int32Array(own.buffer);
  if (stored === 10) return own.map((byte) => (byte === 0 ? 0 : 1));
  return Int32Array.from(new BigInt64Array(own.buffer), (value) => asInt32(Number(value)));
}

/** Numbers of the list of their type. Fewer than elements: the last one repeats; none: zeros. */
function listedNumbers(stored: StoredTensor, elements: number): tf.TypedArray {
  const listed: readonly number[] =
    {
      1: stored.float_val,
      3: stored.int_val,
      9: stored.int64_val?.map(asInt32),
      10: stored.bool_val?.map(Number),
    }[stored.dtype as 1 | 3 | 9 | 10] ?? [];
  if (listed.length > elements) {
    throw new GraphDefError(`a constant has ${listed.length} numbers; its shape needs ${elements}`);
  }
  const array = emptyArray(dtypeOf(stored.dtype), elements);
  array.set(listed);
  return array.fill(listed.at(-1) ?? 0, listed.length);
}

function emptyArray(dtype: DType, elements: number): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'float32') return new Float32Array(elements);
  return dtype === 'int32' ? new Int32Array(elements) : new Uint8Array(elements);
}

/** TensorFlow's "until the end" of slices is the largest int64. */
function asInt32(value: number): number {
  if (value === 2 ** 63) return 2 ** 31 - 1;
  if (Math.abs(value) < 2 ** 31) return value;
  throw new GraphDefError(`the int64 constant ${value} does not fit into 32 bits`);
}
