/** Batcher's odd-even merge network: the chip's sorter. Which of equal charges comes first is the network's doing. */

/** Comparators of a network of `size` inputs, pairs (upper, lower) one after the other, in the order of their work. */
export function batcherNetwork(size: number): Uint8Array {
  const comparators: number[] = [];
  const half = 2 ** (Math.ceil(Math.log2(size)) - 1);
  for (let p = half; p >= 1; p >>= 1) {
    let r = 0;
    let distance = p;
    for (let q = half; q >= p; q >>= 1) {
      for (let i = 0; i < size - distance; i++) if ((i & p) === r) comparators.push(i, i + distance);
      distance = q - p;
      r = p;
    }
  }
  return Uint8Array.from(comparators);
}

/** Bits of an address in a key. */
export const ADDRESS_BITS = 6;
const ADDRESS_MASK = (1 << ADDRESS_BITS) - 1;

/** A value below 2^25 together with its address. */
export function sortKey(value: number, address: number): number {
  return (value << ADDRESS_BITS) | address;
}

/** The value of a key. */
export function valueOfKey(key: number): number {
  return key >>> ADDRESS_BITS;
}

/** The address of a key. */
export function addressOfKey(key: number): number {
  return key & ADDRESS_MASK;
}

/** Sorts keys by descending value in place; addresses of equal values end up where the network puts them. */
export function sortKeys(keys: Int32Array, network: Uint8Array): void {
  for (let i = 0; i < network.length; i += 2) {
    const upper = keys[network[i]];
    const lower = keys[network[i + 1]];
    if (upper >>> ADDRESS_BITS < lower >>> ADDRESS_BITS) {
      keys[network[i]] = lower;
      keys[network[i + 1]] = upper;
    }
  }
}
