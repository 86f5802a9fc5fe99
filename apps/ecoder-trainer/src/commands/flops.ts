import { ecoderModel, ecoderModelNames } from '@hep/ecoder-models';
import { command, defineOptions, option } from '@hep/options';
import { z } from 'zod';
import { layerCosts, totalCost } from '../costs.ts';

export const options = defineOptions({
  models: option({
    schema: z.array(z.string()).min(1).default(['8x8_c8_S2_tele']),
    describe: `networks to count: ${ecoderModelNames.join(', ')}`,
  }),
});

/** Prints parameters and floating point operations of each layer. */
export const flopsCommand = command({
  name: 'flops',
  describe:
    'Counts parameters and floating point operations per layer and module, as TensorFlow’s profiler does.',
  options,
  positionals: ['models'],
  run: ({ models }, { out }) => {
    for (const name of models) {
      const costs = layerCosts(ecoderModel(name));
      const lines = costs.map(
        (cost) => [`${cost.network}/${cost.layer}`, cost.parameters, cost.flops] as const,
      );
      const totals = (['encoder', 'decoder'] as const).map((network) => {
        const { parameters, flops } = totalCost(costs, network);
        return [`${network} in total`, parameters, flops] as const;
      });
      out(table(name, [...lines, ...totals]));
    }
  },
});

function table(title: string, rows: readonly (readonly [string, number, number])[]): string {
  const width = Math.max(title.length, ...rows.map(([label]) => label.length));
  const line = (label: string, parameters: string, flops: string) =>
    `${label.padEnd(width)}  ${parameters.padStart(10)}  ${flops.padStart(10)}`;
  return [
    line(title, 'parameters', 'FLOPs'),
    ...rows.map(([label, parameters, flops]) => line(label, String(parameters), String(flops))),
  ].join('\n');
}
