import { goldenPath, temporaryFolder } from '@hep/test-support';
import {
  flattenTracks,
  generateToyTracks,
  joinTracks,
  mergeLists,
  nestedByEvent,
  openTrackShards,
  planDraw,
  prepareFiles,
  readDrawn,
  readTracks,
  tracksOf,
} from '../index.ts';

// Made of the same toy by tools/golden/track_trees.py.
const path = goldenPath('root', 'tracks.root');
const tree = 'trackingNtuple/tree';
const features = ['trk_nPixel', 'trk_dxyErr'].map((name) => ({ name, abs: false, log1p: false }));
const toy = nestedByEvent(generateToyTracks({ tracks: 150, seed: 11 }));
const { table: expected } = tracksOf(flattenTracks('toy', 0, toy), { features });
const folder = await temporaryFolder();

describe('a tree of vectors of tracks', () => {
  it('gives the tracks that were put in, every branch', async () => {
    const { table, dropped } = await readTracks([path], { tree, features });
    expect(dropped).toBe(0);
    expect(table).toEqual(expected);
  });

  it('is prepared as tracks of any other format are', async () => {
    const settings = {
      features,
      shardRows: 16,
      splitSeed: 1,
      validationFraction: 0.3,
      testFraction: 0.3,
      dropInvalid: false,
      tree,
    };
    await prepareFiles([path], { folder, settings, threads: 1, memoryBytes: 2 ** 28 });
    await mergeLists(folder, [{ path, sample: 'all' }], settings);
    const set = await openTrackShards(folder);
    expect(set.shards.reduce((sum, { rows }) => sum + rows, 0)).toBe(150);
    const parts = ['train', 'validation', 'test'] as const;
    const momenta: number[] = [];
    for (const part of parts) {
      const draw = planDraw(set, { part, balanceIterations: false, absentIterations: 'error', seed: 1 });
      const tables = await Promise.all(draw.shards.map((one) => readDrawn(set, draw, one)));
      momenta.push(...joinTracks(tables).pt);
    }
    expect(momenta.sort((a, b) => a - b)).toEqual([...expected.pt].sort((a, b) => a - b));
  });

  it('is refused under another name, and without a branch, with the names that are there', async () => {
    await expect(readTracks([path], { tree: 'trackingNtuple/trees', features })).rejects.toThrow(
      /tracks.root: no tree 'trackingNtuple\/trees', expected one of 'trackingNtuple\/tree'/,
    );
    const unknown = [{ name: 'trk_dxyError', abs: true, log1p: true }];
    await expect(readTracks([path], { tree, features: unknown })).rejects.toThrow(
      /tracks.root: 1 of 4 branches missing: trk_dxyError \(did you mean trk_dxyErr\?\); choose the tree/,
    );
  });
});
