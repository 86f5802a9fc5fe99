import { resolveRef } from './keras-layer.ts';
import type { FunctionalModel, KerasNodeSpec, KerasTensorRef } from './keras-layer.ts';
import { layerFromKeras } from './layer-from-keras.ts';
import { networkFromModel } from './network-from-model.ts';

/**
 * Shapes of the tensors of a model without the batch axis, each computed once.
 * @throws UserError for a layer that is not supported
 */
export function outputShapes(model: FunctionalModel): (ref: KerasTensorRef) => readonly number[] {
  const specs = new Map(model.layers.map((spec) => [spec.name, spec]));
  const known = new Map<string, readonly number[]>();
  const shapeOf = (ref: KerasTensorRef): readonly number[] => {
    const { layer, call } = resolveRef(ref);
    const key = `${call} ${layer}`;
    const shape = known.get(key) ?? computed(specs.get(layer)!, call, shapeOf);
    known.set(key, shape);
    return shape;
  };
  return shapeOf;
}

function computed(
  spec: KerasNodeSpec,
  call: number,
  shapeOf: (ref: KerasTensorRef) => readonly number[],
): readonly number[] {
  if (spec.kind === 'layer' && spec.className === 'InputLayer') {
    return (spec.config['batch_input_shape'] as number[]).slice(1);
  }
  const layer = spec.kind === 'model' ? networkFromModel(spec.model) : layerFromKeras(spec);
  return layer.outputShape(spec.inbound[call].map(shapeOf));
}
