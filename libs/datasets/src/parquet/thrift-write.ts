/** Thrift's compact protocol, written. */

/** A value with its Thrift type. */
export type Written =
  | { readonly type: 'i32' | 'i64'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'list'; readonly of: Written['type']; readonly value: readonly Written[] }
  | { readonly type: 'struct'; readonly value: WrittenStruct };

/** Values by rising field number; absent ones are left out. */
export type WrittenStruct = ReadonlyMap<number, Written | undefined>;

/** An integer of 32 bits. */
export const i32 = (value: number): Written => ({ type: 'i32', value });
/** An integer of 64 bits. */
export const i64 = (value: number): Written => ({ type: 'i64', value });
/** A text. */
export const text = (value: string): Written => ({ type: 'text', value });
/** A list of values of one type. */
export const list = (of: Written['type'], value: readonly Written[]): Written => ({
  type: 'list',
  of,
  value,
});

/** A struct of fields by number. */
export function struct(fields: Readonly<Record<number, Written | undefined>>): Written {
  return {
    type: 'struct',
    value: new Map(Object.entries(fields).map(([field, value]) => [Number(field), value])),
  };
}

const CODES: Readonly<Record<Written['type'], number>> = { i32: 5, i64: 6, text: 8, list: 9, struct: 12 };

/** The bytes of a struct. */
export function thriftBytes(written: Written): Uint8Array {
  const bytes: number[] = [];
  write(bytes, written);
  return Uint8Array.from(bytes);
}

function write(bytes: number[], written: Written): void {
  switch (written.type) {
    case 'i32':
    case 'i64':
      return writeVarInt(bytes, written.value < 0 ? -2 * written.value - 1 : 2 * written.value);
    case 'text': {
      const content = Buffer.from(written.value, 'utf8');
      writeVarInt(bytes, content.length);
      for (const byte of content) bytes.push(byte);
      return;
    }
    case 'list': {
      const { length } = written.value;
      bytes.push(((length < 15 ? length : 15) << 4) | CODES[written.of]);
      if (length >= 15) writeVarInt(bytes, length);
      for (const item of written.value) write(bytes, item);
      return;
    }
    case 'struct':
      return writeStruct(bytes, written.value);
  }
}

function writeStruct(bytes: number[], fields: WrittenStruct): void {
  let last = 0;
  for (const [field, value] of fields) {
    if (value === undefined) continue;
    bytes.push(((field - last) << 4) | CODES[value.type]);
    write(bytes, value);
    last = field;
  }
  bytes.push(0);
}

function writeVarInt(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
}
