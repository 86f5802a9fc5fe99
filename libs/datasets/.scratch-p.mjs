// libs/options/src/user-error.ts
var UserError = class extends Error {
  name = "UserError";
};

// libs/options/src/option.ts
import { z } from "zod";

// libs/options/src/option-set.ts
import { stringify } from "yaml";

// libs/options/src/flags.ts
import { Parser } from "yargs/helpers";

// libs/options/src/yaml-file.ts
import { LineCounter, isMap, isScalar, parseDocument } from "yaml";

// libs/options/src/help.ts
import yargs from "yargs";

// libs/options/src/cli.ts
var standardOutput = {
  out: (text) => void process.stdout.write(`${text}
`),
  err: (text) => void process.stderr.write(`${text}
`),
  ...process.stdout.isTTY ? { terminal: process.stdout } : {}
};

// libs/datasets/src/root/damage.ts
var Damage = class extends Error {
  name = "Damage";
};
var Unsupported = class extends Damage {
};
async function atPlace(place, action) {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Damage) throw new UserError(`${place}: ${error.message}`);
    if (isOutOfMemory(error)) {
      throw new UserError(`${place}: does not fit into memory, read fewer rows or columns at a time`);
    }
    throw error;
  }
}
function isOutOfMemory(error) {
  return error instanceof RangeError && /allocation failed|Invalid typed array length/i.test(error.message);
}

