import type { EcoderModel } from '@hep/ecoder-models';
import { command, defineOptions, option } from '@hep/options';
import { z } from 'zod';
import { layerCosts, totalCost } from '../costs.ts';
import type { LayerCost } from '../costs.ts';
import { networkNames, networkOptions, networksOf } from '../network-options.ts';

/** Options of `flops`. */
export const options = defineOptions({
  models: option({
    schema: z.array(z.string()).min(1).default(['8x8_c8_S2_tele']),
    describe: `networks to count: ${networkNames}`,
  }),
  ...networkOptions,
});

/** Prints parameters and floating point operations of each layer. */
export const flopsCommand = command({
  options,
  positionals: ['models'],
  run: ({ models, ...options }, { out }) => {
    for (const model of networksOf(models, options)) {
      const costs = layerCosts(model);
      const lines = costs.map((cost) => ({ label: `${cost.network}/${cost.layer}`, ...cost }));
      const totals = (['encoder', 'decoder'] as const).map((network) => ({
        label: `${network} in total`,
        ...totalCost(costs, network),
      }));
      out(table(model, [...lines, ...totals]));
    }
  },
});

interface Line extends Pick<LayerCost, 'parameters' | 'flops' | 'quantised'> {
  readonly label: string;
}

/** Lines of the table; the last column, numbers rounded by quantisers, only where there are quantisers. */
function table({ name, quantisation }: EcoderModel, lines: readonly Line[]): string {
  const width = Math.max(name.length, ...lines.map(({ label }) => label.length));
  const row = (label: string, ...cells: readonly (string | number)[]) =>
    [label.padEnd(width), ...cells.map((cell) => `${cell}`.padStart(10))].join('  ');
  const shown = quantisation === null ? 2 : 3;
  return [
    row(name, ...['parameters', 'FLOPs', 'quantised'].slice(0, shown)),
    ...lines.map(({ label, parameters, flops, quantised }) =>
      row(label, ...[parameters, flops, quantised].slice(0, shown)),
    ),
  ].join('\n');
}
