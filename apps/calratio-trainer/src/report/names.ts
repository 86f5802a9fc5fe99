/** Words of the reports. */
import type { Efficiency } from '@hep/statistics';
import type { Output } from '@hep/calratio-training';

/** Axis titles of the outputs. */
export const OUTPUT_TITLES: Readonly<Record<Output, string>> = {
  qcd: 'Multijet score',
  sig: 'Signal score',
  bib: 'BIB score',
};

/** Classes of the main sample by label. */
export const MAIN_CLASSES = ['Multijet', 'Signal', 'BIB'] as const;

/** Classes of the control region by label; it has no signal. */
export const CONTROL_CLASSES = { 0: 'Multijet simulation', 2: 'Multijet data' } as const;

/** Keeps a value and its errors, or a number and its unit, on one line. */
const NO_BREAK = '\u00a0';

/** `0.812 +0.012 −0.013`, `0.812 ±0.012` where both are alike, `< 0.002` where nothing is left; a dash without jets. */
export function efficiencyText({ value, lower, upper }: Efficiency): string {
  if (Number.isNaN(value)) return '–';
  const digits = significantDigits(upper - lower);
  if (value === 0) return `<${NO_BREAK}${upper.toFixed(digits)}`;
  const [up, down] = [upper - value, value - lower].map((error) => error.toFixed(digits));
  const errors = up === down ? [`±${up}`] : [`+${up}`, `−${down}`];
  return [value.toFixed(digits), ...errors].join(NO_BREAK);
}

/** Decimals that show about two digits of an interval. */
function significantDigits(width: number): number {
  return Math.min(6, Math.max(3, 1 + Math.ceil(-Math.log10(width))));
}

/** `signal 80 %` on one line. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', NO_BREAK);
}
