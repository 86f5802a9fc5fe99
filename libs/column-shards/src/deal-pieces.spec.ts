import fc from 'fast-check';
import { PieceDealer } from './index.ts';

type Piece = ReturnType<typeof piecesOf>[number];

const piecesOf = (shards: readonly number[]) => shards.map((shard, index) => ({ shard, index }));

it('every piece is read once, whoever is fast', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(6), { maxLength: 20 }),
      fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }),
      async (shards, turns) => {
        const seen: number[] = [];
        const readers = turns.map((slow) => ({
          read: async ({ index }: { index: number }) => {
            for (let turn = 0; turn < slow; turn++) await Promise.resolve();
            seen.push(index);
          },
        }));
        await new PieceDealer<Piece>(readers).read(piecesOf(shards));
        expect(seen.sort((a, b) => a - b)).toEqual(shards.map((_, index) => index));
      },
    ),
  );
});

it('a reader goes on with the shard that it holds', async () => {
  const read: string[] = [];
  const reader = (name: string) => ({
    read: async ({ shard }: { shard: number }) => {
      read.push(`${name}${shard}`);
      await new Promise(setImmediate);
    },
  });
  const dealer = new PieceDealer<Piece>([reader('a'), reader('b')]);
  await dealer.read(piecesOf([1, 2]));
  await dealer.read(piecesOf([2, 3]));
  await dealer.read(piecesOf([4, 3]));
  expect(read).toEqual(['a1', 'b2', 'a3', 'b2', 'a3', 'b4']);
});

it('the first failure ends the work, and nobody begins another piece', async () => {
  let begun = 0;
  const reader = {
    read: async ({ index }: { index: number }) => {
      begun++;
      await new Promise(setImmediate);
      if (index === 2) throw new Error('shard is gone');
    },
  };
  const pieces = piecesOf(Array.from({ length: 50 }, (_, shard) => shard));
  await expect(new PieceDealer<Piece>([reader, { ...reader }]).read(pieces)).rejects.toThrow('shard is gone');
  await new Promise(setImmediate);
  expect(begun).toBeLessThan(7);
});
