/** Sorting of many numbers by their digits, in time that grows with their number alone. */

/** Below this a comparison sort is as fast, and needs no tables. */
const FEW = 4096;
const DIGIT_BITS = 16;
const DIGITS = 2 ** DIGIT_BITS;

/**
 * Indices of the values from the smallest to the largest; equal ones in their order. Half a million numbers take some
 * hundredths of a second, where a comparison sort blocks its thread for half a second. NaN may be anywhere.
 */
export function risingOrder(values: ArrayLike<number>): Uint32Array {
  if (values.length >= FEW) return orderByDigits(values);
  const order = new Uint32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((a, b) => values[a] - values[b]);
}

/** Radix sort from the last 16 bits of the numbers to their first; digits that all numbers share cost no pass. */
function orderByDigits(values: ArrayLike<number>): Uint32Array {
  const count = values.length;
  const digits = new Uint16Array(sortableBits(values).buffer);
  let [from, to] = [new Uint32Array(count), new Uint32Array(count)];
  for (let i = 0; i < count; i++) from[i] = i;
  const places = new Uint32Array(DIGITS);
  for (let digit = 0; digit < 64 / DIGIT_BITS; digit++) {
    places.fill(0);
    for (let i = 0; i < count; i++) places[digits[4 * i + digit]]++;
    if (places[digits[digit]] === count) continue;
    for (let d = 0, place = 0; d < DIGITS; d++) {
      const next = place + places[d];
      places[d] = place;
      place = next;
    }
    for (let i = 0; i < count; i++) {
      const index = from[i];
      to[places[digits[4 * index + digit]]++] = index;
    }
    [from, to] = [to, from];
  }
  return from;
}

/**
 * The numbers as 64-bit integers without sign that are ordered alike: the sign bit of those from 0 on is set, all bits of
 * negative ones are turned over. Little-endian, as every platform of Node.
 */
function sortableBits(values: ArrayLike<number>): Float64Array {
  const numbers = new Float64Array(values.length);
  // Adding 0 makes -0 the 0 that it equals.
  for (let i = 0; i < numbers.length; i++) numbers[i] = values[i] + 0;
  const words = new Uint32Array(numbers.buffer);
  for (let i = 0; i < words.length; i += 2) {
    const isNegative = words[i + 1] >>> 31 === 1;
    words[i] = isNegative ? ~words[i] : words[i];
    words[i + 1] = isNegative ? ~words[i + 1] : words[i + 1] | 0x80000000;
  }
  return numbers;
}
