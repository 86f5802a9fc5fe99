/** A training that takes a second: few jets, a small network. */
export const SMALL = [
  ...['--toy-rows', '600', '--toy-control-rows', '800', '--batch-size', '128', '--lr-values', '0.01'],
  ...['--filters-cnn-constit', '8,4', '--filters-cnn-track', '8,4', '--filters-cnn-MSeg', '4'],
  ...['--nodes-constit-lstm', '0', '--nodes-track-lstm', '3', '--nodes-MSeg-lstm', '0'],
  ...['--hidden-layer-fraction', '0.0625', '--replicas', '1', '--threads', '1'],
  ...['--discriminator-steps', '2'],
] as const;
