/** The numbers of a run, one row per epoch, and their CSV file. */
import { readFile } from 'node:fs/promises';
import { UserError } from '@hep/options';
import { atomicWrite } from '@hep/files';

/** Results of one epoch. */
export interface EpochRow {
  /** Counted from 1. */
  readonly epoch: number;
  /** `loss` and metrics: means over the rows of the epoch, each batch before its update; `val_*` after the epoch. */
  readonly values: Readonly<Record<string, number>>;
  /** Of the last batch. */
  readonly learningRate: number;
  /** Wall time of training and validation. */
  readonly seconds: number;
}

/**
 * Text of `history.csv`: `epoch,<values>,learning_rate,seconds`. Numbers have the digits that restore them exactly;
 * a value that an epoch lacks stays empty.
 */
function historyCsv(rows: readonly EpochRow[]): string {
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const line = ({ epoch, values, learningRate, seconds }: EpochRow) =>
    [epoch, ...names.map((name) => values[name] ?? ''), learningRate, seconds.toFixed(3)].join(',');
  return [['epoch', ...names, 'learning_rate', 'seconds'].join(','), ...rows.map(line), ''].join('\n');
}

/** Replaces the history file in one step. */
export async function writeHistory(path: string, rows: readonly EpochRow[]): Promise<void> {
  await atomicWrite(path, historyCsv(rows));
}

/**
 * Reads a `history.csv`.
 * @throws UserError that names file and row when the text is not a history
 */
export async function readHistory(path: string): Promise<EpochRow[]> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new UserError(`${path}: cannot be read, ${error.message}`);
  });
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  const columns = header.split(',');
  const names = columns.slice(1, -2);
  if (columns[0] !== 'epoch' || columns.at(-2) !== 'learning_rate' || columns.at(-1) !== 'seconds') {
    throw new UserError(`${path}: expected the columns epoch, ..., learning_rate, seconds; it has ${header}`);
  }
  return lines.map((line, index) => readRow(line.split(','), names, `${path}, row ${index + 2}`));
}

function readRow(cells: readonly string[], names: readonly string[], place: string): EpochRow {
  if (cells.length !== names.length + 3) {
    throw new UserError(`${place}: expected ${names.length + 3} columns, found ${cells.length}`);
  }
  const values: Record<string, number> = {};
  names.forEach((name, index) => {
    if (cells[index + 1] !== '') values[name] = readNumber(cells[index + 1], place);
  });
  const [learningRate, seconds] = cells.slice(-2).map((cell) => readNumber(cell, place));
  return { epoch: readNumber(cells[0], place), values, learningRate, seconds };
}

function readNumber(cell: string, place: string): number {
  const value = cell === 'NaN' || cell === '' ? NaN : Number(cell);
  if (Number.isNaN(value) && cell !== 'NaN') throw new UserError(`${place}: "${cell}" is not a number`);
  return value;
}
