import type { HostTensor } from '@hep/nn';
import { UserError } from '@hep/options';
import type { JsonValue } from '../keras-layer.ts';
import { elementsOf } from '../named-tensor.ts';
import { modelIn, type ReadNetwork } from '../read-network.ts';
import { parseArchitecture } from '../parse-keras-json.ts';
import { decodeArray } from './arrays.ts';
import { fromFile, weightedLayers } from './layers.ts';
import { fdeepHash } from './write.ts';

/**
 * The network of a frugally-deep file of either form, from its parsed JSON; `path` names it in errors.
 * @throws UserError in one line when an array is missing or of another size, its hash differs, or a layer is not
 *   supported
 */
export function networkFromFdeep(json: { readonly [key: string]: JsonValue }, path: string): ReadNetwork {
  const description = parseArchitecture(json['architecture'] ?? null, `${path}: architecture`);
  const model = modelIn(path, description);
  const shapes = new Map(model.parameterSpecs.map(({ name, shape }) => [name, shape]));
  const stored = (json['trainable_params'] ?? {}) as Record<string, Record<string, unknown> | undefined>;
  const weights: Record<string, HostTensor> = {};
  const layers = weightedLayers(description);
  const foreign = Object.keys(stored).find((name) => !layers.some(({ fileName }) => fileName === name));
  if (foreign !== undefined) {
    throw new UserError(
      `${path}: trainable_params has ${foreign}, which is no layer with weights; use another file`,
    );
  }
  for (const { fileName, scope, weights: entries } of layers) {
    for (const entry of entries) {
      const name = `${scope}/${entry.weight}`;
      const shape = shapes.get(name)!;
      try {
        const values = decodeArray(stored[fileName]?.[entry.key], elementsOf(shape));
        weights[name] = { shape, values: fromFile(entry, shape, values) };
      } catch (error) {
        const reason = stored[fileName]?.[entry.key] === undefined ? 'is missing' : (error as Error).message;
        throw new UserError(`${path}: array ${entry.key} of layer ${fileName} ${reason}; use another file`);
      }
    }
  }
  if (json['hash'] !== undefined && json['hash'] !== fdeepHash(description, weights)) {
    throw new UserError(
      `${path}: its hash differs, the file was changed after it was written; use another file`,
    );
  }
  return { model, weights };
}
