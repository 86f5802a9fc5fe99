/** Sums of products: what convolutions and dense layers have in common. */
import { codesFor, signalOf } from '../signal.ts';
import type { CodedTensor, Codes, Signal } from '../signal.ts';

/** Quantised kernel [..., inputs, outputs] and bias [outputs] of a layer. */
export interface CodedWeights {
  readonly name: string;
  readonly kernel: CodedTensor;
  readonly bias: CodedTensor | null;
}

/** Kernel and bias on one common step with the products, and room for the sums. */
export interface Sums {
  readonly kernel: Codes;
  readonly bias: Codes;
  readonly signal: Signal;
}

/**
 * Prepares sums of shape [..., outputs]: products have the step of input times kernel; where the bias has a finer one,
 * the kernel is brought to that.
 */
export function sumsOf({ name, kernel, bias }: CodedWeights, input: Signal, shape: readonly number[]): Sums {
  const products = input.exponent + kernel.exponent;
  const exponent = Math.min(products, bias?.exponent ?? products);
  const outputs = kernel.shape[kernel.shape.length - 1];
  const kernelCodes = scaled(name, kernel, 2 ** (products - exponent));
  const biasCodes =
    bias === null ? codesFor(name, outputs, 0) : scaled(name, bias, 2 ** (bias.exponent - exponent));
  const bound = largestSum(kernelCodes, biasCodes, outputs, input.bound);
  return { kernel: kernelCodes, bias: biasCodes, signal: signalOf(name, shape, exponent, bound) };
}

function scaled(name: string, { codes }: CodedTensor, factor: number): Codes {
  let largest = 0;
  for (const code of codes) largest = Math.max(largest, Math.abs(code));
  const target = codesFor(name, codes.length, largest * factor);
  codes.forEach((code, i) => (target[i] = code * factor));
  return target;
}

function largestSum(kernel: Codes, bias: Codes, outputs: number, inputBound: number): number {
  let largest = 0;
  for (let output = 0; output < outputs; output++) {
    let sum = Math.abs(bias[output]);
    for (let i = output; i < kernel.length; i += outputs) sum += Math.abs(kernel[i]) * inputBound;
    largest = Math.max(largest, sum);
  }
  return largest;
}
