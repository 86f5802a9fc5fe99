import { Barrier } from './barrier.ts';

it('lets everybody through when the last one has arrived, again and again', () => {
  const shared = Barrier.create();
  const [first, second] = [new Barrier(shared, 2), new Barrier(shared, 2)];
  for (let round = 0; round < 3; round++) {
    const place = first.arrive();
    second.wait();
    first.leave(place);
  }
});

it('an abort frees those who wait and those who come later', () => {
  const shared = Barrier.create();
  const [first, second] = [new Barrier(shared, 2), new Barrier(shared, 2)];
  const place = first.arrive();
  second.abort();
  expect(() => first.leave(place)).toThrow('another replica failed');
  // Nobody else will come: waiting would never end.
  expect(() => first.wait()).toThrow('another replica failed');
});
