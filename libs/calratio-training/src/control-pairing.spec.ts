import type { EpochContext } from '@hep/training';
import { ControlPairing } from './index.ts';

const rowsFrom = (first: number, count: number) => Int32Array.from({ length: count }, (_, i) => first + i);

const after = (pairing: ControlPairing, epoch: number) => pairing.onEpochEnd({}, { epoch } as EpochContext);

describe('pairs of main and control region jets', () => {
  it.each([
    ['shorter', 7],
    ['longer', 23],
  ])('deal out a control region that is %s before any jet comes again', (_, controlRows) => {
    const pairing = new ControlPairing({ mainRows: 10, control: rowsFrom(100, controlRows), seed: 4 });
    const dealt = [...pairing.picks];
    for (let epoch = 1; epoch < 23; epoch++) {
      after(pairing, epoch);
      dealt.push(...pairing.picks);
    }
    for (let first = 0; first + controlRows <= dealt.length; first += controlRows) {
      expect(new Set(dealt.slice(first, first + controlRows)).size).toBe(controlRows);
    }
    expect(dealt.slice(0, controlRows)).not.toEqual(dealt.slice(controlRows, 2 * controlRows));
  });

  it('are those of the epoch that a resumed run goes on with', () => {
    const options = { mainRows: 10, control: rowsFrom(100, 4), seed: 4 };
    const [whole, resumed] = [new ControlPairing(options), new ControlPairing(options)];
    after(whole, 3);
    resumed.onTrainingStart({ epoch: 3, resumed: true });
    expect([...resumed.picks]).toEqual([...whole.picks]);
    expect(whole.picks.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it("can stay the reference's", () => {
    const pairing = new ControlPairing({ mainRows: 8, control: rowsFrom(5, 3), seed: 4, isFixed: true });
    after(pairing, 2);
    expect([...pairing.picks]).toEqual([5, 6, 7, 7, 6, 5, 5, 6]);
  });
});
