import type { ReportSection } from '@hep/figures';
import type { TrackInputs } from '@hep/track-dnn';

/** What the network reads. */
export function inputsSection({ features, ranges }: TrackInputs): ReportSection {
  const { minimum, maximum } = ranges;
  return {
    heading: 'Inputs',
    text:
      'Variables of a track in the order in which the network takes them, raw; transforms and cuts are part of the ' +
      'network. One that never varied in training is read as -1.',
    tables: [
      {
        columns: ['', 'variable', 'abs', 'log1p', 'least', 'largest'],
        rows: features.map(({ name, abs, log1p }, i) => [
          i,
          name,
          abs ? 'yes' : '',
          log1p ? 'yes' : '',
          minimum[i],
          maximum[i],
        ]),
      },
    ],
  };
}
