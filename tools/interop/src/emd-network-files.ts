/** Our own estimates of a trained EMD network, for Keras to agree with. */
import { join } from 'node:path';
import { generateToy } from '@hep/datasets';
import { emdImages, estimateDistances, readEmdNetwork } from '@hep/emd-network';
import { arrangements } from '@hep/hgcal-geometry';
import type { KerasCheck, Manifest } from './manifest.ts';
import { writeNpy } from './write-npy.ts';

const PAIRS = 64;
/** Allowed difference, absolute and relative: distances of a few sensor cells out of sums over 512 features. */
const TOLERANCE = 1e-5;

/** Checks of the files that `emd train` wrote for a network, on pairs of synthetic modules. */
export async function emdNetworkChecks(run: string): Promise<Pick<Manifest, 'keras' | 'wholeModels'>> {
  const folder = join(run, 'exports');
  const at = (name: string) => join(folder, `${name}.npy`);
  const images = emdImages(generateToy({ rows: 2 * PAIRS, seed: 2 }).charges);
  const first = Int32Array.from({ length: PAIRS }, (_, pair) => pair);
  const second = first.map((pair) => PAIRS + pair);
  const { shape } = arrangements['4x4x3'];
  writeNpy(at('input_1'), { shape: [PAIRS, ...shape], values: images.slice(0, images.length / 2) });
  writeNpy(at('input_2'), { shape: [PAIRS, ...shape], values: images.slice(images.length / 2) });
  const wholeModels: KerasCheck[] = [];
  for (const stem of ['best', 'last']) {
    const hdf5 = join(folder, `${stem}.h5`);
    const distances = await estimateDistances(await readEmdNetwork(hdf5), images, { first, second });
    writeNpy(at(stem), { shape: [PAIRS, 1], values: distances });
    wholeModels.push({
      name: `EMD network ${stem}.h5`,
      hdf5,
      inputs: [at('input_1'), at('input_2')],
      expected: at(stem),
      absolute: TOLERANCE,
      relative: TOLERANCE,
    });
  }
  const keras = wholeModels.map((whole) => ({
    ...whole,
    name: whole.name.replace('.h5', ''),
    json: whole.hdf5.replace(/\.h5$/, '.json'),
  }));
  return { keras, wholeModels };
}
