/** Network of a run as an engine trains it. */
import { readdir } from 'node:fs/promises';
import type { TrainingProgram } from '@hep/nn';
import { INPUTS_FILE, readTrackInputs, trackNetwork, trackProgram } from '@hep/track-dnn';
import type { TrackNetwork } from '@hep/track-dnn';
import type { RunDirectory } from '@hep/training';
import { firstWeights } from './first-weights.ts';
import type { TrainOptions } from './options.ts';
import { requireSameArchitecture, trainedRun } from './trained-run.ts';
import type { TrainingTracks } from './training-tracks.ts';

/** A network, and how it trains from its first state on. */
export interface ChosenNetwork {
  readonly network: TrackNetwork;
  readonly program: TrainingProgram;
}

/**
 * The network of a run. Its ranges are those of the run to resume, of the run that it starts from, or of the training
 * tracks, whichever there is first.
 * @param earlier the run to resume
 * @throws UserError for an earlier run that cannot be read or has another network
 */
export async function chosenNetwork(
  options: TrainOptions,
  { ranges }: TrainingTracks,
  earlier: RunDirectory | null,
  notice: (text: string) => void,
): Promise<ChosenNetwork> {
  const resumed = earlier === null ? undefined : await readTrackInputs(earlier.file(INPUTS_FILE));
  // Once a run has a checkpoint, its weights are there, and the run that it started from may be gone.
  const hasBegun = earlier !== null && (await readdir(earlier.file('checkpoints'))).length > 0;
  if (options.startFrom === undefined || (resumed !== undefined && hasBegun)) {
    const network = trackNetwork({ ...options, ranges: resumed?.ranges ?? ranges });
    return { network, program: trackProgram(network, firstWeights(network, options)) };
  }
  const start = await trainedRun(options.startFrom, notice);
  requireSameArchitecture(options.startFrom, start.options, options);
  return { network: start.network, program: trackProgram(start.network, start.weights) };
}
