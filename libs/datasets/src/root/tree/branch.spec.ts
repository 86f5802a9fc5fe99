import type { StreamedObject } from '../objects/streamed-object.ts';
import { basketPlaces } from './branch.ts';

describe('places of baskets', () => {
  const branch = (lists: Readonly<Record<string, readonly number[]>>) => {
    const counts: Readonly<Record<string, number>> = { fEntries: 10, fWriteBasket: 1 };
    return {
      number: (name: string) => counts[name],
      numbers: (name: string) => lists[name],
      collection: () => [],
    } as unknown as StreamedObject;
  };
  const lists = { fBasketEntry: [0, 6], fBasketSeek: [200, 300], fBasketBytes: [80, 70] };

  it('follow from the lists of a branch', () => {
    expect(basketPlaces(branch(lists))).toEqual([
      { first: 0, end: 6, position: 200, bytes: 80, embedded: undefined },
      { first: 6, end: 10, position: 300, bytes: 70, embedded: undefined },
    ]);
  });

  it.each(['fBasketEntry', 'fBasketSeek', 'fBasketBytes'])('are refused where %s is too short', (name) => {
    expect(() => basketPlaces(branch({ ...lists, [name]: [] }))).toThrow(
      'its baskets do not cover its 10 entries',
    );
  });
});
