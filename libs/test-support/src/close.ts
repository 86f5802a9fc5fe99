/**
 * Fails with the worst element unless |actual - expected| <= absolute + relative * |expected| everywhere.
 * NaN matches NaN only.
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: { relative?: number; absolute?: number },
  what = 'values',
): void {
  if (actual.length !== expected.length) {
    throw new Error(`${what}: ${actual.length} values, expected ${expected.length}`);
  }
  const { relative = 0, absolute = 0 } = tolerance;
  let worst = { index: -1, excess: 0 };
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(actual[i], expected[i]) || (Number.isNaN(actual[i]) && Number.isNaN(expected[i]))) continue;
    const excess = Math.abs(actual[i]! - expected[i]!) - (absolute + relative * Math.abs(expected[i]!));
    if (!(excess <= worst.excess)) worst = { index: i, excess };
  }
  if (worst.index >= 0) {
    const i = worst.index;
    throw new Error(
      `${what}: element ${i} is ${actual[i]}, expected ${expected[i]} (relative ${relative}, absolute ${absolute})`,
    );
  }
}
