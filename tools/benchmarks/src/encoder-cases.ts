/** Latent vectors of the quantised encoder `8x8_c8_S2_tele_qK`: in integers, and in float32 on ONNX Runtime. */
import { join } from 'node:path';
import { ecoderModel } from '@hep/ecoder-models';
import { OnnxRunner } from '@hep/engine';
import type { TensorFunction } from '@hep/nn';
import { initialise, predict } from '@hep/nn';
import { integerNetwork } from '@hep/integer-network';
import { autoencoderCase } from './autoencoder-case.ts';
import type { Benchmark } from './benchmark.ts';
import { readFloat32 } from './npy.ts';

const { encoder, arrangement } = ecoderModel('8x8_c8_S2_tele_qK');
const weights = initialise(encoder.parameterSpecs, 1);
/** A copy, since ONNX Runtime takes no shared memory. */
const images = (folder: string) => Float32Array.from(readFloat32(join(folder, 'input_1.npy')));
const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

/** One thread of ONNX Runtime. */
export const encoderCase: Benchmark = {
  ...autoencoderCase,
  name: 'encoder',
  threads: 1,
  peer: { benchmark: 'encoder-integers' },
  async start({ folder, rows }) {
    const input_1 = { shape: [rows, ...arrangement.shape], values: images(folder) };
    const runner = new OnnxRunner();
    const encode: TensorFunction = ({ input_1: image, ...parameters }) =>
      predict(encoder, parameters, { input_1: image });
    const run = async () => sum(Object.values(await runner.run(encode, { input_1, ...weights }))[0].values);
    await run();
    return { engine: 'onnxruntime cpu, float32', run, close: () => runner.close() };
  },
};

/** Integer arithmetic in one JavaScript thread. */
export const integerEncoderCase: Benchmark = {
  ...autoencoderCase,
  name: 'encoder-integers',
  threads: 1,
  peer: { benchmark: encoderCase.name },
  async start({ folder }) {
    const network = integerNetwork(encoder.network, weights);
    const values = images(folder);
    const run = async () => sum(network.values(values));
    await run();
    return { engine: 'integers, 1 thread', run, close: async () => undefined };
  },
};
