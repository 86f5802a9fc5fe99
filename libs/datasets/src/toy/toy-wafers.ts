/**
 * Synthetic modules. Nothing here is tuned to data: the numbers are round values that give charges of the right kind
 * (narrow and wide showers over pile-up, 0 to 40 cells above 1 MIP_T) for demonstrations and tests. Scores on them
 * must be labelled synthetic.
 *
 * A row is an electromagnetic shower (45 %), a hadronic shower (30 %) or pile-up alone (25 %) in one module:
 * - transverse momentum pT log-uniform in 2..200 GeV, |eta| 1.6..2.9, a layer that the trigger reads;
 * - signal of pT * profile(layer) MIP_T, where the profile is the gamma curve (layer/peak)^s exp(s (1 - layer/peak)),
 *   peak 9 and s 2 for electromagnetic, peak 24 and s 1 for hadronic showers, times a log-normal fluctuation;
 * - around an impact point that may lie beyond the module's edge the signal falls off as a narrow and a wide
 *   exponential, widening with depth; a hadronic shower is 2 to 6 such cores;
 * - pile-up puts a Poisson number of exponential deposits on each cell, more at high |eta| and in the front layers;
 * - the sum with Gaussian noise is cut to whole CALQ counts, and counts below a quarter of a MIP_T are suppressed;
 * - modules without charge or with more than 40 cells above 1 MIP_T are drawn again.
 */
import { TRIGGER_CELLS, triggerCellCentres } from '@hep/hgcal-geometry';
import type { Generator } from '../random/generator.ts';
import { createGenerator } from '../random/generator.ts';
import type { SideColumn, WaferData } from '../wafers/wafer-data.ts';
import { CALQ_PER_MIP_T } from '../wafers/wafer-data.ts';
import { nearestWafer, waferDirection, waferType } from './wafer-grid.ts';

/** Which rows to generate; each row depends on the seed and its number only. */
export interface ToyRequest {
  readonly rows: number;
  readonly seed: number;
  /** Number of the first row. Default 0. */
  readonly firstRow?: number;
}

const COUNTS_NOISE = 2;
const LEAST_COUNTS = 9;
const MOST_OCCUPIED = 40;
const EM_SHARE = 0.45;
const HADRONIC_SHARE = 0.3;
/** Layers that the trigger reads: odd ones up to 27, all from 29; the toy stays in the silicon part. */
const LAYERS = [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 30, 31, 32, 33, 34, 35, 36];
const EM_LAYERS = 14;
/** Columns that the toy fills beside the charges. */
const toyColumns: readonly SideColumn[] = [
  'entry',
  'zside',
  'layer',
  'waferu',
  'waferv',
  'SimEnergyTotal',
  'subdet',
  'tc_eta',
  'tc_phi',
  'wafertype',
];

/** Generates modules in memory. Every row has charge; `SimEnergyTotal` is the signal's energy in GeV. */
export function generateToy({ rows, seed, firstRow = 0 }: ToyRequest): WaferData {
  const charges = new Float32Array(rows * TRIGGER_CELLS);
  const side = new Map(toyColumns.map((name) => [name, new Float64Array(rows)] as const));
  const generator = createGenerator(seed);
  const simulation = new ModuleSimulation(generator);
  for (let row = 0; row < rows; row++) {
    generator.reset(seed, firstRow + row);
    const module = simulation.draw(charges, row * TRIGGER_CELLS);
    side.get('entry')![row] = firstRow + row;
    for (const [name, value] of Object.entries(module)) side.get(name as SideColumn)![row] = value;
  }
  return { rows, charges, side };
}

/** Where a module is and what went into it, named as its columns. */
interface ToyModule {
  readonly zside: number;
  readonly layer: number;
  readonly waferu: number;
  readonly waferv: number;
  readonly SimEnergyTotal: number;
  readonly subdet: number;
  readonly tc_eta: number;
  readonly tc_phi: number;
  readonly wafertype: number;
}

/** Draws modules one by one; keeps the cell positions and one module's deposits. */
class ModuleSimulation {
  private readonly x: Float64Array;
  private readonly y: Float64Array;
  private readonly centre: readonly [number, number];
  /** Deposits of the current module in MIP_T. */
  private readonly deposits = new Float64Array(TRIGGER_CELLS);

  constructor(private readonly random: Generator) {
    const centres = triggerCellCentres('cells');
    this.x = centres.filter((_, i) => i % 2 === 0);
    this.y = centres.filter((_, i) => i % 2 === 1);
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / TRIGGER_CELLS;
    this.centre = [mean(this.x), mean(this.y)];
  }

  /** Writes one module's counts to `charges` from `offset`; draws again until they are acceptable. */
  draw(charges: Float32Array, offset: number): ToyModule {
    for (;;) {
      const module = this.simulate();
      if (this.digitise(charges, offset)) return module;
    }
  }

