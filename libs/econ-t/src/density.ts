/** Low- and high-density modules: what the chip is set to when nothing else is said. */
import type { SuperCellType } from './super-trigger-cells.ts';

export type Density = 'low' | 'high';

/** Settings that go with a module's density. */
export interface DensityDefaults {
  /** Bits that the front-end chips drop from a charge before they encode it. */
  readonly inputDroppedBits: number;
  /** Bits that the algorithms drop from a calibrated charge before they encode it (DropLSB). */
  readonly droppedBits: number;
  readonly superCellType: SuperCellType;
}

export const densityDefaults: Readonly<Record<Density, DensityDefaults>> = {
  low: { inputDroppedBits: 1, droppedBits: 1, superCellType: 'STC16_9' },
  high: { inputDroppedBits: 3, droppedBits: 3, superCellType: 'STC4_9' },
};
