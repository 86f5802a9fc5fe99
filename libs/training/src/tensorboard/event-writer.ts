/** Event files that TensorBoard reads; field numbers from event.proto and summary.proto. */
import { appendFile, mkdir, readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { storageError } from '@hep/files';
import type { Histogram } from './histogram.ts';
import {
  doubleField,
  doublesField,
  floatField,
  integerField,
  messageField,
  stringField,
} from './protobuf.ts';
import { frame, wholeRecords } from './record.ts';

const FILE_VERSION = 'brain.Event:2';
const SESSION_START = 1;
/** DT_FLOAT of types.proto. */
const FLOAT = 1;

/** Appends scalars and histograms to one new event file of a folder. */
export class EventWriter {
  private records: Uint8Array[] = [];

  private constructor(
    /** The event file. */
    readonly path: string,
    private readonly clock: () => number,
  ) {}

  /**
   * Begins a new file after those that are there; records torn by a kill are cut off first.
   * @param firstStep step from which a resumed run writes again: TensorBoard drops what older files say about it
   * @param clock milliseconds since 1970
   */
  static async open(folder: string, firstStep = 0, clock: () => number = Date.now): Promise<EventWriter> {
    try {
      await mkdir(folder, { recursive: true });
      const files = (await readdir(folder)).filter((name) => name.includes('tfevents'));
      for (const file of files) await cutTornRecord(join(folder, file));
      const time = Math.floor(clock() / 1000);
      const name = `events.out.tfevents.${time}.${String(files.length).padStart(4, '0')}`;
      const writer = new EventWriter(join(folder, name), clock);
      writer.add(stringField(3, FILE_VERSION));
      if (firstStep > 0) {
        writer.add(integerField(2, firstStep), messageField(7, integerField(1, SESSION_START)));
      }
      await writer.flush();
      return writer;
    } catch (error) {
      throw storageError(error, folder);
    }
  }

  /** A number at a step. */
  scalar(tag: string, step: number, value: number): void {
    this.summary(step, stringField(1, tag), floatField(2, value));
  }

  /** A distribution at a step. */
  histogram(tag: string, step: number, histogram: Histogram): void {
    const { min, max, count, sum, sumOfSquares, limits, counts } = histogram;
    const totals = [min, max, count, sum, sumOfSquares].map((value, index) => doubleField(index + 1, value));
    const content = messageField(5, ...totals, doublesField(6, limits), doublesField(7, counts));
    this.summary(step, stringField(1, tag), content);
  }

  /** Data that a plugin of TensorBoard keeps beside an empty tensor. @param content encoded fields of its message */
  pluginData(tag: string, plugin: string, content: Uint8Array): void {
    const metadata = messageField(9, messageField(1, stringField(1, plugin), messageField(2, content)));
    const emptyTensor = messageField(8, integerField(1, FLOAT), messageField(2, messageField(2)));
    this.summary(0, stringField(1, tag), metadata, emptyTensor);
  }

  /** Writes what was added, in one piece. */
  async flush(): Promise<void> {
    const records = this.records;
    this.records = [];
    try {
      await appendFile(this.path, Buffer.concat(records));
    } catch (error) {
      throw storageError(error, this.path);
    }
  }

  private summary(step: number, ...value: readonly Uint8Array[]): void {
    this.add(integerField(2, step), messageField(5, messageField(1, ...value)));
  }

  private add(...fields: readonly Uint8Array[]): void {
    this.records.push(frame(Buffer.concat([doubleField(1, this.clock() / 1000), ...fields])));
  }
}

async function cutTornRecord(path: string): Promise<void> {
  const file = await readFile(path);
  const whole = wholeRecords(file);
  if (whole < file.length) await truncate(path, whole);
}
