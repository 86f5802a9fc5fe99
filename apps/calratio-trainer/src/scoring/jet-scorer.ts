/** Probabilities of jets from any network with the tagger's inputs. */
import { inputShapes, JET_CLASSES, JET_INPUTS, MASS_PARAMETERS, networkInputs } from '@hep/calratio-rnn';
import type { JetInput, MassParameter } from '@hep/calratio-rnn';
import type { JetTable } from '@hep/calratio-jets';
import { CompiledFunction } from '@hep/engine';
import type { Signature } from '@hep/graph';
import { predict, sizeOf, withinPath } from '@hep/nn';
import type { NetworkModel } from '@hep/nn';
import { UserError } from '@hep/options';
import type { NamedNetwork } from '../networks/network-source.ts';

/** Masses in GeV that a mass-parametrised network is told for every jet. */
export type ToldMasses = Partial<Readonly<Record<MassParameter, number>>>;

const ROWS_AT_ONCE = 1024;

/** A network in a thread of its own. Close it at the end. */
export class JetScorer {
  private constructor(
    private readonly compiled: CompiledFunction,
    private readonly network: NamedNetwork,
    private readonly inputs: ReadonlyMap<string, JetInput>,
    private readonly masses: ToldMasses,
  ) {}

  /**
   * Compiles a network for any number of jets.
   * @throws UserError when it is not a network of jets, or is told masses that it does not take
   */
  static async create(network: NamedNetwork, masses: ToldMasses): Promise<JetScorer> {
    const { model, weights } = network;
    const inputs = jetInputs(network, masses);
    const float = (shape: Signature[string]['shape']) => ({ shape, dtype: 'float32' as const });
    const parameters = Object.entries(weights).map(
      ([name, { shape }]) => [`weights/${name}`, float(shape)] as const,
    );
    const operands = Object.entries(model.inputs).map(
      ([name, shape]) => [name, float([{ batch: 1 }, ...shape])] as const,
    );
    const compiled = await CompiledFunction.create(
      (tensors) => ({ scores: predict(model, withinPath(tensors, 'weights'), tensors)[model.outputs[0]] }),
      Object.fromEntries([...parameters, ...operands]),
    );
    return new JetScorer(compiled, network, inputs, masses);
  }

  /** Probabilities of QCD, signal and BIB, [jets, 3]. `source` names the table in errors. */
  async scores(table: JetTable, source: string): Promise<Float32Array> {
    const told = Object.entries(this.masses).map(
      ([name, mass]) => [name, new Float64Array(table.rows).fill(mass)] as const,
    );
    const { columns } = networkInputs(table, source, Object.fromEntries(told));
    const weights = Object.entries(this.network.weights).map(
      ([name, tensor]) => [`weights/${name}`, tensor] as const,
    );
    const scores = new Float32Array(table.rows * JET_CLASSES.length);
    for (let first = 0; first < table.rows; first += ROWS_AT_ONCE) {
      const end = Math.min(first + ROWS_AT_ONCE, table.rows);
      const operands = [...this.inputs].map(([name, input]) => {
        const { rowShape, values } = columns[input];
        const size = sizeOf(rowShape);
        // The runtime does not take shared memory, so these are copies.
        return [
          name,
          { shape: [end - first, ...rowShape], values: values.slice(first * size, end * size) },
        ] as const;
      });
      const found = await this.compiled.run(Object.fromEntries([...weights, ...operands]));
      scores.set(found['scores'].values, first * JET_CLASSES.length);
    }
    return scores;
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.compiled.close();
  }
}

/** The tagger's input that stands behind each input of a network: `constit`, or with an ending as `constit_input_cr`. */
function jetInputs({ name, model }: NamedNetwork, masses: ToldMasses): Map<string, JetInput> {
  const found = Object.keys(model.inputs).map((input): [string, JetInput | undefined] => [
    input,
    JET_INPUTS.find((known) => input === known || input.startsWith(`${known}_`)),
  ]);
  const known = new Map(found.filter((entry): entry is [string, JetInput] => entry[1] !== undefined));
  if (known.size !== JET_INPUTS.length || new Set(known.values()).size !== JET_INPUTS.length) {
    throw new UserError(
      `${name}: its inputs are ${Object.keys(model.inputs).join(', ')}, expected ${JET_INPUTS.join(', ')}, each once`,
    );
  }
  requireShapes(name, model, known, masses);
  return known;
}

function requireShapes(
  name: string,
  model: NetworkModel,
  inputs: ReadonlyMap<string, JetInput>,
  masses: ToldMasses,
): void {
  const told = MASS_PARAMETERS.filter((parameter) => masses[parameter] !== undefined);
  const shapes = inputShapes(told);
  for (const [input, kind] of inputs) {
    if (String(model.inputs[input]) === String(shapes[kind])) continue;
    const hint = 'a network that is told masses needs --llp-mH, --llp-mS or both, any other neither';
    throw new UserError(
      `${name}: input ${input} has shape [${model.inputs[input]}], expected [${shapes[kind]}]; ${hint}`,
    );
  }
  const [output] = model.network.outputs;
  if (model.outputs.length === 1 && String(output.shape) === String([JET_CLASSES.length])) return;
  throw new UserError(
    `${name}: its output ${output.name} has shape [${output.shape}], expected [${JET_CLASSES.length}]`,
  );
}
