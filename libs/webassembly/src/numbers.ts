/** Signed LEB128, as constants are stored. */
export function signed(value: bigint): number[] {
  const bytes = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    if (rest >= -0x40n && rest < 0x40n) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

/** Unsigned LEB128, as numbers of things, lengths and opcodes are stored. */
export function unsigned(value: number): number[] {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}
