/** From the bytes of storages to tensors. */
import { UserError } from '@hep/options';
import type { Numbers } from '../columns/column.ts';
import { emptyNumbers, numberTypeOf } from '../columns/number-types.ts';
import { numbersFromBytes } from '../pickle/numpy-numbers.ts';
import { itemBytes } from '../pickle/numpy-values.ts';
import type { PickleStorage, PickleTensor } from '../pickle/values.ts';

/** Numbers in C order; half precision comes as float32. */
export interface TorchTensor {
  readonly shape: readonly number[];
  readonly values: Numbers;
}

/** Where the numbers are. */
export interface StorageOptions {
  readonly isBigEndian: boolean;
  readonly bytesOf: (key: string) => Uint8Array | undefined;
  readonly fileBytes: number;
}

/** Makes the tensors of one file. */
export class StorageReader {
  private readonly storages = new Map<string, Numbers>();
  private elements = 0;

  constructor(
    private readonly path: string,
    private readonly options: StorageOptions,
  ) {}

  /** @throws UserError where a tensor wants more numbers than there are */
  tensor(name: string, { storage, offset, shape, strides }: PickleTensor): TorchTensor {
    const numbers = this.numbersOf(storage);
    const count = shape.reduce((product, size) => product * size, 1);
    const last = shape.reduce((at, size, axis) => at + (size - 1) * strides[axis], offset);
    if (count > 0 && (last >= numbers.length || count > numbers.length)) {
      throw this.damaged(
        `tensor ${name} of shape ${shape.join(' x ')} in a storage of ${numbers.length} numbers`,
      );
    }
    // Weights may be shared by two tensors, but a file cannot ask for far more memory than it has bytes.
    this.elements += count;
    if (this.elements > 2 * this.options.fileBytes)
      throw this.damaged('the same numbers are used again and again');
    return { shape, values: gathered(numbers, offset, shape, strides, count) };
  }

  private numbersOf({ key, dtype, count }: PickleStorage): Numbers {
    const known = this.storages.get(key);
    if (known !== undefined) return known;
    const { bytesOf, isBigEndian } = this.options;
    const bytes = bytesOf(key);
    if (bytes === undefined) throw this.damaged(`storage ${key} is missing`);
    if (bytes.length !== count * itemBytes(dtype)) {
      throw this.damaged(
        `storage ${key} has ${bytes.length} bytes, expected ${count} numbers of type ${dtype.code}`,
      );
    }
    const numbers = numbersFromBytes({ code: dtype.code, isBigEndian }, new Uint8Array(bytes))!;
    this.storages.set(key, numbers);
    return numbers;
  }

  private damaged(text: string): UserError {
    return new UserError(`${this.path}: ${text}; the file is damaged, copy or save it anew`);
  }
}

function gathered(
  numbers: Numbers,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
  count: number,
): Numbers {
  const values = emptyNumbers(numberTypeOf(numbers), count);
  const position = shape.map(() => 0);
  let at = offset;
  for (let i = 0; i < count; i++) {
    values[i] = numbers[at];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis];
      if (++position[axis] < shape[axis]) break;
      at -= shape[axis] * strides[axis];
      position[axis] = 0;
    }
  }
  return values;
}
