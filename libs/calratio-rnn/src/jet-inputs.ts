import { JET_COLUMNS, OBJECT_KINDS } from '@hep/calratio-jets';
import type { ObjectKind } from '@hep/calratio-jets';

/** Calorimeter clusters (constituents), tracks, muon segments. */
export type JetObject = ObjectKind['input'];

/** The objects of a jet that the network reads as sequences, in the order of its inputs. */
export const OBJECTS: readonly JetObject[] = OBJECT_KINDS.map(({ input }) => input);

/** One of the network's four inputs. */
export type JetInput = JetObject | 'jet';

/** Everything that the network reads of a jet. */
export const JET_INPUTS: readonly JetInput[] = [...OBJECTS, 'jet'];

/** A mass that the network can be told, see `CalRatioConfig.massParameters`. */
export type MassParameter = 'llp_mH' | 'llp_mS';

/** The masses in the order in which they are appended to the features. */
export const MASS_PARAMETERS: readonly MassParameter[] = ['llp_mH', 'llp_mS'];

/** A value for each input. */
function forInputs<T>(ofObject: (kind: ObjectKind) => T, ofJet: T): Readonly<Record<JetInput, T>> {
  const objects = OBJECT_KINDS.map((kind) => [kind.input, ofObject(kind)] as const);
  return { ...(Object.fromEntries(objects) as Record<JetObject, T>), jet: ofJet };
}

/** Features of each input in order, named as the columns of a training file without the object's number. */
export const JET_FEATURES: Readonly<Record<JetInput, readonly string[]>> = forInputs<readonly string[]>(
  (kind) => usedFeatures(kind).map((feature) => `${kind.prefix}_${feature}`),
  JET_COLUMNS,
);

/** Features of an object that the network reads. */
export function usedFeatures({ features, unused }: ObjectKind): string[] {
  return features.filter((feature) => !unused.includes(feature));
}

/** Shape of each input without the batch axis; absent objects are zeros at the end of the sequence. */
export const INPUT_SHAPES = inputShapes([]);

/** As `INPUT_SHAPES`, with masses appended to every object and to the jet. */
export function inputShapes(masses: readonly MassParameter[]): Readonly<Record<JetInput, readonly number[]>> {
  return forInputs<readonly number[]>(
    (kind) => [kind.count, usedFeatures(kind).length + masses.length],
    [JET_COLUMNS.length + masses.length],
  );
}
