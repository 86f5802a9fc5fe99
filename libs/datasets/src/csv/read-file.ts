/** One CSV file into the batch under way: header, layout, then its lines. */
import { UserError } from '@hep/options/user-error';
import type { Batch, Table } from './batch.ts';
import type { FileLayout } from './columns.ts';
import { decimalFromText } from './decimal.ts';
import type { TablePlan } from './plan.ts';
import { RowParser } from './row-parser.ts';
import type { DataFile, LineBlock } from './source.ts';
import { LINE_FEED, lineBlocks } from './source.ts';
import { splitLine } from './split-line.ts';

/**
 * Reads a file into `batch` and yields the table whenever it is full.
 * @param remainingBytes of this and the files after it, for the size of the arrays
 */
export async function* readFile(
  { path }: DataFile,
  plan: TablePlan,
  batch: Batch,
  remainingBytes: number,
): AsyncGenerator<Table> {
  const { rowsPerFile = Infinity } = plan;
  let parser: RowParser | undefined;
  let blankLines = 0;
  for await (const block of lineBlocks(path)) {
    let start = block.start;
    if (parser === undefined) {
      const first = firstLineOf(block);
      if (first.text === undefined) {
        blankLines += first.line;
        continue;
      }
      const layout = layoutOf(path, blankLines + first.line, first.text, plan);
      start = layout.hasHeader ? first.end : first.start;
      const expected = expectedRows({ ...block, start }, remainingBytes, rowsPerFile);
      const openTable = () => {
        const builder = batch.open(layout, path, Math.min(expected, batch.rowLimit));
        return { builder, keepRow: plan.rowFilter?.(builder) ?? (() => true) };
      };
      parser = new RowParser(path, layout, openTable, rowsPerFile);
      parser.line = blankLines + first.line - (layout.hasHeader ? 0 : 1);
    }
    const isMore = parser.parse({ ...block, start });
    if (!isMore) break;
    if (batch.isFull()) {
      yield batch.finish();
      parser.openTable();
    }
  }
  if (parser === undefined)
    throw new UserError(`${path}: empty file, expected rows of numbers; write it anew or leave it out`);
  if (parser.rowsRead === 0)
    throw new UserError(
      `${path}: no rows after the header, expected rows of numbers; write it anew or leave it out`,
    );
}

/** First line with text: its number from 1 and its range; `text` is undefined when the block has only blank lines. */
function firstLineOf({ bytes, start, end }: LineBlock) {
  let line = 0;
  for (let position = start; position < end;) {
    line++;
    if (bytes[position] === LINE_FEED) {
      position++;
      continue;
    }
    const lineEnd = bytes.indexOf(LINE_FEED, position);
    const text = bytes.toString('utf8', position, lineEnd).trim();
    if (text !== '') return { line, start: position, end: lineEnd + 1, text };
    position = lineEnd + 1;
  }
  return { line, start: end, end, text: undefined };
}

function layoutOf(path: string, line: number, text: string, plan: TablePlan): FileLayout {
  const fields = splitLine(text, `${path} line ${line}`).map((field) => field.trim());
  const rule = plan.header ?? 'auto';
  const looksNumeric =
    fields[0] !== '' && (!Number.isNaN(decimalFromText(fields[0])) || /^[+-]?(nan|inf\w*)$/i.test(fields[0]));
  const hasHeader = rule === 'present' || (rule === 'auto' && !looksNumeric);
  const names = hasHeader ? fields : fields.map((_, position) => String(position + 1));
  const targets = plan.locate({ path, names, hasHeader });
  return { columnNames: names, hasHeader, targets, rowName: plan.rowName };
}

/** Rows to expect in the remaining bytes, from the line lengths of a block, with room for one block more. */
function expectedRows(
  { bytes, start, end }: LineBlock,
  remainingBytes: number,
  rowsPerFile = Infinity,
): number {
  const sampleEnd = Math.min(end, start + 2 ** 16);
  let rows = 0;
  for (let position = start; position < sampleEnd; position = bytes.indexOf(10, position) + 1) rows++;
  const rowBytes = Math.max(2, (sampleEnd - start) / Math.max(1, rows));
  const isWhole = end - start >= remainingBytes * 0.9;
  const estimate = isWhole
    ? rows * ((end - start) / (sampleEnd - start || 1))
    : (1.02 * remainingBytes) / rowBytes;
  return Math.ceil(Math.min(estimate + (2 * 2 ** 20) / rowBytes, rowsPerFile, 2 ** 24));
}
