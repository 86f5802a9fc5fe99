/** A ROOT file with nothing but directories, to try what a writer never writes. */

const BEGIN = 100;
const NAME_BYTES = 50;
const DIRECTORY = BEGIN + NAME_BYTES;
const KEYS = DIRECTORY + 60;

/** Big-endian fields one behind the other. */
class Fields {
  private readonly parts: Buffer[] = [];

  int16(value: number): this {
    this.parts.push(Buffer.from([(value >> 8) & 255, value & 255]));
    return this;
  }

  int32(...values: number[]): this {
    for (const value of values) {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(value);
      this.parts.push(bytes);
    }
    return this;
  }

  int64(value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(value));
    this.parts.push(bytes);
    return this;
  }

  text(value: string): this {
    this.parts.push(Buffer.from([value.length]), Buffer.from(value));
    return this;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}

function key(className: string, position: number, keyBytes: number): Buffer {
  const header = new Fields().int32(100).int16(4).int32(60, 0).int16(keyBytes).int16(1);
  return header.int32(position, BEGIN).text(className).text('name').text('').bytes;
}

/** @param faults `childIsParent`: the directory holds itself; `keys`: number of keys that its list announces */
export function directoryFile(faults: { childIsParent?: boolean; keys?: number }): Buffer {
  const file = Buffer.alloc(500);
  const child = faults.childIsParent ? key('TDirectoryFile', DIRECTORY, 0) : Buffer.alloc(0);
  const count = faults.keys ?? (faults.childIsParent ? 1 : 0);
  const list = Buffer.concat([key('TList', KEYS, 40), new Fields().int32(count).bytes, child]);
  const header = new Fields().int32(62400, BEGIN, file.length, 0, 0, 0, NAME_BYTES);
  file.write('root');
  header.bytes.copy(file, 4);
  new Fields().int16(5).int32(0, 0, list.length, NAME_BYTES, DIRECTORY, 0, KEYS).bytes.copy(file, DIRECTORY);
  list.copy(file, KEYS);
  return file;
}

/** The ends of a file of more than 2 GB: its header, and its top directory with an empty list of keys at `position`. */
export function largeFileParts(position: number): { header: Buffer; directory: Buffer; bytes: number } {
  const listKey = new Fields().int32(100).int16(1004).int32(60, 0).int16(40).int16(1);
  listKey
    .int64(position + 100)
    .int64(BEGIN)
    .text('TList')
    .text('name')
    .text('')
    .int32(1);
  const treeKey = new Fields().int32(100).int16(1004).int32(60, 0).int16(40).int16(3);
  treeKey
    .int64(position + 400)
    .int64(BEGIN)
    .text('TTree')
    .text('far')
    .text('');
  const list = Buffer.concat([listKey.bytes, treeKey.bytes]);
  const directory = Buffer.alloc(500);
  const fields = new Fields().int16(1005).int32(0, 0, list.length, NAME_BYTES);
  fields
    .int64(BEGIN)
    .int64(0)
    .int64(position + 100)
    .bytes.copy(directory);
  list.copy(directory, 100);
  const bytes = position + directory.length;
  const header = new Fields()
    .int32(1062400, BEGIN)
    .int64(bytes)
    .int64(0)
    .int32(0, 0, position - BEGIN);
  const rest = Buffer.concat([Buffer.from([8]), new Fields().int32(1).int64(position).int32(10).bytes]);
  return { header: Buffer.concat([Buffer.from('root'), header.bytes, rest]), directory, bytes };
}
