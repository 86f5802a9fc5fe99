import type { OpRow } from './row.ts';

/** A row that only `passes/fuse-bias.ts` makes: the product with a third operand that is added to it. */
export const withBias = ({ onnx }: OpRow): OpRow => ({
  record: () => {
    throw new Error('biases are fused after tracing');
  },
  onnx,
});
