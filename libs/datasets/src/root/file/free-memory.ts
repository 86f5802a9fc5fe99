import { MessageChannel } from 'node:worker_threads';

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
