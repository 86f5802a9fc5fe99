import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@hep/test-support';
import { listKeys } from './file/directory.ts';
import { readFileHeader } from './file/file-header.ts';
import { RandomAccessFile } from './file/random-access-file.ts';
import { largeFileParts } from './testing/directory-file.ts';

const folder = await temporaryFolder();

describe('files beyond 2 GB', () => {
  it('have eight-byte positions, which are followed', async () => {
    // The top directory lies as far as a four-byte length of its name reaches; the file is sparse.
    const position = 2 ** 31 - 1;
    const { header, directory } = largeFileParts(position);
    const path = join(folder, 'large.root');
    const writer = await open(path, 'w');
    await writer.write(header, 0, header.length, 0);
    await writer.write(directory, 0, directory.length, position);
    await writer.close();
    const file = await RandomAccessFile.open(path, true);
    const fields = await readFileHeader(file);
    const [found] = await listKeys(file, fields.directory);
    await file.close();
    expect([fields.directory, fields.streamerInfo]).toEqual([position, position]);
    expect(found).toMatchObject({ path: 'far', key: { position: position + 400, cycle: 3 } });
  });
});
