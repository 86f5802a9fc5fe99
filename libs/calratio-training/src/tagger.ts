/** Scores of jets: the trained network without dropout, compiled. */
import type { CalRatioNetwork, NetworkInputs } from '@hep/calratio-rnn';
import { JET_CLASSES, JET_INPUTS, takeRows } from '@hep/calratio-rnn';
import { CompiledFunction } from '@hep/engine';
import { tf } from '@hep/graph';
import type { Signature } from '@hep/graph';
import { predict, sizeOf, withinPath } from '@hep/nn';
import type { Weights } from '@hep/nn';

/** What the networks say of some jets. */
export interface JetScores {
  /** Probabilities of QCD, signal and BIB, [jets, 3]. */
  readonly probabilities: Float32Array;
  /** The adversary's logit that a jet is data, [jets]. */
  readonly dataLogits: Float32Array;
}

const ROWS_AT_ONCE = 1024;

/** Tagger and adversary in a thread of their own, for any weights. Close it at the end. */
export class Tagger {
  private constructor(
    private readonly compiled: CompiledFunction,
    private readonly names: readonly string[],
  ) {}

  /** Compiles the networks. */
  static async create({ mainLogits, adversaryLogit }: CalRatioNetwork): Promise<Tagger> {
    const specs = [...mainLogits.parameterSpecs, ...adversaryLogit.parameterSpecs];
    const float = (shape: Signature[string]['shape']) => ({ shape, dtype: 'float32' as const });
    const signature: Signature = {
      ...Object.fromEntries(specs.map(({ name, shape }) => [`weights/${name}`, float(shape)])),
      ...Object.fromEntries(
        JET_INPUTS.map((name) => [name, float([{ batch: 1 }, ...mainLogits.inputs[name]])]),
      ),
    };
    const compiled = await CompiledFunction.create((tensors) => {
      const parameters = withinPath(tensors, 'weights');
      const probabilities = tf.softmax(predict(mainLogits, parameters, tensors)['main_output']);
      const { adversary_out: dataLogits } = predict(adversaryLogit, parameters, { probabilities });
      return { probabilities, dataLogits };
    }, signature);
    return new Tagger(
      compiled,
      specs.map(({ name }) => name),
    );
  }

  /** Scores of some rows of a sample, in their order. */
  async scores(weights: Weights, { columns }: NetworkInputs, rows: Int32Array): Promise<JetScores> {
    const parameters = Object.fromEntries(
      this.names.map((name) => {
        const { shape, values } = weights[name];
        return [`weights/${name}`, { shape, values }];
      }),
    );
    const probabilities = new Float32Array(rows.length * JET_CLASSES.length);
    const dataLogits = new Float32Array(rows.length);
    for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
      const some = rows.subarray(first, first + ROWS_AT_ONCE);
      const inputs = JET_INPUTS.map((name) => {
        const { rowShape, values } = columns[name];
        return [
          name,
          { shape: [some.length, ...rowShape], values: takeRows(values, sizeOf(rowShape), some) },
        ];
      });
      const found = await this.compiled.run({ ...parameters, ...Object.fromEntries(inputs) });
      probabilities.set(found['probabilities'].values, first * JET_CLASSES.length);
      dataLogits.set(found['dataLogits'].values, first);
    }
    return { probabilities, dataLogits };
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.compiled.close();
  }
}
