/** Numbers as frugally-deep stores them: little-endian float32 in base64, cut into pieces. */

const PIECE = 1024;

/** Pieces of the base64 text of an array, all but the last of 1024 characters. */
export function encodeArray(values: Float32Array): string[] {
  const text = Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
  return Array.from({ length: Math.ceil(text.length / PIECE) }, (_, i) =>
    text.slice(i * PIECE, (i + 1) * PIECE),
  );
}

/**
 * The numbers of such pieces, or of a plain list of numbers, which the C++ library reads as well.
 * @throws Error in words that continue `array weights of layer x`, unless there are exactly `length` numbers
 */
export function decodeArray(stored: unknown, length: number): Float32Array {
  if (!Array.isArray(stored)) throw new Error('is not a list');
  if (stored.every((entry) => typeof entry === 'number')) return checked(Float32Array.from(stored), length);
  if (!stored.every((entry) => typeof entry === 'string'))
    throw new Error('is neither base64 text nor numbers');
  const text = stored.join('');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text || bytes.length % 4 !== 0) throw new Error('is no base64 of float32');
  return checked(new Float32Array(Uint8Array.from(bytes).buffer), length);
}

function checked(values: Float32Array, length: number): Float32Array {
  if (values.length !== length) throw new Error(`has ${values.length} numbers, expected ${length}`);
  return values;
}
