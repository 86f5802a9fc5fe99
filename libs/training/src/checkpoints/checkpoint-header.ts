/** What the header of a checkpoint holds. A right checksum says nothing about who wrote it, so all of it is checked. */
import { z } from 'zod';
import type { LoopState } from './loop-state.ts';
import type { ModelSignature } from './model-signature.ts';
import { parse } from './json-numbers.ts';

/** Where a tensor lies in the file. */
export interface Block {
  readonly name: string;
  readonly shape: readonly number[];
  /** Bytes from the end of the header. */
  readonly offset: number;
  readonly length: number;
}

/** The header of a checkpoint. */
export interface Header {
  readonly loop: LoopState;
  readonly model: ModelSignature;
  readonly blocks: readonly Block[];
}

/** Not finite where a training diverged. */
const anyNumber = z.custom<number>((value) => typeof value === 'number');
const count = z.int().min(0);
const tensors = z.array(z.object({ name: z.string(), shape: z.array(count) }));
const numbers = z.record(z.string(), anyNumber);

const loopSchema = z.object({
  identity: z.object({ seed: z.int(), batchSize: count, trainRows: count, validationRows: count }),
  epoch: count,
  nextBatch: count,
  step: count,
  sums: numbers,
  rowsDone: count,
  tallies: z.record(z.string(), z.array(anyNumber)).optional(),
  learningRateScale: anyNumber,
  scalars: numbers.optional(),
  callbacks: z.record(z.string(), z.unknown()),
  history: z.array(z.object({ epoch: count, values: numbers, learningRate: anyNumber, seconds: anyNumber })),
  best: z.object({ epoch: count, monitor: z.string(), value: anyNumber }).nullable(),
  stoppedBy: z.string().nullable(),
  seconds: anyNumber,
  epochSeconds: anyNumber,
});

const headerSchema = z.object({
  loop: loopSchema,
  model: z.object({ name: z.string(), parameters: tensors, state: tensors }),
  blocks: z.array(z.object({ name: z.string(), shape: z.array(count), offset: count, length: count })),
});

/** @returns the header, or in words why the text is none */
export function parseHeader(text: string): Header | string {
  let content: unknown;
  try {
    content = parse(text);
  } catch {
    return 'its header is not JSON';
  }
  const parsed = headerSchema.safeParse(content);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    return `its header is wrong at ${path.join('.') || 'its start'} (${message})`;
  }
  const header = parsed.data as Header;
  const list = (shapes: ModelSignature['state']) =>
    JSON.stringify(shapes.map(({ name, shape }) => [name, shape]));
  return list(header.blocks) === list(header.model.state) ? header : 'its tensors are not those of its model';
}
