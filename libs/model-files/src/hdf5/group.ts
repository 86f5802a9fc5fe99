import { Hdf5Error, type Hdf5Bytes } from './bytes.ts';

const SYMBOL_ENTRY_BYTES = 40;
const SOFT_LINK = 2;

/**
 * Members of an old-style group: name -> object header address. `tree` and `heap` are the addresses of its B-tree
 * and of its name store. Every node is visited once; a tree that refers to itself throws `Hdf5Error`.
 */
export function readGroup(bytes: Hdf5Bytes, tree: number, heap: number): Map<string, number> {
  bytes.expectSignature(heap, 'HEAP');
  const namesSize = bytes.length64(heap + 8);
  const names = bytes.requiredAddress(heap + 24, 'group names');
  bytes.require(names, namesSize);
  const members = new Map<string, number>();
  for (const node of symbolNodes(bytes, tree)) {
    bytes.expectSignature(node, 'SNOD');
    const count = bytes.u16(node + 6);
    for (let i = 0; i < count; i++) {
      const entry = node + 8 + i * SYMBOL_ENTRY_BYTES;
      const name = bytes.zeroTerminated(names + bytes.length64(entry), names + namesSize);
      if (bytes.u32(entry + 16) === SOFT_LINK)
        throw new Hdf5Error(`"${name}" is a link, which Keras does not write`);
      members.set(name, bytes.requiredAddress(entry + 8, `"${name}"`));
    }
  }
  return members;
}

function symbolNodes(bytes: Hdf5Bytes, root: number): number[] {
  const leaves: number[] = [];
  const visited = new Set<number>();
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (visited.has(node)) throw new Hdf5Error(`damaged: group at offset ${root} contains itself`);
    visited.add(node);
    bytes.expectSignature(node, 'TREE');
    if (bytes.u8(node + 4) !== 0) throw new Hdf5Error(`damaged: no group tree at offset ${node}`);
    const isLeaf = bytes.u8(node + 5) === 0;
    const count = bytes.u16(node + 6);
    const children = Array.from({ length: count }, (_, i) =>
      bytes.requiredAddress(node + 32 + i * 16, 'group node'),
    );
    if (isLeaf) {
      for (const child of children) {
        if (visited.has(child)) throw new Hdf5Error(`damaged: group at offset ${root} lists a node twice`);
        visited.add(child);
        leaves.push(child);
      }
    } else pending.push(...children.reverse());
  }
  return leaves;
}
