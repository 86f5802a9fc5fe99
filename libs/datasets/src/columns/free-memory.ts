import { MessageChannel } from 'node:worker_threads';
import type { Column, ColumnTable } from './column.ts';

const closed = new MessageChannel().port1;
closed.close();

/**
 * Frees the memory of a buffer now, instead of when garbage is collected: many large buffers in a row would have it
 * collected again and again. Posting to a closed port takes buffers away from their owner, and nobody gets them. Buffers
 * that share their memory with others must not come here.
 */
export function freeMemory({ buffer }: ArrayBufferView): void {
  if (buffer.byteLength > 0) closed.postMessage(undefined, [buffer as ArrayBuffer]);
}

/** Frees the numbers and offsets of all columns, which must be theirs alone: what `ColumnTable.release` does. */
export function freeColumns(columns: ColumnTable['columns']): void {
  for (const column of columns.values()) freeColumn(column);
}

function freeColumn(column: Column): void {
  if (column.kind === 'text') return;
  if (column.kind === 'jagged') {
    freeMemory(column.offsets);
    freeColumn(column.content);
  } else freeMemory(column.values);
}
