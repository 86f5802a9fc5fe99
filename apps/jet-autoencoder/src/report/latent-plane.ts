/** Jets that the decoder makes of regular points of the latent space. */
import { heatmap } from '@hep/figures';
import type { ReportSection } from '@hep/figures';
import { CodecRunner, columnOf, restoreJets } from '@hep/jet-compression';
import type { JetCodec } from '@hep/jet-compression';
import { median, quantiles } from '@hep/statistics';
import { latentColumnsOf } from './errors.ts';
import { withUnit } from './units.ts';

const POINTS = 40;

/**
 * Scan of the plane of the first two latent variables between their 1 % and 99 % quantiles, the others at their medians.
 * @param latent vectors of the test jets, [jets, latent]
 */
export async function latentPlane(codec: JetCodec, latent: Float32Array): Promise<ReportSection> {
  const { layout, metric } = codec;
  const heading = 'Latent plane';
  if (layout.latent < 2) return { heading, text: 'There is one latent variable alone.' };
  const columns = latentColumnsOf(latent, layout.latent);
  const [x, y] = columns.slice(0, 2).map(gridOf);
  const rest = columns.slice(2).map((values) => median(values));
  const points = Float32Array.from(y.flatMap((second) => x.flatMap((first) => [first, second, ...rest])));
  const runner = await CodecRunner.create(codec);
  try {
    const jets = restoreJets(codec.normalisation, await runner.decode(points));
    return {
      heading,
      text: 'What the decoder makes of regular points in the plane of the first two latent variables, the others at their medians.',
      figures: metric.map(({ name, curve }) => {
        const values = columnOf(jets, name);
        const isLogarithmic = curve === 'log10';
        const shown = isLogarithmic ? values.map((value) => Math.log10(value)) : values;
        return {
          figure: heatmap({
            x,
            y,
            values: shown,
            xTitle: 'z1',
            yTitle: 'z2',
            title: isLogarithmic ? `log<sub>10</sub> ${withUnit(name)}` : withUnit(name),
          }),
          caption: `${name} across the latent plane.`,
        };
      }),
    };
  } finally {
    await runner.close();
  }
}

function gridOf(values: Float64Array): number[] {
  const [low, high] = quantiles(values, [0.01, 0.99]);
  return Array.from({ length: POINTS }, (_, i) => low + ((high - low) * i) / (POINTS - 1));
}
