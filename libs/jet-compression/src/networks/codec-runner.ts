/** Encoders and decoders on ONNX Runtime. */
import { CompiledFunction } from '@hep/engine';
import { predict, toParameters, withinPath } from '@hep/nn';
import type { NetworkModel, Weights } from '@hep/nn';
import type { JetCodec } from './jet-codec.ts';

/** Rows that one call of the network takes; larger ones leave the processor's caches. */
const ROWS_AT_ONCE = 1024;

/** Encoder and decoder of a codec, compiled; close it at the end. */
export class CodecRunner {
  private constructor(
    private readonly encoder: CompiledFunction,
    private readonly decoder: CompiledFunction,
  ) {}

  /** @param threads of ONNX Runtime; default: all cores */
  static async create(codec: JetCodec, threads?: number): Promise<CodecRunner> {
    const { network, weights } = codec;
    const [encoder, decoder] = await Promise.all([
      compiled(network.encoder, withinPath(weights, 'encoder'), threads),
      compiled(network.decoder, withinPath(weights, 'decoder'), threads),
    ]);
    return new CodecRunner(encoder, decoder);
  }

  /** Normalised variables [rows, variables] -> latent vectors [rows, latent]. */
  encode(variables: Float32Array): Promise<Float32Array> {
    return this.encoder.mapRows(variables, ROWS_AT_ONCE);
  }

  /** Latent vectors [rows, latent] -> normalised variables [rows, variables]. */
  decode(latent: Float32Array): Promise<Float32Array> {
    return this.decoder.mapRows(latent, ROWS_AT_ONCE);
  }

  async close(): Promise<void> {
    await Promise.all([this.encoder.close(), this.decoder.close()]);
  }
}

function compiled(model: NetworkModel, weights: Weights, threads?: number): Promise<CompiledFunction> {
  const [[name, shape]] = Object.entries(model.inputs);
  return CompiledFunction.create(
    (inputs) => {
      const [result] = Object.values(predict(model, toParameters(model.parameterSpecs, weights), inputs));
      return { result };
    },
    { [name]: { shape: [{ batch: 1 }, ...shape], dtype: 'float32' } },
    threads,
  );
}
