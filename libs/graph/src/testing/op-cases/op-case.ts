/** What a case of an operation is. */
import type { DType } from '../../ir.ts';
import { tf } from '../../tfjs.ts';

/** How an operand's numbers are drawn. */
export type Draw = 'signed' | 'positive' | 'unit' | 'ties' | { readonly below: number };

/** A tensor that an operation works on. */
export interface CaseOperand {
  /** The first dimension -1 stands for the batch. */
  readonly shape: readonly number[];
  readonly dtype?: DType;
  readonly draw?: Draw;
}

/** An expression in which the operation occurs. */
export interface OpCase {
  readonly name: string;
  /** Rows of the op table that the case is there for. */
  readonly rows: readonly string[];
  readonly operands: readonly CaseOperand[];
  readonly run: (...operands: tf.Tensor[]) => tf.Tensor;
  /** Absolute and relative tolerance; default 1e-5. */
  readonly tolerance?: number;
  /** Stands in for `run` on tfjs `cpu` where its kernel is wrong. */
  readonly eagerOracle?: (...operands: tf.Tensor[]) => tf.Tensor;
  /** Set when the case needs operations that exist only for training, which no GraphDef carries. */
  readonly trainingOnly?: boolean;
}

/** The batch. */
export const B = -1;
/** Operands of normal, of positive, and of repeated numbers. */
export const signed = (...shape: number[]): CaseOperand => ({ shape });
export const positive = (...shape: number[]): CaseOperand => ({ shape, draw: 'positive' });
export const ties = (...shape: number[]): CaseOperand => ({ shape, draw: 'ties' });

/** Truth values as 0 and 1. */
export const asFloat = (x: tf.Tensor) => tf.cast(x, 'float32');
