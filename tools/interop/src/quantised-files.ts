/** Quantised networks of the trainer for QKeras and hls4ml, with our outputs in float32 and in integers. */
import { join } from 'node:path';
import { generateToy, normalise } from '@hep/datasets';
import { ecoderModel } from '@hep/ecoder-models';
import type { EcoderModel, QuantisationPreset } from '@hep/ecoder-models';
import { imageFromCharges } from '@hep/hgcal-geometry';
import { integerNetwork } from '@hep/integer-network';
import { networkPaths, readKerasNetwork } from '@hep/model-files';
import { goldenNpy } from '@hep/test-support';
import type { FirmwareCheck, Manifest } from './manifest.ts';
import { writeNetworkOutputs } from './network-files.ts';
import { writeNpy } from './write-npy.ts';

/** A network and the formats of its numbers. */
export interface QuantisedCase {
  readonly elinks: number;
  readonly preset: QuantisationPreset;
}

export const quantisedCases: readonly QuantisedCase[] = [
  { elinks: 5, preset: 'ecoder' },
  { elinks: 2, preset: 'ecoder' },
  { elinks: 5, preset: 'asic' },
];

const MODEL = '8x8_c8_S2_tele_qK';
const TOY_ROWS = 10_000;
const TOY_SEED = 20;

/** Flags of the trainer that make the network of a case, trained long enough to use most codes of the latent vector. */
export function trainingFlags({ elinks, preset }: QuantisedCase): string[] {
  const network = ['--models', MODEL, '--n-elinks', String(elinks), '--quantisation', preset];
  return [...network, '--epochs', '12', '--learning-rate', '0.01'];
}

/** The name of a case in the checks and of its folder. */
export const labelOf = ({ elinks, preset }: QuantisedCase) => `${MODEL}_el${elinks}_${preset}`;

/** Checks of what the trainer wrote for a case into the run directories below `folder`. */
export async function quantisedChecks(folder: string, chosen: QuantisedCase): Promise<Partial<Manifest>> {
  const model = ecoderModel(MODEL, chosen);
  const path = join(folder, MODEL);
  const { graphs, keras, qkeras, runs } = await writeNetworkOutputs(path, model);
  const labelled = <Check extends { readonly name: string }>(check: Check): Check => ({
    ...check,
    name: `${labelOf(chosen)}/${check.name}`,
  });
  return {
    graphs: graphs.map(labelled),
    keras: keras.map(labelled),
    qkeras: qkeras.map(labelled),
    runs: runs.map(labelled),
    firmware: await firmwareChecks(join(path, 'exports'), model, chosen),
  };
}

async function firmwareChecks(
  exports: string,
  model: EcoderModel,
  chosen: QuantisedCase,
): Promise<FirmwareCheck[]> {
  const { json, hdf5 } = networkPaths(exports, `encoder_${MODEL}`);
  const { model: encoder, weights } = await readKerasNetwork(json, hdf5);
  const integers = integerNetwork(encoder.network, weights);
  const toy = normalise(generateToy({ rows: TOY_ROWS, seed: TOY_SEED }).charges, 'power-of-two').fractions;
  const inputs = {
    golden: Float32Array.from(goldenNpy('quant', '8x8_c8_S2_qK_el5_in.npy').values),
    toy: imageFromCharges(model.arrangement, toy),
  };
  return Object.entries(inputs).map(([name, values]) => {
    const rows = values.length / integers.inputSize;
    const at = (what: string) => join(exports, `${name}_${what}.npy`);
    writeNpy(at('images'), { shape: [rows, ...model.arrangement.shape], values });
    writeNpy(at('integers'), { shape: [rows, integers.outputSize], values: integers.values(values) });
    return {
      name: `${labelOf(chosen)}, ${rows} ${name} modules`,
      json,
      hdf5,
      input: at('images'),
      expected: at('integers'),
      project: join(exports, 'hls4ml'),
    };
  });
}
