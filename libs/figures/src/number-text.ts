/** Numbers as text in figures and tables. */

/** Decimals with which a number has so many significant digits. */
function decimalsFor(value: number, digits: number): number {
  const exponent = Number(value.toExponential(digits - 1).split('e')[1]);
  return Math.max(0, digits - 1 - exponent);
}

const isPlain = (value: number) => value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6);

/** A number with so many significant digits, without exponent from 1e-4 to 1e6, with the minus sign of the axes. */
export function numberText(value: number, digits: number): string {
  const size = Number(Math.abs(value).toPrecision(digits));
  const text = isPlain(size) ? size.toFixed(decimalsFor(size, digits)) : size.toExponential(digits - 1);
  return value < 0 ? `−${text}` : text;
}

/** `1.10 (−0.39 +0.61)`: a median and its distances to two quantiles, in two significant digits. */
export function spreadText(low: number, median: number, high: number, medianDigits: number): string {
  const [below, above] = [median - low, high - median].map((distance) => numberText(distance, 2));
  return `${numberText(median, medianDigits)} (−${below} +${above})`;
}

/**
 * Numbers of a column of a table in at most four significant digits, as many decimals in each as in the others where it
 * has them.
 */
export function columnTexts(values: readonly number[]): string[] {
  const shortest = values.map((value) => shortText(value));
  const decimals = Math.max(0, ...shortest.map((text) => /^-?\d+\.(\d+)$/.exec(text)?.[1]?.length ?? 0));
  return values.map((value, row) => {
    const isPadded = decimals > 0 && Number.isFinite(value) && isPlain(value);
    return isPadded ? value.toFixed(Math.min(decimals, decimalsFor(value, 4))) : shortest[row]!;
  });
}

/** A number in at most four significant digits; thousands are grouped from 10 000 on. */
export function shortText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : value > 0 ? '∞' : '−∞';
  if (Number.isInteger(value)) return Math.abs(value) < 1e4 ? String(value) : value.toLocaleString('en-US');
  return String(Number(value.toPrecision(4)));
}
