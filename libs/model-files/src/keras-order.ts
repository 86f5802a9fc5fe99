import { resolveRef, type FunctionalModel, type KerasNodeSpec, type KerasTensorRef } from './keras-layer.ts';

interface Call {
  readonly layer: KerasNodeSpec;
  readonly key: string;
  readonly parents: readonly KerasTensorRef[];
}

/**
 * Layers in the order of Keras' `model.layers`, by which weights are loaded: farthest from the outputs first, equally
 * far ones in the order they are met on a walk from the outputs. Throws `Error` for a layer that no output needs
 * and for a loop.
 */
export function kerasOrder(model: FunctionalModel): KerasNodeSpec[] {
  const layers = new Map(model.layers.map((layer) => [layer.name, layer]));
  const callOf = (ref: KerasTensorRef): Call => {
    const { layer: name, call } = resolveRef(ref);
    const layer = layers.get(name)!;
    return { layer, key: `${call} ${name}`, parents: layer.inbound[call] ?? [] };
  };
  const { finished, met } = walk(model, callOf);
  const depth = layerDepths(finished, callOf);
  for (const ref of model.inputs) {
    const { layer } = callOf(ref);
    if (!depth.has(layer)) {
      depth.set(layer, 0);
      met.set(layer, -1);
    }
  }
  const lost = model.layers.find((layer) => !depth.has(layer));
  if (lost) throw new Error(`model ${model.name}: no output needs layer ${lost.name}`);
  return [...model.layers].sort((a, b) => depth.get(b)! - depth.get(a)! || met.get(a)! - met.get(b)!);
}

/** Calls with every parent before its users, and the position at which each layer was first met. */
function walk(model: FunctionalModel, callOf: (ref: KerasTensorRef) => Call) {
  const finished = new Map<string, Call>();
  const inProgress = new Set<string>();
  const met = new Map<KerasNodeSpec, number>();
  const visit = (ref: KerasTensorRef) => {
    const call = callOf(ref);
    if (finished.has(call.key)) return;
    if (inProgress.has(call.key))
      throw new Error(`model ${model.name}: layer ${call.layer.name} feeds itself`);
    if (!met.has(call.layer)) met.set(call.layer, met.size);
    inProgress.add(call.key);
    call.parents.forEach(visit);
    inProgress.delete(call.key);
    finished.set(call.key, call);
  };
  model.outputs.forEach(visit);
  return { finished, met };
}

/** Longest distance of each layer from the outputs. */
function layerDepths(
  finished: ReadonlyMap<string, Call>,
  callOf: (ref: KerasTensorRef) => Call,
): Map<KerasNodeSpec, number> {
  const callDepth = new Map<string, number>();
  const layerDepth = new Map<KerasNodeSpec, number>();
  for (const call of [...finished.values()].reverse()) {
    const depth = Math.max(callDepth.get(call.key) ?? 0, layerDepth.get(call.layer) ?? 0);
    layerDepth.set(call.layer, depth);
    for (const ref of call.parents) {
      const { key } = callOf(ref);
      callDepth.set(key, Math.max(depth + 1, callDepth.get(key) ?? 0));
    }
  }
  return layerDepth;
}
