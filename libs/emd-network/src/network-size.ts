/** Sizes of EMD networks as one word, in the order of the Ecoder study's lists. */
import type { EmdNetworkOptions } from '@hep/losses';
import { UserError } from '@hep/options';

/** `filters-kernel-neurons-dense-convolutions`, for example `32-5-256-1-3`. */
export function emdNetworkSizeText(size: Required<EmdNetworkOptions>): string {
  const { filters, kernelSize, denseUnits, denseLayers, convolutions } = size;
  return [filters, kernelSize, denseUnits, denseLayers, convolutions].join('-');
}

/**
 * Inverse of `emdNetworkSizeText`.
 * @throws UserError unless it is five positive whole numbers; the number of dense layers may be 0
 */
export function parseEmdNetworkSize(text: string): Required<EmdNetworkOptions> {
  const numbers = text.split('-').map(Number);
  const [filters, kernelSize, denseUnits, denseLayers, convolutions] = numbers;
  const isWhole = numbers.every((value) => Number.isInteger(value) && value >= 0);
  if (numbers.length !== 5 || !isWhole || [filters, kernelSize, denseUnits, convolutions].includes(0)) {
    throw new UserError(
      `EMD network "${text}": expected filters-kernel-neurons-dense-convolutions, for example 32-5-256-1-3`,
    );
  }
  return { filters, kernelSize, denseUnits, denseLayers, convolutions };
}
