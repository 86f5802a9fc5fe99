/** Files of a trained network: for Keras, CMSSW, ONNX Runtime and RTL tests. */
import { join } from 'node:path';
import { chipRegisters } from '@hep/ecoder-models';
import type { EcoderModel } from '@hep/ecoder-models';
import { atomicWrite } from '@hep/files';
import { TRIGGER_CELLS } from '@hep/hgcal-geometry';
import {
  modelFromNetwork,
  networkPaths,
  writeInferenceFiles,
  writeKerasModel,
  writeQuantisedWeights,
  writeVerificationFiles,
} from '@hep/model-files';
import type { NamedTensor, ReadNetwork } from '@hep/model-files';
import { modelOf, withinPath } from '@hep/nn';
import type { Network, NetworkModel, Weights } from '@hep/nn';
import { weightCodes } from '@hep/quant';
import { inQkeras, settled, writeEncoderBits } from './encoder-bits.ts';
import type { TrainedNetworks } from './encoder-bits.ts';
import type { Evaluation } from './evaluation.ts';

/** A trained network, or the whole of several: what there is to write. */
export interface TrainedParts {
  readonly weights: Weights;
  readonly parts: readonly Part[];
  /** Files that others stand for, where one network cannot be written as both. */
  readonly without?: 'graphs' | 'Keras files';
  /** Writes what else there is. Returns the paths. */
  writeFurther?(directory: string): Promise<string[]>;
}

interface Part {
  /** Of its files. */
  readonly stem: string;
  /** Prefix of its parameters' names. */
  readonly scope: string;
  readonly network: NetworkModel;
  /** Whether it is used by itself, so that it is also written for CMSSW, ONNX Runtime and the chip. */
  readonly isUsedAlone: boolean;
}

/**
 * What there is to write of a trained model. Where bits were learned, graphs hold the numbers themselves and Keras files
 * are in QKeras' spelling, those of the encoder left out with a notice where QKeras cannot hold its numbers; further files
 * list every weight.
 */
export function trainedParts(
  model: EcoderModel,
  weights: Weights,
  notice: (text: string) => void,
): TrainedParts[] {
  if (model.learned === null) return [partsOf(model.name, { ...model, weights })];
  const writeFurther = (directory: string) => writeEncoderBits(directory, model, weights);
  const graphs = {
    ...partsOf(model.name, settled(model, weights)),
    without: 'Keras files',
    writeFurther,
  } as const;
  const twin = inQkeras(model, weights);
  if ('refusal' in twin) {
    notice(`${model.name}: ${twin.refusal}`);
    const decoder = graphs.parts.filter(({ scope }) => scope === 'decoder');
    return [{ weights: graphs.weights, parts: decoder, without: 'graphs' }, graphs];
  }
  return [{ ...partsOf(model.name, twin), without: 'graphs' }, graphs];
}

/** Autoencoder, encoder and decoder. */
function partsOf(name: string, { weights, ...networks }: TrainedNetworks): TrainedParts {
  const part = (scope: 'encoder' | 'decoder') => ({
    stem: `${scope}_${name}`,
    scope,
    network: networks[scope],
    isUsedAlone: true,
  });
  const whole = { stem: name, scope: '', network: networks.autoencoder, isUsedAlone: false };
  return { weights, parts: [whole, part('encoder'), part('decoder')] };
}

/** A network from a file, and the networks in it. */
export function partsOfFile(stem: string, { model, weights }: ReadNetwork): TrainedParts {
  const inner = model.network.nodes.flatMap(({ layer }) =>
    layer !== null && 'nodes' in layer ? [layer as Network] : [],
  );
  const parts = inner.map((network) => ({
    stem: `${network.name}_${stem}`,
    scope: network.name,
    network: modelOf(network),
    isUsedAlone: true,
  }));
  return { weights, parts: [{ stem, scope: '', network: model, isUsedAlone: inner.length === 0 }, ...parts] };
}

const named = (weights: Weights): NamedTensor[] =>
  Object.entries(weights).map(([name, { shape, values }]) => ({ name, shape, values }));

/**
 * Keras JSON and HDF5 of all parts; of those that are used alone frozen `.pb`, `.pb.ascii` and `.onnx`, and of quantised
 * ones the codes of the weights and the registers of the chip. Returns the paths, and what the chip cannot hold.
 */
export async function writeModelFiles(
  directory: string,
  trained: readonly TrainedParts[],
  options: { readonly keras215: boolean },
): Promise<string[]> {
  const written: string[] = [];
  for (const one of trained) {
    written.push(...(await writeParts(directory, one, options)));
    written.push(...((await one.writeFurther?.(directory)) ?? []));
  }
  return written;
}

async function writeParts(
  directory: string,
  { parts, weights, without }: TrainedParts,
  { keras215 }: { readonly keras215: boolean },
): Promise<string[]> {
  const written: string[] = [];
  for (const { stem, scope, network, isUsedAlone } of parts) {
    const form = isQuantised(network.network) ? (keras215 ? 'keras2.15' : 'keras2') : 'portable';
    const own = scope === '' ? weights : withinPath(weights, scope);
    if (without !== 'Keras files') {
      const description = modelFromNetwork(network.network);
      const paths = await writeKerasModel(directory, stem, description, named(weights), scope, form);
      written.push(paths.json, paths.hdf5);
    }
    if (isUsedAlone && without !== 'graphs') {
      const graphs = networkPaths(directory, stem);
      await writeInferenceFiles(graphs, network, own);
      written.push(graphs.pb, graphs.pbAscii, graphs.onnx);
    }
    if (isUsedAlone && without !== 'Keras files' && form !== 'portable') {
      written.push(...(await writeChipFiles(directory, stem, network.network, own)));
    }
  }
  return written;
}

/** Whether a network or one in it has layers of QKeras. */
function isQuantised({ nodes }: Network): boolean {
  return nodes.some(({ layer }) =>
    layer !== null && 'nodes' in layer
      ? isQuantised(layer as Network)
      : /^Q[A-Z]/.test(layer?.kerasConfig().className ?? ''),
  );
}

async function writeChipFiles(
  directory: string,
  stem: string,
  network: Network,
  weights: Weights,
): Promise<string[]> {
  const paths = await writeQuantisedWeights(directory, stem, weightCodes(network, weights));
  const chip = chipRegisters(network, weights);
  if (chip === null) return paths;
  const path = join(directory, `${stem}_registers.csv`);
  await atomicWrite(path, `${chip.registers.join()}\n`);
  const notice =
    chip.changed === 0 ? '' : ` (${chip.changed} weights are not among the chip's and were moved)`;
  return [...paths, `${path}${notice}`];
}

/** verify_*.csv: the first `rows` validation modules as the RTL tests read them; negative: all. */
export async function writeVerification(
  directory: string,
  evaluation: Evaluation,
  images: Float32Array,
  rows: number,
): Promise<void> {
  if (rows === 0) return;
  const { latent, latentSize, decodedImage, decodedFractions, inputMipT, scaleMipT } = evaluation;
  const pixels = decodedImage.length / evaluation.rows;
  await writeVerificationFiles(
    directory,
    {
      image: { values: images, width: pixels },
      sumMipT: scaleMipT,
      inputMipT: { values: inputMipT, width: TRIGGER_CELLS },
      latent: { values: latent.map(withoutNegativeZero), width: latentSize },
      decodedImage: { values: decodedImage, width: pixels },
      decodedCells: { values: decodedFractions, width: TRIGGER_CELLS },
    },
    rows,
  );
}

/** Rounding turns small negative numbers into -0; the chip has one zero. */
const withoutNegativeZero = (value: number) => value + 0;
