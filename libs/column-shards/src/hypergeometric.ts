/** How many marked ones a draw without replacement has. */
import type { Generator } from '@hep/datasets/random';

/**
 * A number of the hypergeometric distribution, by inversion from its most probable value outwards: steps of the order of its
 * standard deviation, however many there are to draw from.
 * @param all how many there are
 * @param marked how many of them count
 * @param drawn size of the draw
 */
export function hypergeometric(all: number, marked: number, drawn: number, generator: Generator): number {
  const others = all - marked;
  const [least, most] = [Math.max(0, drawn - others), Math.min(drawn, marked)];
  const middle = Math.floor(((drawn + 1) * (marked + 1)) / (all + 2));
  const start = Math.min(most, Math.max(least, middle));
  const peak = Math.exp(
    logChoices(marked, start) + logChoices(others, drawn - start) - logChoices(all, drawn),
  );
  let rest = generator.uniform() - peak;
  let [low, high, below, above] = [start, start, peak, peak];
  while (rest >= 0 && (low > least || high < most)) {
    if (high < most) {
      above *= ((marked - high) * (drawn - high)) / ((high + 1) * (others - drawn + high + 1));
      high++;
      rest -= above;
      if (rest < 0) return high;
    }
    if (low > least) {
      below *= (low * (others - drawn + low)) / ((marked - low + 1) * (drawn - low + 1));
      low--;
      rest -= below;
      if (rest < 0) return low;
    }
  }
  return start;
}

/** Logarithm of the number of ways to choose `some` of `all`. */
const logChoices = (all: number, some: number) =>
  logFactorial(all) - logFactorial(some) - logFactorial(all - some);

const EXACT = 16;
const small = Array.from({ length: EXACT }, (_, n) => {
  let product = 1;
  for (let i = 2; i <= n; i++) product *= i;
  return Math.log(product);
});

/** log(n!); from 16 on by Stirling's series, whose error is below 1e-12 there. */
function logFactorial(n: number): number {
  if (n < EXACT) return small[n];
  const series = 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1260 * n ** 5);
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + series;
}
