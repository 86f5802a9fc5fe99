import type { tf } from '../../tfjs.ts';
import type { NodeReader } from './node-reader.ts';

/** What a TensorFlow operation computes, said with tfjs; the inverse of the `graphDef` rules of the op table. */
export type Rule = (node: NodeReader) => tf.Tensor | readonly tf.Tensor[];

/** Rules by the name of the operation. */
export type Rules = Readonly<Record<string, Rule>>;
