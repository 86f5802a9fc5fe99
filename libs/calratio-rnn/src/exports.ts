import { writeNetworkFiles } from '@hep/model-files';
import type { NetworkFileKind } from '@hep/model-files';
import type { Weights } from '@hep/nn';
import type { CalRatioNetwork } from './calratio-network.ts';

/** Name of the classifier's files, as the reference calls them. */
export const CLASSIFIER_STEM = 'final_model';

/** What is written unless told otherwise; `fdeep` is the form that ATLAS reads. */
export const defaultCalRatioFiles: readonly NetworkFileKind[] = ['keras', 'hdf5', 'onnx', 'fdeep'];

/**
 * Writes the classifier, which is what physics uses: `final_model.keras`, `.json` with `.hdf5`, `.onnx`, `.fdeep.json`.
 * @param weights at least the classifier's; those of a training may hold the adversary's, too
 * @returns the paths written
 * @throws UserError when a file cannot be written
 */
export function writeCalRatioExports(
  folder: string,
  network: CalRatioNetwork,
  weights: Weights,
  kinds: readonly NetworkFileKind[] = defaultCalRatioFiles,
): Promise<string[]> {
  return writeNetworkFiles(folder, CLASSIFIER_STEM, network.classifier, weights, kinds);
}
