import { consoleProgress, showing } from '../index.ts';
import { duration, rowRate, significant } from './format.ts';

const size = { epochs: 12, rows: 1000, batches: 10 };
const middle = { epoch: 3, batch: 4, rowsDone: 400, values: { loss: 0.123456 }, seconds: 2, rate: 200 };
const row = { epoch: 3, values: { loss: 0.5, val_loss: 0.25 }, learningRate: 0.001, seconds: 4 };

describe('progress', () => {
  it('shows a live line on a terminal and a lasting line per epoch', () => {
    const texts: string[] = [];
    const progress = consoleProgress({ isTTY: true, columns: 200, write: (text) => texts.push(text) });
    progress.started(size, 0);
    progress.advanced(middle);
    progress.epochEnded(row, true);
    expect(texts).toEqual([
      '\repoch  3/12 [========            ] 40%  200 rows/s  ETA 3.0 s, all 48 s  loss 0.12346\x1b[K',
      '\r\x1b[K',
      'epoch  3/12  loss 0.5  val_loss 0.25  lr 0.001  4.0 s  250 rows/s  best\n',
    ]);
  });

  it('cuts the live line to the width of the terminal', () => {
    const texts: string[] = [];
    const progress = consoleProgress({ isTTY: true, columns: 20, write: (text) => texts.push(text) });
    progress.started(size, 0);
    progress.advanced(middle);
    expect(texts).toEqual(['\repoch  3/12 [======\x1b[K']);
  });

  it('writes plain lines elsewhere, at most every 30 s within an epoch', () => {
    const texts: string[] = [];
    let now = 0;
    const progress = consoleProgress({ write: (text) => texts.push(text) }, () => now);
    progress.started(size, 2);
    for (now = 0; now <= 61_000; now += 1000) progress.advanced(middle);
    progress.epochEnded(row, false);
    const within = 'epoch  3/12  batch 4/10  200 rows/s  ETA 3.0 s, all 48 s  loss 0.12346\n';
    expect(texts).toEqual([
      'going on after epoch 2 of 12\n',
      within,
      within,
      'epoch  3/12  loss 0.5  val_loss 0.25  lr 0.001  4.0 s  250 rows/s\n',
    ]);
  });

  it('shows some results alone where others would crowd the line', () => {
    const texts: string[] = [];
    const progress = showing(['val_loss'], consoleProgress({ write: (text) => texts.push(text) }));
    progress.started(size, 2);
    progress.epochEnded(row, true);
    progress.ended();
    expect(texts).toEqual([
      'going on after epoch 2 of 12\n',
      'epoch  3/12  val_loss 0.25  lr 0.001  4.0 s  250 rows/s  best\n',
    ]);
  });

  it('writes times, rates and numbers for people', () => {
    expect([0.04, 59.4, 185, 7384, Infinity].map(duration)).toEqual([
      '0.0 s',
      '59 s',
      '3:05',
      '2:03:04',
      '?',
    ]);
    expect([950, 12_345, 1.2e6, NaN].map(rowRate)).toEqual([
      '950 rows/s',
      '12.3k rows/s',
      '1.2M rows/s',
      '? rows/s',
    ]);
    expect([0.1, 1234567, 1.5e-7, NaN].map(significant)).toEqual(['0.1', '1234600', '1.5e-7', 'NaN']);
  });
});
