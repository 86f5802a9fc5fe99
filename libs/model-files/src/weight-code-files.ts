import { join } from 'node:path';
import { atomicWrite, npzBytes } from '@hep/files';
import type { WeightCodes } from '@hep/quant';
import type { NumpyArray } from '@hep/files';

/**
 * Writes `STEM_qweights.json`, `.csv` and `.npz`: every quantised weight with value, code, step and bits. Returns the
 * paths.
 */
export async function writeQuantisedWeights(
  directory: string,
  stem: string,
  tensors: readonly WeightCodes[],
): Promise<string[]> {
  const at = (ending: string) => join(directory, `${stem}_qweights.${ending}`);
  const files = [
    [at('json'), quantisedJson(tensors)],
    [at('csv'), quantisedCsv(tensors)],
    [at('npz'), npzBytes(arraysOf(tensors))],
  ] as const;
  for (const [path, content] of files) await atomicWrite(path, content);
  return files.map(([path]) => path);
}

function quantisedJson(tensors: readonly WeightCodes[]): string {
  const described = tensors.map(({ values, codes, ...rest }) => ({
    ...rest,
    values: Array.from(values, (value) => value + 0),
    codes: [...codes],
  }));
  return `${JSON.stringify({ tensors: described })}\n`;
}

/** One line for each weight; `element` counts in C order. */
function quantisedCsv(tensors: readonly WeightCodes[]): string {
  const lines = tensors.flatMap(({ layer, weight, values, codes, steps, bits }) =>
    Array.from(values, (value, i) =>
      [layer, weight, i, value, codes[i], steps[i % steps.length], bits].join(),
    ),
  );
  return `layer,weight,element,value,code,step,bits\n${lines.join('\n')}\n`;
}

/** `LAYER/WEIGHT`, and with `.code`, `.step` and `.bits` behind it. */
function arraysOf(tensors: readonly WeightCodes[]): Record<string, NumpyArray> {
  return Object.fromEntries(
    tensors.flatMap(({ layer, weight, shape, values, codes, steps, bits }) => {
      const name = `${layer}/${weight}`;
      return [
        [name, { shape, values }],
        [`${name}.code`, { shape, values: codes }],
        [`${name}.step`, { shape: [steps.length], values: Float64Array.from(steps) }],
        [`${name}.bits`, { shape: [1], values: Int32Array.of(bits) }],
      ] as const;
    }),
  );
}
