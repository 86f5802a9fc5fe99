import { UserError } from '@hep/options';
import { MASS_PARAMETERS, OBJECTS } from './jet-inputs.ts';
import type { JetObject, MassParameter } from './jet-inputs.ts';

/** Options of `calRatioNetwork`. */
export interface CalRatioConfig {
  /** Filters of the pointwise convolutions, the last one before the LSTM included. */
  readonly filters: Readonly<Record<JetObject, readonly number[]>>;
  /** Units of the LSTM; 0 takes the mean over the objects instead. */
  readonly lstmUnits: Readonly<Record<JetObject, number>>;
  /** LSTMs on top of each other. */
  readonly lstmLayers: number;
  /** Multiplies the sizes 512 and 64 of the dense layers. */
  readonly hiddenLayerFraction: number;
  readonly dropout: number;
  /** Factor of both the L1 and the L2 penalty on kernels. */
  readonly regularisation: number;
  /** Masses that the network is told with every object and jet, in the order of `MASS_PARAMETERS`. */
  readonly massParameters: readonly MassParameter[];
}

/** The reference's choice. */
export const defaultCalRatioConfig: CalRatioConfig = {
  filters: { constit: [64, 32, 32, 16], track: [64, 32, 32, 16], MSeg: [32, 16, 8] },
  lstmUnits: { constit: 10, track: 10, MSeg: 5 },
  lstmLayers: 1,
  hiddenLayerFraction: 1,
  dropout: 0.2,
  regularisation: 1e-11,
  massParameters: [],
};

const HIDDEN_UNITS = [512, 64] as const;

/** Units of the two dense layers. */
export function hiddenUnits({ hiddenLayerFraction }: CalRatioConfig): number[] {
  return HIDDEN_UNITS.map((units) => Math.floor(units * hiddenLayerFraction));
}

/** @throws UserError for the first option that makes no network */
export function checkCalRatioConfig(config: CalRatioConfig): void {
  const { filters, lstmUnits, lstmLayers, dropout, regularisation, massParameters } = config;
  for (const object of OBJECTS) {
    if (filters[object].length === 0 || !filters[object].every((count) => isCount(count, 1))) {
      throw new UserError(
        `filters of ${object}: [${filters[object]}], expected at least one, each 1 or more`,
      );
    }
    if (!isCount(lstmUnits[object], 0)) {
      throw new UserError(`LSTM units of ${object}: ${lstmUnits[object]}, expected an integer of at least 0`);
    }
  }
  if (!isCount(lstmLayers, 1)) throw new UserError(`LSTM layers: ${lstmLayers}, expected 1 or more`);
  if (!(dropout >= 0 && dropout < 1)) throw new UserError(`dropout: ${dropout}, expected 0 <= dropout < 1`);
  if (!(regularisation >= 0)) throw new UserError(`regularisation: ${regularisation}, expected 0 or more`);
  const ordered = MASS_PARAMETERS.filter((name) => massParameters.includes(name));
  if (massParameters.join() !== ordered.join()) {
    throw new UserError(
      `mass parameters: ${massParameters.join(', ')}, expected ${MASS_PARAMETERS.join(', ')} in this order`,
    );
  }
  if (!hiddenUnits(config).every((units) => isCount(units, 1))) {
    throw new UserError(
      `hidden layer fraction ${config.hiddenLayerFraction} leaves a layer without units, expected 1/64 or more`,
    );
  }
}

function isCount(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least;
}