// libs/datasets/src/root/byte-cursor.ts
var BYTE_COUNT_MASK = 1073741824;
var ByteCursor = class {
  constructor(bytes, position = 0) {
    this.bytes = bytes;
    this.position = position;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  bytes;
  position;
  view;
  get left() {
    return this.bytes.length - this.position;
  }
  /** Advances by `count` bytes and returns where they begin. */
  take(count) {
    const start = this.position;
    if (!(count >= 0 && count <= this.bytes.length - start)) {
      throw new Damage(`${count} bytes expected where ${this.left} are left`);
    }
    this.position = start + count;
    return start;
  }
  seek(position) {
    if (!(position >= 0 && position <= this.bytes.length)) throw new Damage("a length points behind its end");
    this.position = position;
  }
  uint8() {
    return this.view.getUint8(this.take(1));
  }
  int8() {
    return this.view.getInt8(this.take(1));
  }
  uint16() {
    return this.view.getUint16(this.take(2));
  }
  int16() {
    return this.view.getInt16(this.take(2));
  }
  uint32() {
    return this.view.getUint32(this.take(4));
  }
  int32() {
    return this.view.getInt32(this.take(4));
  }
  /** As a number: exact up to 2^53, which positions and counts of real files never reach. */
  int64() {
    return Number(this.view.getBigInt64(this.take(8)));
  }
  /** As a number: exact up to 2^53. */
  uint64() {
    return Number(this.view.getBigUint64(this.take(8)));
  }
  float32() {
    return this.view.getFloat32(this.take(4));
  }
  float64() {
    return this.view.getFloat64(this.take(8));
  }
  slice(count) {
    const start = this.take(count);
    return this.bytes.subarray(start, start + count);
  }
  /** A TString: a length byte, or 255 and a four-byte length, then the characters. */
  text() {
    const short = this.uint8();
    return decodeText(this.slice(short === 255 ? this.uint32() : short));
  }
  /** Characters up to a zero byte. */
  terminatedText() {
    const end = this.bytes.indexOf(0, this.position);
    if (end < 0) throw new Damage("a name without end");
    const characters = this.slice(end - this.position);
    this.take(1);
    return decodeText(characters);
  }
  versionHeader() {
    const count = this.uint32();
    if ((count & BYTE_COUNT_MASK) === 0) {
      this.position -= 4;
      return { version: this.int16(), end: void 0 };
    }
    const end = this.position + (count & ~BYTE_COUNT_MASK);
    if (end > this.bytes.length || end < this.position + 2) {
      throw new Damage(`an object of ${end - this.position} bytes where ${this.left} are left`);
    }
    return { version: this.int16(), end };
  }
  /** Goes to the end of an object whose header was read; what a newer class version appended is passed over. */
  finish({ end }) {
    if (end === void 0) return;
    if (this.position > end) throw new Damage("an object is longer than its header says");
    this.position = end;
  }
};
function decodeText(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
}

// libs/datasets/src/root/compression/lz4.ts
var CHECKSUM_BYTES = 8;
var SIZE_BYTES = 4;
var hashes;
var decodeLz4 = async (data, plainBytes) => {
  if (data.length < CHECKSUM_BYTES) throw new Damage("an LZ4 block is shorter than its checksum");
  hashes ??= import("xxhash-wasm").then((module) => module.default());
  const [{ h64Raw }, { uncompress }] = await Promise.all([hashes, import("lz4-napi")]);
  const block = data.subarray(CHECKSUM_BYTES);
  const stored = Buffer.from(data.buffer, data.byteOffset, CHECKSUM_BYTES).readBigUInt64BE();
  if (h64Raw(block) !== stored) throw new Damage("the checksum of an LZ4 block is wrong");
  const sized = Buffer.allocUnsafe(SIZE_BYTES + block.length);
  sized.writeUInt32LE(plainBytes);
  sized.set(block, SIZE_BYTES);
  return uncompress(sized).catch((error) => {
    throw new Damage(`damaged LZ4 data (${error.message})`);
  });
};

// libs/datasets/src/root/compression/xz.ts
import { ReadableStream } from "node:stream/web";
var MOST_EMPTY_PIECES = 16;
var decodeXz = async (data, plainBytes) => {
  const { XzReadableStream } = await loadPackage();
  const source = new ReadableStream({
    start(controller) {
      controller.enqueue(data);
      controller.close();
    }
  });
  const reader = new XzReadableStream(source).getReader();
  const plain = new Uint8Array(plainBytes);
  let filled = 0;
  for (let empty = 0; ; ) {
    const piece = await reader.read().catch((error) => {
      throw new Damage(`damaged xz data (${error.message})`);
    });
    if (piece.done) return plain.subarray(0, filled);
    empty = piece.value.length === 0 ? empty + 1 : 0;
    if (filled + piece.value.length > plainBytes || empty > MOST_EMPTY_PIECES) {
      await reader.cancel();
      throw new Damage(`an xz block is not ${plainBytes} bytes long`);
    }
    plain.set(piece.value, filled);
    filled += piece.value.length;
  }
};
async function loadPackage() {
  const module = await import("xz-decompress");
  return module.default;
}

// libs/datasets/src/root/compression/zlib.ts
import { promisify } from "node:util";
import { inflate, inflateRaw } from "node:zlib";
var decodeZlib = (data, plainBytes) => unzip(inflate, data, plainBytes);
var decodeDeflate = (data, plainBytes) => unzip(inflateRaw, data, plainBytes);
async function unzip(method, data, plainBytes) {
  const options = { chunkSize: Math.max(64, plainBytes), maxOutputLength: Math.max(1, plainBytes) };
  return promisify(method)(data, options).catch((error) => {
    throw new Damage(`damaged zlib data (${error.message})`);
  });
}

// libs/datasets/src/root/compression/zstd.ts
var MAGIC = 4247762216;
var LARGEST_BLOCK = 128 * 1024;
var MOST_BYTES = 64 * 2 ** 20;
var decodeZstd = async (data, plainBytes) => {
  const told = frameContentBytes(data);
  if (told !== void 0 && told !== plainBytes) {
    throw new Damage(`a zstd frame of ${told} bytes, expected ${plainBytes}`);
  }
  const { Decoder } = await import("@toondepauw/node-zstd");
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  return new Decoder().decode(bytes).catch((error) => {
    throw new Damage(`damaged zstd data (${error.message})`);
  });
};
function frameContentBytes(data) {
  const cursor = new ByteCursor(data);
  if (littleEndian(cursor, 4) !== MAGIC) throw new Damage("not a zstd frame");
  const descriptor = cursor.uint8();
  const isSingleSegment = (descriptor & 32) !== 0;
  if (!isSingleSegment) cursor.take(1);
  cursor.take([0, 1, 2, 4][descriptor & 3]);
  const sizeCode = descriptor >> 6;
  if (sizeCode > 0 || isSingleSegment) {
    const bytes = 1 << sizeCode;
    return littleEndian(cursor, bytes) + (bytes === 2 ? 256 : 0);
  }
  checkBlocks(cursor);
  return void 0;
}
function checkBlocks(cursor) {
  let largest = 0;
  for (let isLast = false; !isLast; ) {
    const header = littleEndian(cursor, 3);
    isLast = (header & 1) === 1;
    const kind = header >> 1 & 3;
    const size = header >> 3;
    cursor.take(kind === 1 ? 1 : size);
    largest += kind === 2 ? LARGEST_BLOCK : size;
    if (largest > MOST_BYTES) throw new Damage("a zstd frame without size has too many blocks");
  }
}
function littleEndian(cursor, bytes) {
  return cursor.slice(bytes).reduceRight((value, byte) => value * 256 + byte, 0);
}

// libs/datasets/src/root/compression/decompress.ts
var HEADER_BYTES = 9;
var decoders = /* @__PURE__ */ new Map([
  ["ZL", decodeZlib],
  ["CS", decodeDeflate],
  ["L4", decodeLz4],
  ["ZS", decodeZstd],
  ["XZ", decodeXz]
]);
async function decompress(record, plainBytes) {
  if (record.length === plainBytes) return record;
  const blocks = splitBlocks(record, plainBytes);
  if (blocks.length === 1) return decodeBlock(blocks[0]);
  const parts = [];
  for (const block of blocks) parts.push(await decodeBlock(block));
  return Buffer.concat(parts, plainBytes);
}
function splitBlocks(record, plainBytes) {
  const blocks = [];
  let announced = 0;
  for (let start = 0; start < record.length; ) {
    if (start + HEADER_BYTES > record.length) throw new Damage("a compressed block is cut off");
    const end = start + HEADER_BYTES + littleEndian24(record, start + 3);
    if (end > record.length) throw new Damage("a compressed block is cut off");
    const block = {
      method: String.fromCharCode(record[start], record[start + 1]),
      data: record.subarray(start + HEADER_BYTES, end),
      plainBytes: littleEndian24(record, start + 6)
    };
    blocks.push(block);
    announced += block.plainBytes;
    start = end;
  }
  if (announced !== plainBytes) {
    throw new Damage(`compressed blocks of ${announced} bytes, expected ${plainBytes}`);
  }
  return blocks;
}
function littleEndian24(bytes, position) {
  return bytes[position] | bytes[position + 1] << 8 | bytes[position + 2] << 16;
}
async function decodeBlock({ method, data, plainBytes }) {
  const decoder = decoders.get(method);
  if (decoder === void 0) {
    throw new Unsupported(
      `compression method ${JSON.stringify(method)} is not known, expected ${[...decoders.keys()].join(", ")}`
    );
  }
  const plain = await decoder(data, plainBytes);
  if (plain.length !== plainBytes) {
    throw new Damage(`a ${method} block gave ${plain.length} bytes, expected ${plainBytes}`);
  }
  return plain;
}

// libs/datasets/src/root/key.ts
var LARGE_FILE_VERSION = 1e3;
function readKey(cursor) {
  const bytes = cursor.int32();
  const version = cursor.int16();
  const plainBytes = cursor.int32();
  cursor.take(4);
  const keyBytes = cursor.int16();
  const cycle = cursor.int16();
  const isLarge = version > LARGE_FILE_VERSION;
  const position = isLarge ? cursor.int64() : cursor.int32();
  cursor.take(isLarge ? 8 : 4);
  const className = cursor.text();
  const key = {
    bytes,
    plainBytes,
    keyBytes,
    cycle,
    position,
    className,
    name: cursor.text(),
    title: cursor.text()
  };
  if (plainBytes < 0 || keyBytes < 0) throw new Damage("sizes of a record are nonsense");
  return key;
}
async function readRecord(file, key) {
  if (key.bytes < key.keyBytes)
    throw new Damage(`a record of ${key.bytes} bytes with a key of ${key.keyBytes}`);
  const stored = await file.read(key.position + key.keyBytes, key.bytes - key.keyBytes);
  return decompress(stored, key.plainBytes);
}

// libs/datasets/src/root/basket.ts
function readBasketFields(cursor) {
  cursor.versionHeader();
  cursor.take(4);
  if (cursor.int32() < 0) {
    const features = cursor.uint8();
    if ((features & 1) !== 0)
      throw new Unsupported("entry offsets are not stored (feature kGenerateOffsetMap)");
  }
  return { entries: cursor.int32(), last: cursor.int32(), flag: cursor.uint8() };
}
async function readBasket(record, entries) {
  const cursor = new ByteCursor(record);
  const key = readKey(cursor);
  if (key.className !== "TBasket")
    throw new Damage(`a ${key.className || "nameless record"} where a basket is expected`);
  const fields = readBasketFields(cursor);
  if (key.bytes !== record.length || key.keyBytes > record.length) {
    throw new Damage(`a basket of ${key.bytes} bytes, expected ${record.length}`);
  }
  if (fields.entries !== entries)
    throw new Damage(`a basket of ${fields.entries} entries, expected ${entries}`);
  const plain = await decompress(record.subarray(key.keyBytes), key.plainBytes);
  const border = fields.last - key.keyBytes;
  if (!(border >= 0 && border <= plain.length)) throw new Damage("values of a basket end behind its buffer");
  const data = plain.subarray(0, border);
  if (border === plain.length) return { entries, data, offsets: void 0 };
  return { entries, data, offsets: readOffsets(new ByteCursor(plain, border), key.keyBytes, entries) };
}
function readOffsets(cursor, keyBytes, entries) {
  const count = cursor.int32();
  if (count < entries) throw new Damage(`${count} offsets for ${entries} entries`);
  const stored = cursor.slice(entries * 4);
  const view = new DataView(stored.buffer, stored.byteOffset, stored.length);
  const offsets = new Int32Array(entries);
  for (let i = 0; i < entries; i++) offsets[i] = view.getInt32(4 * i) - keyBytes;
  return offsets;
}

// libs/datasets/src/root/basket-stream.ts
var BASKETS_AHEAD = 4;
var SPARE = 1.25;
var RecordBuffers = class {
  buffers = [];
  /** A buffer of `bytes` or more; one for each `slot` below BASKETS_AHEAD. */
  get(slot, bytes) {
    const known = this.buffers[slot];
    if (known !== void 0 && known.length >= bytes) return known;
    return this.buffers[slot] = Buffer.allocUnsafeSlow(Math.ceil(bytes * SPARE));
  }
};
async function visitBaskets(file, place, branch, range, buffers, visit) {
  const places = branch.baskets().filter(({ first, end }) => first < range.end && end > range.first);
  const ahead = [];
  for (let i = 0, started = 0; i < places.length; i++) {
    for (; started < places.length && started < i + BASKETS_AHEAD; started++) {
      const content = load(file, place, places[started], buffers, started % BASKETS_AHEAD);
      content.catch(() => void 0);
      ahead.push(content);
    }
    const { first, end } = places[i];
    const from = Math.max(first, range.first);
    const basket = await ahead.shift();
    const wanted = {
      basket,
      first: from - first,
      end: Math.min(end, range.end) - first,
      row: from - range.first
    };
    await atPlace(entriesOf(place, places[i]), () => visit(wanted));
  }
}
function entriesOf(place, { first, end }) {
  return `${place}, entries ${first} to ${end - 1}`;
}
function load(file, place, basket, buffers, slot) {
  const { first, end, position, bytes, embedded } = basket;
  const entries = end - first;
  return atPlace(entriesOf(place, basket), async () => {
    if (embedded === void 0) {
      file.check(position, bytes);
      return readBasket(await file.read(position, bytes, buffers.get(slot, bytes)), entries);
    }
    if (embedded.entries === entries) return embedded;
    throw new Damage(`a basket of ${embedded.entries} entries, expected ${entries}`);
  });
}

// libs/datasets/src/root/branch.ts
function branchesOf(parent) {
  return parent.collection("fBranches").map((branch) => {
    if (branch === null) throw new Damage(`the ${parent.className} has an empty branch`);
    return branchOf(branch);
  });
}
function branchOf(object) {
  return {
    className: object.className,
    name: object.text("fName"),
    entries: object.number("fEntries"),
    leaves: object.collection("fLeaves").map(leafOf),
    element: object.members.has("fStreamerType") ? elementOf(object) : void 0,
    baskets: () => basketPlaces(object),
    children: branchesOf(object),
    otherFile: object.text("fFileName")
  };
}
function leafOf(object) {
  if (object === null) throw new Damage("a branch has an empty leaf");
  return {
    className: object.className,
    name: object.text("fName"),
    title: object.text("fTitle"),
    width: object.number("fLen"),
    isUnsigned: object.number("fIsUnsigned") !== 0,
    countLeaf: object.object("fLeafCount")?.text("fName")
  };
}
function elementOf(object) {
  return {
    className: object.text("fClassName"),
    checksum: object.number("fCheckSum"),
    member: object.number("fID"),
    kind: object.number("fType"),
    code: object.number("fStreamerType")
  };
}
function basketPlaces(object) {
  const entries = object.number("fEntries");
  const firsts = object.numbers("fBasketEntry");
  const positions = object.numbers("fBasketSeek");
  const bytes = object.numbers("fBasketBytes");
  const embedded = object.collection("fBaskets");
  const last = object.number("fWriteBasket");
  const places = [];
  for (let i = 0, first = 0; first < entries; i++) {
    const end = i < last && i + 1 < firsts.length ? firsts[i + 1] : entries;
    if (firsts[i] !== first || !(end >= first && end <= entries) || i > last) {
      throw new Damage(`its baskets do not cover its ${entries} entries`);
    }
    const place = { first, end, position: positions[i], bytes: bytes[i] };
    places.push({ ...place, embedded: positions[i] === 0 ? embeddedContent(embedded[i]) : void 0 });
    first = end;
  }
  return places;
}
function embeddedContent(basket) {
  if (basket?.payload === void 0) throw new Damage("a basket is neither in the file nor in the tree");
  return basket.payload;
}

// libs/datasets/src/root/element-code.ts
var FIXED_ARRAY = 20;
var COUNTED_ARRAY = 40;
var BASE_CLASS = 0;
var OBJECT_INSIDE = [61, 62, 63, 68];
var OBJECT_POINTER = [64, 69];
var DOUBLE32 = 9;
var TEXT = 65;
var TOBJECT = 66;
var TNAMED = 67;
var STL = 300;
var STL_TEXT = 365;
var CUSTOM_STREAMER = 500;
var numberReaders = {
  1: { bytes: 1, read: (cursor) => cursor.int8() },
  2: { bytes: 2, read: (cursor) => cursor.int16() },
  3: { bytes: 4, read: (cursor) => cursor.int32() },
  4: { bytes: 8, read: (cursor) => cursor.int64() },
  5: { bytes: 4, read: (cursor) => cursor.float32() },
  6: { bytes: 4, read: (cursor) => cursor.int32() },
  8: { bytes: 8, read: (cursor) => cursor.float64() },
  9: { bytes: 4, read: (cursor) => cursor.float32() },
  11: { bytes: 1, read: (cursor) => cursor.uint8() },
  12: { bytes: 2, read: (cursor) => cursor.uint16() },
  13: { bytes: 4, read: (cursor) => cursor.uint32() },
  14: { bytes: 8, read: (cursor) => cursor.uint64() },
  15: { bytes: 4, read: (cursor) => cursor.uint32() },
  16: { bytes: 8, read: (cursor) => cursor.int64() },
  17: { bytes: 8, read: (cursor) => cursor.uint64() },
  18: { bytes: 1, read: (cursor) => cursor.uint8() },
  19: { bytes: 3, read: readFloat16 }
};
function readFloat16(cursor) {
  const exponent = cursor.uint8();
  const mantissa = cursor.uint16();
  const fraction = 1 + (mantissa & 4095) / 2 ** 12;
  const value = exponent === 0 ? 0 : fraction * 2 ** (exponent - 127);
  return (mantissa & 8192) === 0 ? value : -value;
}

// libs/datasets/src/root/number-type.ts
var storages = {
  bool: { bytes: 1, array: Uint8Array },
  int8: { bytes: 1, array: Int8Array },
  uint8: { bytes: 1, array: Uint8Array },
  int16: { bytes: 2, array: Int16Array },
  uint16: { bytes: 2, array: Uint16Array },
  int32: { bytes: 4, array: Int32Array },
  uint32: { bytes: 4, array: Uint32Array },
  int64: { bytes: 8, array: BigInt64Array },
  uint64: { bytes: 8, array: BigUint64Array },
  float32: { bytes: 4, array: Float32Array },
  float64: { bytes: 8, array: Float64Array }
};
function bytesOf(type) {
  return storages[type].bytes;
}
function asNumbers(type, bytes) {
  const { array: Constructor, bytes: size } = storages[type];
  return new Constructor(bytes.buffer, bytes.byteOffset, bytes.length / size);
}
function toMachineOrder(type, bytes) {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = storages[type].bytes;
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
  else if (type === "bool") for (let i = 0; i < bytes.length; i++) bytes[i] = bytes[i] === 0 ? 0 : 1;
}

// libs/datasets/src/root/type-name.ts
var numberNames = {
  bool: ["bool", "Bool_t"],
  int8: ["char", "Char_t", "signed char", "int8_t", "Int8_t"],
  uint8: ["unsigned char", "UChar_t", "uint8_t", "std::byte"],
  int16: ["short", "Short_t", "int16_t", "short int"],
  uint16: ["unsigned short", "UShort_t", "uint16_t"],
  int32: ["int", "Int_t", "int32_t"],
  uint32: ["unsigned int", "UInt_t", "uint32_t", "unsigned"],
  int64: ["long", "Long_t", "long long", "Long64_t", "int64_t"],
  uint64: ["unsigned long", "ULong_t", "unsigned long long", "ULong64_t", "uint64_t"],
  float32: ["float", "Float_t", "Double32_t"],
  float64: ["double", "Double_t"]
};
var numberTypes = new Map(
  Object.entries(numberNames).flatMap(
    ([type, names2]) => names2.map((name) => [name, type])
  )
);
var LIST = /^(?:std::)?(?:vector|set|multiset|unordered_set|list|deque|ROOT::VecOps::RVec|ROOT::RVec)<(.*)>$/;
var STANDARD_ALLOCATOR = /,\s*(?:std::)?allocator<.*>\s*$/;
var DEEPEST = 8;
function numberTypeOf(name) {
  return numberTypes.get(name.trim());
}
function parseTypeName(name, depth = 0) {
  const trimmed = name.trim();
  const number = numberTypeOf(trimmed);
  if (number !== void 0) return { kind: "number", number };
  if (/^(std::)?string$/.test(trimmed)) return { kind: "text" };
  const inner = LIST.exec(trimmed)?.[1];
  if (inner === void 0 || depth === DEEPEST) return void 0;
  const item = parseTypeName(inner.replace(STANDARD_ALLOCATOR, ""), depth + 1);
  return item && { kind: "list", item };
}
function describeItem(item) {
  if (item.kind === "number") return item.number;
  return item.kind === "text" ? "text" : `${describeItem(item.item)}[]`;
}

// libs/datasets/src/root/branch-layout.ts
function describeLayout(layout) {
  switch (layout.kind) {
    case "numbers":
      return layout.number + widthSuffix(layout.width);
    case "lists":
      return `${layout.number}${widthSuffix(layout.width)}[]`;
    case "items":
      return describeItem(layout.item);
    case "unknown":
      return `not readable (${layout.reason})`;
  }
}
function widthSuffix(width) {
  return width === 1 ? "" : `[${width}]`;
}
function columnsOf(branches, descriptions) {
  const all = branches.flatMap((branch) => columnsBelow(branch, [], descriptions));
  const uses = countsOf(all.map(({ name }) => name));
  const columns = /* @__PURE__ */ new Map();
  for (const { name, parents, column } of all) {
    const full = uses.get(name) > 1 ? [...parents, name].join("/") : name;
    const isTaken = columns.has(full);
    columns.set(full, isTaken ? { ...column, layout: unknown("two branches of this name") } : column);
  }
  return columns;
}
function columnsBelow(branch, parents, descriptions) {
  const name = branch.name.replace(/(\[\w+\])+$/, "").replace(/\.$/, "");
  if (branch.children.length > 0) {
    return branch.children.flatMap((child) => columnsBelow(child, [...parents, name], descriptions));
  }
  if (branch.leaves.length < 2) {
    return [{ name, parents, column: { branch, layout: layoutOf(branch, descriptions) } }];
  }
  return leafLayouts(branch.leaves).map(([leaf, layout]) => ({
    name: `${name}.${leaf}`,
    parents,
    column: { branch, layout }
  }));
}
function countsOf(names2) {
  const counts = /* @__PURE__ */ new Map();
  for (const name of names2) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
function layoutOf(branch, descriptions) {
  const { element, leaves } = branch;
  if (leaves.length === 0) return unknown(`${branch.className} without leaf`);
  if (element !== void 0) return elementLayout(branch, element, descriptions);
  if (branch.className !== "TBranch") return unknown(branch.className);
  const [leaf] = leaves;
  if (leaf.className === "TLeafC") return { kind: "items", item: { kind: "text" }, hasHeader: false };
  const number = leafNumber(leaf);
  if (number === void 0) return unknown(leaf.className);
  return leaf.countLeaf === void 0 ? fixedLayout(number, leaf.width) : { kind: "lists", number, width: leaf.width, hasHeader: false };
}
function fixedLayout(number, width) {
  return { kind: "numbers", number, width, offset: 0, entryBytes: width * bytesOf(number) };
}
function unknown(reason) {
  return { kind: "unknown", reason };
}
var leafNumbers = {
  TLeafO: ["bool", "bool"],
  TLeafB: ["int8", "uint8"],
  TLeafS: ["int16", "uint16"],
  TLeafI: ["int32", "uint32"],
  TLeafL: ["int64", "uint64"],
  TLeafG: ["int64", "uint64"],
  TLeafF: ["float32", "float32"],
  TLeafD: ["float64", "float64"]
};
function leafNumber({ className, isUnsigned }) {
  return Object.hasOwn(leafNumbers, className) ? leafNumbers[className][isUnsigned ? 1 : 0] : void 0;
}
function leafLayouts(leaves) {
  const numbers = leaves.map(leafNumber);
  const odd = leaves.find((leaf, i) => numbers[i] === void 0 || leaf.countLeaf !== void 0);
  if (odd !== void 0) {
    const reason = `${odd.className}${odd.countLeaf === void 0 ? "" : " of variable length"} among several leaves`;
    return leaves.map(({ name }) => [name, unknown(reason)]);
  }
  const bytes = leaves.map((leaf, i) => leaf.width * bytesOf(numbers[i]));
  const entryBytes = bytes.reduce((sum, size) => sum + size, 0);
  let offset = 0;
  return leaves.map(({ name, width }, i) => {
    const layout = { kind: "numbers", number: numbers[i], width, offset, entryBytes };
    offset += bytes[i];
    return [name, layout];
  });
}
var codeNumbers = {
  1: "int8",
  2: "int16",
  3: "int32",
  4: "int64",
  5: "float32",
  6: "int32",
  8: "float64",
  11: "uint8",
  12: "uint16",
  13: "uint32",
  14: "uint64",
  16: "int64",
  17: "uint64",
  18: "bool"
};
function elementLayout(branch, element, descriptions) {
  if (element.kind === 31 || element.kind === 41) return splitMemberLayout(branch, element, descriptions);
  if (element.kind === 3 || element.kind === 4) return unknown(`${element.className} without split members`);
  if (element.kind < -1 || element.kind > 2) return unknown(`TBranchElement of kind ${element.kind}`);
  if (element.member < 0) return objectLayout(element.className);
  const { code } = element;
  const member = memberOf(branch, element, descriptions);
  const single = numberOfCode(code, member?.title);
  if (single !== void 0) return fixedLayout(single, branch.leaves[0].width);
  if (code === TEXT) return { kind: "items", item: { kind: "text" }, hasHeader: false };
  if (![STL, STL_TEXT, CUSTOM_STREAMER].includes(code) || member === void 0) {
    return unknown(member?.typeName ?? `type code ${code}`);
  }
  return objectLayout(member.typeName, true);
}
function splitMemberLayout(branch, element, descriptions) {
  const { code, className } = element;
  const number = numberOfCode(code, memberOf(branch, element, descriptions)?.title);
  if (number === void 0) return unknown(`member of type code ${code} in a collection of ${className}`);
  return { kind: "lists", number, width: branch.leaves[0].width, hasHeader: false };
}
function numberOfCode(code, comment) {
  const single = code > FIXED_ARRAY ? code - FIXED_ARRAY : code;
  if (single === DOUBLE32) return comment?.includes("[") === false ? "float32" : void 0;
  return codeNumbers[single];
}
function objectLayout(typeName, isMember = false) {
  const item = parseTypeName(typeName);
  if (typeName === "TString") return { kind: "items", item: { kind: "text" }, hasHeader: false };
  if (item === void 0 || item.kind === "number") return unknown(typeName);
  if (item.kind === "text") return { kind: "items", item, hasHeader: isMember };
  if (item.item.kind === "number")
    return { kind: "lists", number: item.item.number, width: 1, hasHeader: true };
  return { kind: "items", item, hasHeader: true };
}
function memberOf(branch, { className, checksum, member }, descriptions) {
  const elements = descriptions.ofChecksum(className, checksum)?.elements ?? [];
  const name = branch.name.replace(/\[.*$/, "").split(".").at(-1);
  const byPlace = elements[member];
  return byPlace?.name === name ? byPlace : elements.find((element) => element.name === name);
}

// libs/datasets/src/root/directory.ts
var LARGE_FILE_VERSION2 = 1e3;
var DIRECTORY_BYTES = 42;
var SMALLEST_KEY_BYTES = 29;
var DEEPEST2 = 32;
var MOST_KEYS = 1e6;
async function listKeys(file, position) {
  const found = [];
  const visited = /* @__PURE__ */ new Set();
  const visit = async (start, prefix, depth) => {
    if (visited.has(start) || depth > DEEPEST2) throw new Damage("directories contain each other without end");
    visited.add(start);
    for (const key of await readDirectory(file, start)) {
      found.push({ path: prefix + key.name, key });
      if (found.length > MOST_KEYS) throw new Damage(`more than ${MOST_KEYS} keys`);
      if (key.className === "TDirectory" || key.className === "TDirectoryFile") {
        await visit(key.position + key.keyBytes, `${prefix}${key.name}/`, depth + 1);
      }
    }
  };
  await visit(position, "", 0);
  return found;
}
async function readDirectory(file, position) {
  const fields = await file.read(position, Math.max(0, Math.min(DIRECTORY_BYTES, file.size - position)));
  const cursor = new ByteCursor(fields);
  const version = cursor.int16();
  cursor.take(8);
  const keysBytes = cursor.int32();
  cursor.take(4);
  const isLarge = version > LARGE_FILE_VERSION2;
  cursor.take(isLarge ? 16 : 8);
  const keysPosition = isLarge ? cursor.int64() : cursor.int32();
  if (keysPosition === 0) return [];
  return readKeys(new ByteCursor(await file.read(keysPosition, keysBytes)));
}
function readKeys(cursor) {
  readKey(cursor);
  const count = cursor.int32();
  if (count < 0 || count * SMALLEST_KEY_BYTES > cursor.left)
    throw new Damage(`${count} keys in a shorter list`);
  return Array.from({ length: count }, () => readKey(cursor));
}

// libs/datasets/src/root/file-header.ts
var LARGE_FILE_VERSION3 = 1e6;
var HEADER_BYTES2 = 64;
async function readFileHeader(file) {
  if (file.size === 0) throw new Damage("the file is empty, expected a ROOT file");
  const cursor = new ByteCursor(await file.read(0, Math.min(HEADER_BYTES2, file.size)));
  if (file.size < 4 || Buffer.from(cursor.slice(4)).toString("latin1") !== "root") {
    throw new Damage("not a ROOT file, its first bytes are not 'root'");
  }
  const version = cursor.int32();
  const begin = cursor.int32();
  const position = version >= LARGE_FILE_VERSION3 ? () => cursor.int64() : () => cursor.int32();
  const end = position();
  if (end > file.size) {
    throw new Damage(`the file is cut off: ${file.size} bytes of ${end}; copy it again`);
  }
  position();
  cursor.take(8);
  const nameBytes = cursor.int32();
  cursor.take(5);
  return {
    directory: begin + nameBytes,
    streamerInfo: position(),
    streamerInfoBytes: cursor.int32()
  };
}

// libs/datasets/src/root/embedded-basket.ts
var MASK_OF_DISPLACEMENT = 4278190080;
function readEmbeddedBasket(reader, object) {
  const { cursor } = reader;
  const key = readKey(cursor);
  const fields = readBasketFields(cursor);
  const { flag } = fields;
  const hasOffsets = flag !== 0 && flag % 10 !== 2 && flag < 80;
  let offsets;
  if (hasOffsets && fields.entries > 0) {
    const stored = reader.readArray(3, cursor.int32());
    const mask = flag > 20 && flag < 40 ? ~MASK_OF_DISPLACEMENT : -1;
    offsets = Int32Array.from(stored, (offset) => (offset & mask) - key.keyBytes);
  }
  if (flag > 40 && flag < 80 && fields.entries > 0) reader.readArray(3, cursor.int32());
  if (flag !== 1 && flag <= 10) return;
  if (fields.last < key.keyBytes) throw new Damage("an embedded basket is shorter than its header");
  const content = {
    entries: fields.entries,
    data: cursor.slice(fields.last).subarray(key.keyBytes),
    offsets
  };
  object.payload = content;
}

// libs/datasets/src/root/built-in-streamers.ts
var IS_REFERENCED = 1 << 4;
var builtInStreamers = new Map([
  ["TObject", readTObject],
  ["TNamed", readTNamed],
  ["TObjArray", readTObjArray],
  ["TList", readTList],
  ["THashList", readTList],
  ["TBasket", readEmbeddedBasket],
  ...arrayStreamers(),
  ["TStreamerInfo", readTStreamerInfo],
  ...elementStreamers()
]);
function readTObject({ cursor }) {
  cursor.versionHeader();
  cursor.take(4);
  if ((cursor.uint32() & IS_REFERENCED) !== 0) cursor.take(2);
}
function readTNamed(reader, object) {
  const header = reader.cursor.versionHeader();
  readTObject(reader);
  object.members.set("fName", reader.cursor.text());
  object.members.set("fTitle", reader.cursor.text());
  reader.cursor.finish(header);
}
function readTObjArray(reader, object) {
  const { cursor } = reader;
  const header = cursor.versionHeader();
  if (header.version > 2) readTObject(reader);
  if (header.version > 1) cursor.text();
  const count = itemCount(reader);
  cursor.take(4);
  for (let i = 0; i < count; i++) object.items.push(reader.readPointer());
  cursor.finish(header);
}
function readTList(reader, object) {
  const { cursor } = reader;
  const header = cursor.versionHeader();
  readTObject(reader);
  cursor.text();
  const count = itemCount(reader);
  for (let i = 0; i < count; i++) {
    object.items.push(reader.readPointer());
    cursor.text();
  }
  cursor.finish(header);
}
function itemCount({ cursor }) {
  const count = cursor.int32();
  if (count < 0 || count * 4 > cursor.left)
    throw new Damage(`a collection of ${count} objects in ${cursor.left} bytes`);
  return count;
}
function arrayStreamers() {
  const codes = { TArrayC: 1, TArrayS: 2, TArrayI: 3, TArrayL: 4, TArrayL64: 16, TArrayF: 5, TArrayD: 8 };
  return Object.entries(codes).map(([name, code]) => [
    name,
    (reader, object) => void object.members.set("fArray", reader.readArray(code, reader.cursor.int32()))
  ]);
}
function readTStreamerInfo(reader, object) {
  const { cursor } = reader;
  const header = cursor.versionHeader();
  readTNamed(reader, object);
  const checksum = cursor.uint32();
  const version = cursor.int32();
  const elements = reader.readPointer()?.items ?? [];
  object.payload = {
    name: object.text("fName"),
    version,
    checksum,
    elements: elements.map((element) => element?.payload).filter((element) => element !== void 0)
  };
  cursor.finish(header);
}
function elementStreamers() {
  const plain = [
    "Base",
    "BasicType",
    "String",
    "Object",
    "ObjectPointer",
    "ObjectAny",
    "ObjectAnyPointer",
    "STL",
    "Artificial"
  ];
  const counted = ["BasicPointer", "Loop"];
  return [
    ...plain.map((name) => [`TStreamer${name}`, (...of) => readElement(...of, false)]),
    ...counted.map((name) => [`TStreamer${name}`, (...of) => readElement(...of, true)]),
    ["TStreamerSTLstring", readSTLstring]
  ];
}
function readElement(reader, object, isCounted) {
  const { cursor } = reader;
  const header = cursor.versionHeader();
  const base = cursor.versionHeader();
  readTNamed(reader, object);
  const code = cursor.int32();
  cursor.take(4);
  const arrayLength = cursor.int32();
  cursor.take(4 + 5 * 4);
  const typeName = cursor.text();
  cursor.finish(base);
  if (isCounted) cursor.take(4);
  const element = {
    name: object.text("fName"),
    title: object.text("fTitle"),
    code,
    typeName,
    arrayLength,
    countName: isCounted ? cursor.text() : ""
  };
  object.payload = element;
  cursor.finish(header);
}
function readSTLstring(reader, object) {
  const header = reader.cursor.versionHeader();
  readElement(reader, object, false);
  reader.cursor.finish(header);
}

// libs/datasets/src/root/streamed-object.ts
var StreamedObject = class _StreamedObject {
  constructor(className) {
    this.className = className;
  }
  className;
  members = /* @__PURE__ */ new Map();
  items = [];
  /** What is no described member, say the buffer of a basket. */
  payload;
  /** @throws Damage when the member is missing or no number */
  number(name) {
    const value = this.members.get(name);
    if (typeof value !== "number") throw this.lacks(name, "number");
    return value;
  }
  /** @throws Damage when the member is missing or no text */
  text(name) {
    const value = this.members.get(name);
    if (typeof value !== "string") throw this.lacks(name, "text");
    return value;
  }
  /** @throws Damage when the member is missing or no array of numbers */
  numbers(name) {
    const value = this.members.get(name);
    if (!(value instanceof Float64Array)) throw this.lacks(name, "array of numbers");
    return value;
  }
  /** The object that a member holds or points to, undefined when there is none. */
  object(name) {
    const value = this.members.get(name);
    return value instanceof _StreamedObject ? value : void 0;
  }
  /** @throws Damage when the member is missing or no collection */
  collection(name) {
    const value = this.object(name);
    if (value === void 0) throw this.lacks(name, "collection");
    return value.items;
  }
  lacks(name, kind) {
    return new Damage(`the ${this.className} has no ${kind} ${name}`);
  }
};

// libs/datasets/src/root/object-reader.ts
var BYTE_COUNT_MASK2 = 1073741824;
var CLASS_MASK = 2147483648;
var NEW_CLASS = 4294967295;
var REFERENCE_OFFSET = 2;
var DEEPEST3 = 64;
var MOST_MEMBERS = 2e7;
var ObjectReader = class {
  /** @param keyBytes length of the key before the record, from which references count */
  constructor(cursor, keyBytes, descriptions) {
    this.cursor = cursor;
    this.keyBytes = keyBytes;
    this.descriptions = descriptions;
  }
  cursor;
  keyBytes;
  descriptions;
  references = /* @__PURE__ */ new Map();
  depth = 0;
  members = 0;
  /** The object that the record holds, whose class only the key tells. */
  readTop(className) {
    const object = new StreamedObject(className);
    this.references.set(1, object);
    this.readInto(object, className);
    return object;
  }
  /**
   * An object behind a pointer: null, one that was read before, or a new one with its class. Objects of classes that
   * the file does not describe come without (some of) their members.
   */
  readPointer() {
    const { cursor } = this;
    const start = cursor.position;
    const count = cursor.uint32();
    const isCounted = (count & BYTE_COUNT_MASK2) !== 0 && count !== NEW_CLASS;
    const end = isCounted ? start + 4 + (count & ~BYTE_COUNT_MASK2) : void 0;
    if (end !== void 0 && end > cursor.bytes.length)
      throw new Damage("an object is longer than its record");
    const tagStart = cursor.position;
    const tag = isCounted ? cursor.uint32() : count;
    if ((tag & CLASS_MASK) === 0) return this.referred(tag, end);
    const className = this.className(tag, isCounted ? tagStart : void 0);
    const object = new StreamedObject(className);
    this.references.set(isCounted ? this.reference(start) : this.references.size + 1, object);
    this.readOrSkip(object, end);
    return object;
  }
  /** An object of a known class inside another one. */
  readInside(className) {
    const object = new StreamedObject(className);
    this.readInto(object, className);
    return object;
  }
  /** Adds what the class streams, header included, to an object. */
  readInto(object, className) {
    if (++this.depth > DEEPEST3) throw new Damage("objects contain each other without end");
    const builtIn = builtInStreamers.get(className);
    if (builtIn !== void 0) builtIn(this, object);
    else this.readDescribed(object, className);
    this.depth--;
  }
  readDescribed(object, className) {
    const header = this.cursor.versionHeader();
    const description = this.descriptions.ofVersion(className, header.version);
    if (description === void 0) {
      throw new Unsupported(`the file does not describe version ${header.version} of class ${className}`);
    }
    if (header.version <= 0) this.cursor.take(4);
    for (const element of description.elements) this.readElement(object, element);
    this.cursor.finish(header);
  }
  readElement(object, element) {
    if (++this.members > MOST_MEMBERS) throw new Damage(`more than ${MOST_MEMBERS} members`);
    const { code, name } = element;
    if (code === BASE_CLASS || element.typeName === "BASE") this.readInto(object, name);
    else if (OBJECT_INSIDE.includes(code) || code === TOBJECT || code === TNAMED)
      object.members.set(name, this.readInside(plainClass(element)));
    else if (OBJECT_POINTER.includes(code)) object.members.set(name, this.readPointer());
    else if (code === TEXT) object.members.set(name, this.cursor.text());
    else object.members.set(name, this.readNumbers(object, element));
  }
  readNumbers(object, element) {
    const { code } = element;
    const single = numberReaders[code];
    if (single !== void 0) return single.read(this.cursor);
    if (numberReaders[code - FIXED_ARRAY] !== void 0) {
      return this.readArray(code - FIXED_ARRAY, element.arrayLength);
    }
    if (numberReaders[code - COUNTED_ARRAY] === void 0) {
      throw new Unsupported(`member ${element.name} has type ${element.typeName}, which is not known`);
    }
    const isThere = this.cursor.uint8() !== 0;
    return this.readArray(code - COUNTED_ARRAY, isThere ? object.number(element.countName) : 0);
  }
  /** `count` numbers of the type with that code. */
  readArray(code, count) {
    const { bytes, read } = numberReaders[code];
    if (!(count >= 0 && count * bytes <= this.cursor.left)) {
      throw new Damage(`an array of ${count} numbers in ${this.cursor.left} bytes`);
    }
    const values = new Float64Array(count);
    for (let i = 0; i < count; i++) values[i] = read(this.cursor);
    return values;
  }
  referred(tag, end) {
    if (tag === 0) return null;
    const target = this.references.get(tag);
    if (target instanceof StreamedObject) return target;
    if (end === void 0) throw new Damage(`a reference to an object that is not there`);
    this.cursor.seek(end);
    return null;
  }
  className(tag, tagStart) {
    if (tag === NEW_CLASS) {
      const name2 = this.cursor.terminatedText();
      const position = tagStart === void 0 ? this.references.size + 1 : this.reference(tagStart);
      this.references.set(position, name2);
      return name2;
    }
    const name = this.references.get((tag & ~CLASS_MASK) >>> 0);
    if (typeof name !== "string") throw new Damage("a reference to a class that is not there");
    return name;
  }
  reference(position) {
    return position + this.keyBytes + REFERENCE_OFFSET;
  }
  readOrSkip(object, end) {
    const { depth } = this;
    try {
      this.readInto(object, object.className);
    } catch (error) {
      if (!(error instanceof Unsupported) || end === void 0) throw error;
      this.depth = depth;
      this.cursor.seek(end);
    }
    if (end === void 0) return;
    const header = { version: 0, end };
    this.cursor.finish(header);
  }
};
function plainClass({ typeName }) {
  return typeName.replace(/\*+$/, "").trim();
}

// libs/datasets/src/root/random-access-file.ts
import { open } from "node:fs/promises";
var RandomAccessFile = class _RandomAccessFile {
  constructor(path, size, handle) {
    this.path = path;
    this.size = size;
    this.handle = handle;
  }
  path;
  size;
  handle;
  /** @throws UserError when the file cannot be opened or is no regular file */
  static async open(path) {
    const handle = await open(path).catch((error) => {
      throw new UserError(
        error.code === "ENOENT" ? `${path}: file not found, expected a ROOT file` : `${path}: cannot be read (${error.code})`
      );
    });
    const stats = await handle.stat();
    if (stats.isFile()) return new _RandomAccessFile(path, stats.size, handle);
    await handle.close();
    throw new UserError(`${path}: not a file, expected a ROOT file`);
  }
  /**
   * @param into buffer to use when it is large enough; the result is a part of it, then
   * @throws Damage when the range does not lie inside the file
   */
  async read(position, length, into) {
    this.check(position, length);
    const bytes = into && into.length >= length ? into.subarray(0, length) : Buffer.allocUnsafeSlow(length);
    for (let filled = 0; filled < length; ) {
      const { bytesRead } = await this.handle.read(bytes, filled, length - filled, position + filled);
      if (bytesRead === 0) throw new Damage(`the file ended while it was read, at byte ${position + filled}`);
      filled += bytesRead;
    }
    return bytes;
  }
  /** @throws Damage when the range does not lie inside the file */
  check(position, length) {
    if (position >= 0 && length >= 0 && position + length <= this.size) return;
    throw new Damage(`bytes ${position} to ${position + length} expected in a file of ${this.size} bytes`);
  }
  close() {
    return this.handle.close();
  }
};

// libs/datasets/src/root/concatenate.ts
function concatenateColumns(parts) {
  const [first] = parts;
  if (parts.length === 1) return first;
  switch (first.kind) {
    case "text":
      return { kind: "text", values: parts.flatMap((part) => part.values) };
    case "jagged":
      return concatenateLists(parts);
    default:
      return { ...first, values: concatenateNumbers(parts.map((part) => part.values)) };
  }
}
function concatenateLists(parts) {
  const offsets = new Uint32Array(parts.reduce((sum, part) => sum + part.offsets.length - 1, 1));
  let rows = 0;
  for (const part of parts) {
    const shift = offsets[rows];
    for (let i = 1; i < part.offsets.length; i++) offsets[rows + i] = shift + part.offsets[i];
    rows += part.offsets.length - 1;
  }
  return { kind: "jagged", offsets, content: concatenateColumns(parts.map(({ content }) => content)) };
}
function concatenateNumbers(parts) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const joined = new parts[0].constructor(length);
  let filled = 0;
  for (const part of parts) {
    joined.set(part, filled);
    filled += part.length;
  }
  return joined;
}

// libs/datasets/src/root/decode-lists.ts
var HEADER_BYTES3 = 10;
var MEMBER_WISE = 16384;
function decodeLists(basket, layout, first, end, content, counts, position) {
  const { data } = basket;
  const starts = entryStarts(basket, first, end);
  const entries = end - first;
  const groupBytes = layout.width * bytesOf(layout.number);
  const header = layout.hasHeader ? HEADER_BYTES3 : 0;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  content.reserve(starts[entries] - starts[0]);
  for (let i = 0; i < entries; i++) {
    const length = starts[i + 1] - starts[i] - header;
    const count = length / groupBytes;
    if (!(length >= 0 && Number.isInteger(count))) {
      throw new Damage(`${length} bytes in entry ${first + i} of a basket, expected groups of ${groupBytes}`);
    }
    if (header > 0) {
      checkHeader(view, starts[i], count);
      content.append(view, starts[i] + header, length);
    }
    counts[position + i] = count;
  }
  if (header === 0) content.append(view, starts[0], starts[entries] - starts[0]);
}
function entryStarts({ data, offsets, entries }, first, end) {
  const starts = new Int32Array(end - first + 1);
  if (offsets === void 0) {
    if (entries > 0 && data.length > 0) {
      throw new Damage("a basket of variable entries has no table of offsets");
    }
    return starts;
  }
  let before = 0;
  for (let i = 0; i < starts.length; i++) {
    const start = first + i < entries ? offsets[first + i] : data.length;
    if (start < before || start > data.length)
      throw new Damage(`entry ${first + i} of a basket begins outside it`);
    starts[i] = before = start;
  }
  return starts;
}
function checkHeader(view, start, count) {
  if ((view.getUint16(start + 4) & MEMBER_WISE) !== 0) {
    throw new Unsupported("a container is stored member by member");
  }
  const announced = view.getUint32(start + 6);
  if (announced !== count) throw new Damage(`a list of ${announced} numbers where ${count} are stored`);
}

// libs/datasets/src/root/decode-items.ts
var MEMBER_WISE2 = 16384;
function decodeItems(basket, layout, first, end) {
  const { data } = basket;
  const starts = entryStarts(basket, first, end);
  const collector = collectorOf(layout.item);
  for (let i = 0; i < end - first; i++) {
    const cursor = new ByteCursor(data.subarray(starts[i], starts[i + 1]));
    if (layout.hasHeader && (cursor.versionHeader().version & MEMBER_WISE2) !== 0) {
      throw new Unsupported("a container is stored member by member");
    }
    collector.read(cursor);
    if (cursor.left > 0) throw new Damage(`${cursor.left} bytes too many in entry ${first + i} of a basket`);
  }
  return collector.column();
}
function noItems(item) {
  return collectorOf(item).column();
}
function collectorOf(item) {
  if (item.kind === "text") return textCollector();
  return item.kind === "list" ? listCollector(item.item) : numberCollector(item);
}
function textCollector() {
  const values = [];
  return {
    // Of an empty text some writers store nothing.
    read: (cursor) => void values.push(cursor.bytes.length === 0 ? "" : cursor.text()),
    column: () => ({ kind: "text", values })
  };
}
function listCollector(item) {
  const offsets = [0];
  const content = item.kind === "number" ? numberCollector(item) : collectorOf(item);
  return {
    read(cursor) {
      const count = cursor.uint32();
      const smallest = item.kind === "number" ? bytesOf(item.number) : item.kind === "text" ? 1 : 4;
      if (count * smallest > cursor.left)
        throw new Damage(`a list of ${count} elements in ${cursor.left} bytes`);
      for (let i = 0; i < count; i++) content.read(cursor);
      offsets.push(offsets[offsets.length - 1] + count);
    },
    column: () => ({ kind: "jagged", offsets: Uint32Array.from(offsets), content: content.column() })
  };
}
function numberCollector({ number }) {
  const size = bytesOf(number);
  const pieces = [];
  return {
    read: (cursor) => void pieces.push(cursor.slice(size)),
    column() {
      const bytes = new Uint8Array(pieces.length * size);
      pieces.forEach((piece, i) => bytes.set(piece, i * size));
      toMachineOrder(number, bytes);
      return { kind: "flat", values: asNumbers(number, bytes) };
    }
  };
}

// libs/datasets/src/root/decode-numbers.ts
function decodeNumbers(basket, layout, first, end, target) {
  const { entryBytes, offset, number, width } = layout;
  if (basket.data.length !== basket.entries * entryBytes) {
    throw new Damage(
      `${basket.data.length} bytes for ${basket.entries} entries, expected ${entryBytes} bytes for each`
    );
  }
  const bytes = width * bytesOf(number);
  if (bytes === entryBytes) {
    target.set(basket.data.subarray(first * entryBytes, end * entryBytes));
  } else {
    for (let entry = first, to = 0; entry < end; entry++, to += bytes) {
      const from = entry * entryBytes + offset;
      target.set(basket.data.subarray(from, from + bytes), to);
    }
  }
  toMachineOrder(number, target);
}

// libs/datasets/src/root/growing-numbers.ts
var LONG_PIECE = 256;
var GROWTH = 1.5;
var LARGEST_WASTE = 1.2;
var GrowingNumbers = class {
  constructor(type) {
    this.type = type;
  }
  type;
  bytes = new Uint8Array(0);
  words = new Uint32Array(0);
  filled = 0;
  /** Makes room for `bytes` more. */
  reserve(bytes) {
    const needed = this.filled + bytes;
    if (needed > this.bytes.length) this.resize(Math.max(needed, this.filled * GROWTH));
  }
  /** Appends `length` bytes of `source`. Room must have been reserved. */
  append(source, start, length) {
    const size = bytesOf(this.type);
    const to = this.filled;
    this.filled += length;
    if (length > LONG_PIECE || size < 4) {
      const target = this.bytes.subarray(to, to + length);
      target.set(new Uint8Array(source.buffer, source.byteOffset + start, length));
      toMachineOrder(this.type, target);
    } else if (size === 4) {
      for (let at = start, word = to >> 2; at < start + length; at += 4)
        this.words[word++] = source.getUint32(at);
    } else {
      for (let at = start, word = to >> 2; at < start + length; at += 8, word += 2) {
        this.words[word + 1] = source.getUint32(at);
        this.words[word] = source.getUint32(at + 4);
      }
    }
  }
  /** All numbers; nothing may be appended any more. */
  finish() {
    if (this.bytes.length > this.filled * LARGEST_WASTE) this.resize(this.filled);
    return asNumbers(this.type, this.bytes.subarray(0, this.filled));
  }
  /** To a multiple of a word. */
  resize(bytes) {
    const larger = new Uint8Array(Math.ceil(bytes / 4) * 4);
    larger.set(this.bytes.subarray(0, this.filled));
    this.bytes = larger;
    this.words = new Uint32Array(larger.buffer);
  }
};

// libs/datasets/src/root/read-column.ts
async function readColumn(file, rows, { branch, layout }, range, buffers) {
  const place = `${file.path}: branch '${branch.name}'`;
  return atPlace(place, () => {
    checkBranch(branch, layout, rows);
    const baskets = (visit) => visitBaskets(file, place, branch, range, buffers, visit);
    if (layout.kind === "numbers") return readNumbers(layout, range, baskets);
    if (layout.kind === "lists") return readLists(layout, range, baskets);
    if (layout.kind === "items") return readItems(layout, baskets);
    throw new Unsupported(`type ${layout.reason} is not readable, expected numbers, texts or lists of them`);
  });
}
function checkBranch(branch, layout, rows) {
  if (branch.otherFile !== "") {
    throw new Unsupported(`its values are in another file, ${branch.otherFile}`);
  }
  if (layout.kind !== "unknown" && branch.entries !== rows) {
    throw new Damage(`${branch.entries} entries in a tree of ${rows}`);
  }
}
async function readNumbers(layout, range, baskets) {
  const bytes = layout.width * bytesOf(layout.number);
  const target = new Uint8Array((range.end - range.first) * bytes);
  await baskets(
    ({ basket, first, end, row }) => decodeNumbers(basket, layout, first, end, target.subarray(row * bytes, (row + end - first) * bytes))
  );
  const values = asNumbers(layout.number, target);
  return layout.width === 1 ? { kind: "flat", values } : { kind: "fixed", width: layout.width, values };
}
async function readLists(layout, range, baskets) {
  const offsets = new Uint32Array(range.end - range.first + 1);
  const content = new GrowingNumbers(layout.number);
  await baskets(
    ({ basket, first, end, row }) => decodeLists(basket, layout, first, end, content, offsets, row + 1)
  );
  sumUp(offsets);
  const { width } = layout;
  const values = content.finish();
  return {
    kind: "jagged",
    offsets,
    content: width === 1 ? { kind: "flat", values } : { kind: "fixed", width, values }
  };
}
async function readItems(layout, baskets) {
  const parts = [];
  await baskets(({ basket, first, end }) => void parts.push(decodeItems(basket, layout, first, end)));
  return parts.length === 0 ? noItems(layout.item) : concatenateColumns(parts);
}
function sumUp(counts) {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    sum += counts[i];
    counts[i] = sum;
  }
  if (sum >= 2 ** 32) throw new Damage("2^32 numbers or more in one column, read fewer rows at a time");
}

// libs/datasets/src/root/streamer-info.ts
var ClassDescriptions = class {
  byName = /* @__PURE__ */ new Map();
  add(description) {
    const versions = this.byName.get(description.name);
    if (versions === void 0) this.byName.set(description.name, [description]);
    else versions.push(description);
  }
  /** The description of a version. Version 0 stands for classes without one: then the only description is taken. */
  ofVersion(name, version) {
    const versions = this.byName.get(name) ?? [];
    const exact = versions.find((candidate) => candidate.version === version);
    return exact ?? (version <= 1 && versions.length === 1 ? versions[0] : void 0);
  }
  /** The description with a checksum, as branches refer to it. */
  ofChecksum(name, checksum) {
    return this.byName.get(name)?.find((candidate) => candidate.checksum === checksum);
  }
};

// libs/datasets/src/root/open-root-file.ts
async function openRootFile(path, options = {}) {
  const file = await RandomAccessFile.open(path);
  try {
    return await openTree(file, options.tree);
  } catch (error) {
    await file.close();
    throw error;
  }
}
async function openTree(file, tree) {
  const header = await atPlace(file.path, () => readFileHeader(file));
  const keys = await atPlace(`${file.path}: directory`, () => listKeys(file, header.directory));
  const found = chooseTree(file.path, keys, tree);
  const descriptions = await atPlace(
    `${file.path}: class descriptions`,
    () => readDescriptions(file, header)
  );
  return atPlace(`${file.path}: tree '${found.path}'`, async () => {
    const record = await readRecord(file, found.key);
    const reader = new ObjectReader(new ByteCursor(record), found.key.keyBytes, descriptions);
    const object = reader.readTop(found.key.className);
    const rows = object.number("fEntries");
    if (!Number.isSafeInteger(rows) || rows < 0) throw new Damage(`${rows} entries`);
    return treeFile(file, rows, columnsOf(branchesOf(object), descriptions));
  });
}
function chooseTree(path, keys, wanted) {
  const newest = /* @__PURE__ */ new Map();
  const trees = keys.filter(({ key }) => /^TTree$|^TNtupleD?$/.test(key.className));
  for (const tree of trees) {
    if (tree.key.cycle >= (newest.get(tree.path)?.key.cycle ?? 0)) newest.set(tree.path, tree);
  }
  const names2 = [...newest.keys()];
  if (names2.length === 0) throw new UserError(`${path}: no tree in this file`);
  const list = names2.map((name2) => `'${name2}'`).join(", ");
  if (wanted === void 0) {
    if (names2.length === 1) return newest.get(names2[0]);
    throw new UserError(`${path}: ${names2.length} trees, choose one of ${list}`);
  }
  const [name, cycle] = wanted.split(";");
  const match = trees.find((tree) => tree.path === name && String(tree.key.cycle) === cycle);
  const found = cycle === void 0 ? newest.get(name) : match;
  if (found === void 0) throw new UserError(`${path}: no tree '${wanted}', expected one of ${list}`);
  return found;
}
async function readDescriptions(file, header) {
  const start = await file.read(header.streamerInfo, header.streamerInfoBytes);
  const key = readKey(new ByteCursor(start));
  const record = await readRecord(file, { ...key, position: header.streamerInfo });
  const list = new ObjectReader(new ByteCursor(record), key.keyBytes, new ClassDescriptions()).readTop(
    "TList"
  );
  const descriptions = new ClassDescriptions();
  for (const item of list.items) {
    if (item?.className === "TStreamerInfo") descriptions.add(item.payload);
  }
  return descriptions;
}
function treeFile(file, rows, columns) {
  return {
    path: file.path,
    rows,
    types: new Map([...columns].map(([name, { layout }]) => [name, describeLayout(layout)])),
    read: (names2, range = { first: 0, end: rows }) => readTable(file, rows, columns, names2, range),
    close: () => file.close()
  };
}
async function readTable(file, rows, columns, names2, range) {
  const missing = names2.filter((name) => !columns.has(name));
  if (missing.length > 0) {
    throw new UserError(`${file.path}: no branch ${missing.map((name) => `'${name}'`).join(", ")}`);
  }
  if (!(range.first >= 0 && range.first <= range.end && range.end <= rows)) {
    throw new RangeError(`rows ${range.first} to ${range.end} of ${rows}`);
  }
  const table = /* @__PURE__ */ new Map();
  const buffers = new RecordBuffers();
  for (const name of names2) {
    table.set(name, await readColumn(file, rows, columns.get(name), range, buffers));
  }
  return { rows: range.end - range.first, columns: table };
}

// ../../tmp/r/rd.ts
var f = await openRootFile(process.argv[2]);
var names = [...f.types.keys()].filter((n) => !n.startsWith("n"));
for (let i = 0; i < 3; i++) {
  const w = performance.now(), c = process.cpuUsage();
  let t = await f.read(names);
  const d = process.cpuUsage(c);
  console.log("ours", process.argv[2].slice(7), Math.round(performance.now() - w), Math.round((d.user + d.system) / 1e3), process.resourceUsage().maxRSS >> 10);
  t = void 0;
}
