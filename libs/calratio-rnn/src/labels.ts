/**
 * Classes of the main sample, by the number in files, which is also the position in the network's output. In the
 * control region 2 stands for multijet data.
 */
export const JET_CLASSES = ['QCD', 'signal', 'BIB'] as const;

/** Name of a class: multijet simulation, signal, beam-induced background. */
export type JetClass = (typeof JET_CLASSES)[number];

const DATA_LABEL = 2;

/**
 * One-hot vectors of the main sample's labels, row by row [rows, 3].
 * @throws Error for a label other than 0, 1, 2
 */
export function oneHotLabels(labels: ArrayLike<number>): Float32Array {
  const vectors = new Float32Array(labels.length * JET_CLASSES.length);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    if (JET_CLASSES[label] === undefined) {
      throw new Error(`label of jet ${row}: ${label}, expected 0 (QCD), 1 (signal) or 2 (BIB)`);
    }
    vectors[row * JET_CLASSES.length + label] = 1;
  }
  return vectors;
}

/**
 * What the adversary has to tell, from the control region's labels: 1 for data, 0 for simulation.
 * @throws Error for a label other than 0 and 2
 */
export function dataLabels(labels: ArrayLike<number>): Float32Array {
  return Float32Array.from(labels, (label, row) => {
    if (label !== 0 && label !== DATA_LABEL) {
      throw new Error(`label of control region jet ${row}: ${label}, expected 0 (simulation) or 2 (data)`);
    }
    return label === DATA_LABEL ? 1 : 0;
  });
}

/**
 * Weights with those of one class scaled so that their sum becomes the sum of another class's, as simulation is matched
 * to data. Weights stay as they are when the scaled class has none.
 */
export function matchedWeights(
  weights: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: { readonly scale: number; readonly to: number },
): Float64Array {
  const sums = new Map<number, number>();
  for (let row = 0; row < labels.length; row++) {
    sums.set(labels[row], (sums.get(labels[row]) ?? 0) + weights[row]);
  }
  const own = sums.get(classes.scale) ?? 0;
  const factor = own === 0 ? 1 : (sums.get(classes.to) ?? 0) / own;
  return Float64Array.from(weights, (weight, row) =>
    labels[row] === classes.scale ? weight * factor : weight,
  );
}
