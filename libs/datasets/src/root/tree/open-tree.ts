import type { ColumnFile } from '../../columns/column.ts';
import type { Branch } from './branch.ts';
import { branchesOf } from './branch.ts';
import { describeLayout } from './branch-layout.ts';
import type { TreeColumn } from './tree-columns.ts';
import { columnsOf } from './tree-columns.ts';
import { ClassItems } from './class-items.ts';
import { ByteCursor } from '../file/byte-cursor.ts';
import { columnFile } from '../column-file.ts';
import type { ReadableColumn } from '../column-file.ts';
import { atPlace, Damage } from '../../damage.ts';
import type { FoundKey } from '../file/directory.ts';
import type { FileHeader } from '../file/file-header.ts';
import { readKey, readRecord } from '../file/key.ts';
import { ObjectReader } from '../objects/object-reader.ts';
import type { RandomAccessFile } from '../file/random-access-file.ts';
import { readColumn } from './read-column.ts';
import { treeStretches } from './tree-stretches.ts';
import { ClassDescriptions } from '../objects/streamer-info.ts';
import type { ClassDescription } from '../objects/streamer-info.ts';

/** What the record of a tree says. */
interface TreeMetadata {
  readonly rows: number;
  readonly branches: readonly Branch[];
  readonly columns: ReadonlyMap<string, TreeColumn>;
}

/** A TTree. Throws UserError. */
export async function openTree(
  file: RandomAccessFile,
  header: FileHeader,
  found: FoundKey,
): Promise<ColumnFile> {
  const { rows, branches, columns } = await readTree(file, header, found);
  const readable = [...columns].map(([name, column]): [string, ReadableColumn] => [
    name,
    {
      type: describeLayout(column.layout),
      read: (range, buffers) => readColumn(file, rows, column, range, buffers),
    },
  ]);
  return columnFile({
    file,
    name: found.path,
    rows,
    columns: new Map(readable),
    stretches: () => treeStretches(branches, rows),
  });
}

/** Class descriptions of a file, then the record of a tree with all branches. Throws UserError. */
export async function readTree(
  file: RandomAccessFile,
  header: FileHeader,
  { path, key }: FoundKey,
): Promise<TreeMetadata> {
  const descriptions = await atPlace(`${file.path}: class descriptions`, () =>
    readDescriptions(file, header),
  );
  return atPlace(`${file.path}: tree '${path}'`, async () => {
    const reader = new ObjectReader(new ByteCursor(await readRecord(file, key)), key.keyBytes, descriptions);
    const tree = reader.readTop(key.className);
    const rows = tree.number('fEntries');
    if (!Number.isSafeInteger(rows) || rows < 0) throw new Damage(`${rows} entries`);
    const branches = branchesOf(tree);
    return {
      rows,
      branches,
      columns: columnsOf(branches, { descriptions, items: new ClassItems(descriptions) }),
    };
  });
}

async function readDescriptions(file: RandomAccessFile, header: FileHeader): Promise<ClassDescriptions> {
  const start = await file.read(header.streamerInfo, header.streamerInfoBytes);
  const key = { ...readKey(new ByteCursor(start)), position: header.streamerInfo };
  const cursor = new ByteCursor(await readRecord(file, key));
  const list = new ObjectReader(cursor, key.keyBytes, new ClassDescriptions()).readTop('TList');
  const descriptions = new ClassDescriptions();
  for (const item of list.items) {
    if (item?.className === 'TStreamerInfo') descriptions.add(item.payload as ClassDescription);
  }
  return descriptions;
}
