import { connect, input, network } from '@hep/nn';
import type { Layer, Network, NetworkNode } from '@hep/nn';
import { UserError } from '@hep/options';
import type { FunctionalModel, KerasNodeSpec, KerasTensorRef } from './keras-layer.ts';
import { resolveRef } from './keras-layer.ts';
import { layerFromKeras } from './layer-from-keras.ts';

/**
 * The network that an architecture describes, so that it runs, trains and can be written again.
 * @throws UserError that names the layer when a class or a setting is not supported
 */
export function networkFromModel(model: FunctionalModel): Network {
  const specs = new Map(model.layers.map((spec) => [spec.name, spec]));
  const layers = new Map<string, Layer>();
  const nodes = new Map<string, NetworkNode>();
  const layerOf = (spec: KerasNodeSpec): Layer => {
    const known = layers.get(spec.name);
    if (known !== undefined) return known;
    const made = spec.kind === 'model' ? networkFromModel(spec.model) : layerFromKeras(spec);
    layers.set(spec.name, made);
    return made;
  };
  const nodeOf = (ref: KerasTensorRef): NetworkNode => {
    const { layer: name, call, output } = resolveRef(ref);
    const key = `${call} ${name}`;
    const known = nodes.get(key);
    if (known !== undefined) return known;
    const spec = specs.get(name)!;
    if (output !== 0)
      throw new UserError(`layer ${name}: output ${output} is used, expected layers with one output`);
    const made =
      spec.kind === 'layer' && spec.className === 'InputLayer'
        ? input(name, inputShape(name, spec.config['batch_input_shape']))
        : told(() => connect(layerOf(spec), ...spec.inbound[call].map(nodeOf)));
    nodes.set(key, made);
    return made;
  };
  return told(() => network(model.name, model.inputs.map(nodeOf), model.outputs.map(nodeOf)));
}

/** What does not fit together is a mistake in the description that is read, not in this program. */
function told<Part>(join: () => Part): Part {
  try {
    return join();
  } catch (error) {
    throw error instanceof UserError ? error : new UserError((error as Error).message);
  }
}

function inputShape(name: string, given: unknown): number[] {
  const [batch, ...shape] = Array.isArray(given) ? (given as unknown[]) : [0];
  if (batch !== null || !shape.every((size) => Number.isInteger(size) && (size as number) > 0)) {
    throw new UserError(
      `layer ${name}: batch_input_shape is ${JSON.stringify(given)}, expected null and sizes`,
    );
  }
  return shape as number[];
}
