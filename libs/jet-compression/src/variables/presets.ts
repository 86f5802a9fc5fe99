/** Sets of variables with the normalisations of the ATLAS trigger-level studies. */
import type { Normalisation } from './normalisation.ts';
import { angle, linear, logarithmic } from './transform.ts';

/** Shifts of mass and pT in normalised units. */
export interface CustomShifts {
  readonly m: number;
  readonly pt: number;
}

/**
 * m, pt [MeV], phi, eta: log10(m + 1) / 1.8 - shifts.m, (log10 pt - 1.3) / 1.2 - shifts.pt, phi / 3, eta / 5. The
 * published checkpoint has no shifts, that of leading jets 2 and 3.
 */
export function customFourMomentum(shifts: CustomShifts = { m: 0, pt: 0 }): Normalisation {
  return [
    logarithmic('m', { offset: 1, scale: 1.8, shift: 1.8 * shifts.m }),
    logarithmic('pt', { scale: 1.2, shift: 1.3 + 1.2 * shifts.pt }),
    angle('phi', 3),
    linear('eta', 5),
  ];
}

/** pT, E [GeV], eta, phi: log10 / 3 of the first two, angles / 3. */
const logarithmicEnergy: Normalisation = [
  logarithmic('pT', { scale: 3 }),
  linear('eta', 3),
  angle('phi', 3),
  logarithmic('E', { scale: 3 }),
];

/** log10 of a value in MeV as if it were in GeV: log10(x / 1000 + offset). */
const inGeV = (name: string, offset: number, shift: number, scale: number, sign: 1 | -1 = 1) =>
  logarithmic(name, { offset: 1000 * offset, sign, shift: shift + 3, scale });

/** The 27 variables of HLT jets; energies and second moments that the studies divide by 1000 are in the file's unit. */
export const hltJet: Normalisation = [
  inGeV('pt', 0, 1.3, 1.2),
  linear('eta', 5),
  angle('phi', 3),
  inGeV('m', 1, 0, 1.8),
  linear('ActiveArea', 0.8),
  linear('ActiveArea4vec_eta', 5),
  linear('ActiveArea4vec_m', 0.18, 0.18 * 0.15),
  angle('ActiveArea4vec_phi', 3),
  linear('ActiveArea4vec_pt', 0.7),
  logarithmic('AverageLArQF', { offset: 100, shift: 2, scale: 2.5 }),
  inGeV('NegativeE', 1, 0, 1.6, -1),
  linear('HECQuality'),
  linear('LArQuality', 0.6),
  linear('Width', 0.6),
  linear('WidthPhi', 0.6),
  logarithmic('CentroidR', { shift: 3, scale: 0.8 }),
  linear('DetectorEta', 5),
  logarithmic('LeadingClusterCenterLambda', { offset: 100, shift: 2, scale: 2 }),
  inGeV('LeadingClusterPt', 0, 0, 1.2),
  inGeV('LeadingClusterSecondLambda', 100, 2, 1),
  inGeV('LeadingClusterSecondR', 100, 2, 0.6),
  linear('N90Constituents', 20),
  linear('EMFrac', 1.6),
  linear('HECFrac'),
  linear('Timing', 40),
  logarithmic('OotFracClusters10', { offset: 1, scale: 0.3 }),
  logarithmic('OotFracClusters5', { offset: 1, scale: 0.3 }),
];

const without = (...names: readonly string[]) => hltJet.filter(({ name }) => !names.includes(name));

/** Those that the detector gives as whole numbers or steps. */
const STEPS = ['ActiveArea', 'N90Constituents'];
/** Those that nearly repeat others: a second direction, a second width, a second threshold. */
const REPEATED = [
  ...['ActiveArea4vec_eta', 'ActiveArea4vec_phi', 'ActiveArea4vec_m', 'DetectorEta'],
  ...['WidthPhi', 'OotFracClusters5'],
];

/** Sets of variables by name. */
export const variableSets = {
  '4d': customFourMomentum(),
  log: logarithmicEnergy,
  '27d': hltJet,
  '25d': without(...STEPS),
  '19d': without(...STEPS, ...REPEATED),
} as const satisfies Record<string, Normalisation>;

/** Name of a set of variables. */
export type VariableSetName = keyof typeof variableSets;
