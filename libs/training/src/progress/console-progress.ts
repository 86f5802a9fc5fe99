import type { EpochRow } from '../history.ts';
import { duration, rowRate, significant } from './format.ts';
import type { EpochProgress, Progress, TrainingSize } from './progress.ts';

/** The part of a stream that progress needs; `process.stdout` fits. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const BAR_WIDTH = 20;
const PLAIN_LINE_SECONDS = 30;

/**
 * Progress as text. On a terminal one live line for the running epoch and one lasting line per finished epoch;
 * elsewhere plain lines: one per epoch and, within long epochs, one every 30 seconds.
 * @param clock milliseconds, for tests
 */
export function consoleProgress(stream: TextStream = process.stdout, clock = Date.now): Progress {
  return stream.isTTY ? new LiveLine(stream) : new PlainLines(stream, clock);
}

/** What both kinds of output say. */
abstract class Lines implements Progress {
  protected size: TrainingSize = { epochs: 0, rows: 0, batches: 0 };

  constructor(protected readonly stream: TextStream) {}

  started(size: TrainingSize, finishedEpochs: number): void {
    this.size = size;
    if (finishedEpochs > 0) this.notice(`going on after epoch ${finishedEpochs} of ${size.epochs}`);
  }

  abstract advanced(progress: EpochProgress): void;

  epochEnded({ epoch, values, learningRate, seconds }: EpochRow, best: boolean): void {
    const rate = seconds > 0 ? `  ${rowRate(this.size.rows / seconds)}` : '';
    const results = `${describe(values)}  lr ${significant(learningRate)}`;
    this.notice(`${this.label(epoch)}  ${results}  ${duration(seconds)}${rate}${best ? '  best' : ''}`);
  }

  notice(text: string): void {
    this.stream.write(`${text}\n`);
  }

  ended(): void {}

  protected label(epoch: number): string {
    const total = String(this.size.epochs);
    return `epoch ${String(epoch).padStart(total.length)}/${total}`;
  }

  /** Remaining time of the epoch and of all epochs, validation not counted. */
  protected remaining({ epoch, rowsDone, rate }: EpochProgress): string {
    const inEpoch = (this.size.rows - rowsDone) / rate;
    const inAll = inEpoch + ((this.size.epochs - epoch) * this.size.rows) / rate;
    return `ETA ${duration(inEpoch)}, all ${duration(inAll)}`;
  }
}

class LiveLine extends Lines {
  advanced(progress: EpochProgress): void {
    const part = progress.rowsDone / this.size.rows;
    const filled = Math.round(part * BAR_WIDTH);
    const bar = `[${'='.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}]`;
    const numbers = [rowRate(progress.rate), this.remaining(progress), describe(progress.values)];
    const line = `${this.label(progress.epoch)} ${bar} ${Math.floor(100 * part)}%  ${numbers.join('  ')}`;
    this.stream.write(`\r${line.slice(0, (this.stream.columns ?? 80) - 1)}\x1b[K`);
  }

  override notice(text: string): void {
    this.stream.write('\r\x1b[K');
    super.notice(text);
  }

  override ended(): void {
    this.stream.write('\r\x1b[K');
  }
}

class PlainLines extends Lines {
  private lastLine: number;

  constructor(
    stream: TextStream,
    private readonly clock: () => number,
  ) {
    super(stream);
    this.lastLine = clock();
  }

  advanced(progress: EpochProgress): void {
    if (this.clock() - this.lastLine < PLAIN_LINE_SECONDS * 1000) return;
    const batches = `batch ${progress.batch}/${this.size.batches}`;
    const numbers = [batches, rowRate(progress.rate), this.remaining(progress), describe(progress.values)];
    this.notice(`${this.label(progress.epoch)}  ${numbers.join('  ')}`);
  }

  override notice(text: string): void {
    this.lastLine = this.clock();
    super.notice(text);
  }
}

function describe(values: Readonly<Record<string, number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${significant(value)}`)
    .join('  ');
}
