/** Trained EMD networks in the layout of the Ecoder study: Keras HDF5 with one group `base_model`. */
import { emdNetwork } from '@hep/losses';
import type { EmdNetworkOptions, TrainedEmdNetwork } from '@hep/losses';
import { matchWeights, readKerasWeights, shapeText } from '@hep/model-files';
import type { NamedTensor } from '@hep/model-files';
import { UserError } from '@hep/options';

const BASE = 'base_model';
/** Channels and pixels of two 4x4x3 images in one. */
const CHANNELS = 6;
const PIXELS = 16;

/**
 * Reads a whole model (`model.save('x.h5')`) or its weights (`save_weights`). The size of the network is read off the
 * shapes of its tensors; the state of an optimiser is left alone.
 * @throws UserError in one line when the file is no such network, damaged, made for images of another shape, or has
 * too few or too many tensors
 */
export async function readEmdNetwork(path: string): Promise<TrainedEmdNetwork> {
  const weights = await readKerasWeights(path);
  const base = weights.layers.get(BASE);
  if (base === undefined) {
    const found = [...weights.layers.keys()].join(', ');
    throw new UserError(
      `${path}: no EMD network (no model ${BASE}; found ${found}); give a file that emd train or the Ecoder study wrote`,
    );
  }
  const size = sizeOf(new Map(base.map((tensor) => [tensor.name, tensor])), path);
  const { parameterSpecs } = emdNetwork(size);
  const values = matchWeights(parameterSpecs, weights);
  return {
    size,
    weights: Object.fromEntries(
      parameterSpecs.map(({ name, shape }) => [name, { shape, values: values[name] }]),
    ),
  };
}

function sizeOf(tensors: ReadonlyMap<string, NamedTensor>, path: string): Required<EmdNetworkOptions> {
  const convolution = tensors.get('conv2d_1/kernel')?.shape ?? [];
  if (convolution.length !== 4 || convolution[0] !== convolution[1]) {
    const found = convolution.length === 0 ? 'is missing' : `has shape ${shapeText(convolution)}`;
    throw new UserError(
      `${path}: tensor ${BASE}/conv2d_1/kernel ${found}, expected [k, k, ${CHANNELS}, filters]; these are the weights of another model`,
    );
  }
  const [kernelSize, , channels, filters] = convolution;
  const dense = tensors.get('dense_1/kernel')?.shape;
  const pixels = dense === undefined ? PIXELS : dense[0] / filters;
  if (channels !== CHANNELS || pixels !== PIXELS) {
    throw new UserError(
      `${path}: an EMD network of two images with ${channels} channels and ${pixels} pixels, ` +
        `expected ${CHANNELS} and ${PIXELS} (4x4x3); give a network for this input shape`,
    );
  }
  return {
    filters,
    kernelSize,
    convolutions: layersOf(tensors, /^conv2d_\d+(?=\/)/),
    denseUnits: dense?.[1] ?? 1,
    denseLayers: layersOf(tensors, /^dense_\d+(?=\/)/),
  };
}

function layersOf(tensors: ReadonlyMap<string, NamedTensor>, kind: RegExp): number {
  return new Set([...tensors.keys()].flatMap((name) => kind.exec(name)?.[0] ?? [])).size;
}