  private simulate(): ToyModule {
    const { random, deposits } = this;
    deposits.fill(0);
    const kind = random.uniform();
    const isEm = kind < EM_SHARE;
    const isHadronic = !isEm && kind < EM_SHARE + HADRONIC_SHARE;
    const layer = LAYERS[random.integer(isEm ? EM_LAYERS : LAYERS.length)];
    const { u, v, eta, phi } = this.drawPlace(layer);
    const signal = isEm ? this.addEmShower(layer) : isHadronic ? this.addHadronicShower(layer) : 0;
    this.addPileUp(layer, eta);
    const zside = random.uniform() < 0.5 ? -1 : 1;
    return {
      zside,
      layer,
      waferu: u,
      waferv: v,
      SimEnergyTotal: 0.011 * signal * Math.cosh(eta),
      subdet: layer <= 28 ? 1 : 2,
      tc_eta: zside * eta,
      tc_phi: phi,
      wafertype: waferType(layer, eta),
    };
  }

  private drawPlace(layer: number) {
    const { random } = this;
    for (;;) {
      const wanted = 1.6 + 1.3 * random.uniform();
      const place = nearestWafer(layer, wanted, Math.PI * (2 * random.uniform() - 1));
      const direction = waferDirection(layer, place);
      if (direction.eta >= 1.6 && direction.eta <= 2.9) return { ...place, ...direction };
    }
  }

  /** Adds an electromagnetic shower; returns its charge in MIP_T, the part beyond the module included. */
  private addEmShower(layer: number): number {
    const signal = this.drawSignal(layer, 9, 2);
    const [x, y] = this.drawImpact();
    this.addCore(x, y, signal, 0.5 + 0.05 * layer);
    return signal;
  }

  private addHadronicShower(layer: number): number {
    const { random } = this;
    const signal = this.drawSignal(layer, 24, 1);
    const [x, y] = this.drawImpact();
    const cores = 2 + random.integer(5);
    for (let core = 0; core < cores; core++) {
      const share = (signal * random.exponential()) / cores;
      this.addCore(x + 3 * random.normal(), y + 3 * random.normal(), share, 1 + 0.03 * layer);
    }
    return signal;
  }

  private drawSignal(layer: number, peak: number, steepness: number): number {
    const ptGeV = 2 * Math.exp(Math.log(100) * this.random.uniform());
    const depth = layer / peak;
    const profile = Math.exp(steepness * (Math.log(depth) + 1 - depth));
    return ptGeV * profile * Math.exp(0.3 * this.random.normal());
  }

  /** Uniform in a disc about the module's centre that reaches a little over its edge. */
  private drawImpact(): [number, number] {
    const radius = 8.5 * Math.sqrt(this.random.uniform());
    const angle = 2 * Math.PI * this.random.uniform();
    return [this.centre[0] + radius * Math.cos(angle), this.centre[1] + radius * Math.sin(angle)];
  }

  /**
   * Spreads `signal` over the cells: 80 % in a core exp(-r / width), the rest in a halo three times as wide. Each
   * part is normalised in the plane: a trigger cell covers 2 sqrt(3) square sensor cells, the integral is 2 pi width^2.
   */
  private addCore(x0: number, y0: number, signal: number, width: number): void {
    const { x, y, deposits } = this;
    const area = (2 * Math.sqrt(3)) / (2 * Math.PI * width * width);
    const core = 0.8 * signal * area;
    const halo = (0.2 * signal * area) / 9;
    for (let cell = 0; cell < TRIGGER_CELLS; cell++) {
      const dx = x[cell] - x0;
      const dy = y[cell] - y0;
      const third = Math.exp(-Math.sqrt(dx * dx + dy * dy) / (3 * width));
      deposits[cell] += core * third * third * third + halo * third;
    }
  }

  private addPileUp(layer: number, eta: number): void {
    const { random, deposits } = this;
    const mean = 0.1 * Math.exp(1.3 * (eta - 1.6)) * (layer <= 28 ? 1 : 0.4);
    for (let cell = 0; cell < TRIGGER_CELLS; cell++) {
      const hits = random.poisson(mean);
      for (let hit = 0; hit < hits; hit++) deposits[cell] += 0.7 * random.exponential();
    }
  }

  /** Turns deposits into whole counts with noise; false when there is no charge or too many cells have some. */
  private digitise(charges: Float32Array, offset: number): boolean {
    const { random, deposits } = this;
    let total = 0;
    let occupied = 0;
    for (let cell = 0; cell < TRIGGER_CELLS; cell++) {
      const counts = Math.floor(CALQ_PER_MIP_T * deposits[cell] + COUNTS_NOISE * random.normal());
      const kept = counts < LEAST_COUNTS ? 0 : counts;
      charges[offset + cell] = kept;
      total += kept;
      if (kept > CALQ_PER_MIP_T) occupied++;
    }
    return total > 0 && occupied <= MOST_OCCUPIED;
  }
}
