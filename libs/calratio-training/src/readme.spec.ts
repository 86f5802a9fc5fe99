import { generateToyJets } from '@hep/calratio-jets';
import { calRatioNetwork } from '@hep/calratio-rnn';
import { initialise } from '@hep/nn';
import {
  ControlPairing,
  controlSample,
  discrimination,
  mainSample,
  predictionsOf,
  predictTestJets,
  splitSamples,
  Tagger,
  trainingDataset,
} from './index.ts';

it('runs the example of the README', async () => {
  const toy = (sample: 'main' | 'control') => generateToyJets({ rows: 400, seed: 1, sample });
  const telling = { massParameters: [], seed: 1 };
  const main = mainSample({ table: toy('main'), source: 'toy' }, telling);
  const control = controlSample({ table: toy('control'), source: 'toy' }, telling);
  const data = splitSamples(main, control, { fraction: 1, seed: 1 });

  const pairing = new ControlPairing({
    mainRows: data.main.split.train.length,
    control: data.control.split.train,
    seed: 1,
  });
  const dataset = trainingDataset(data, pairing.picks);
  expect(dataset.rows).toBe(360);
  expect(Object.keys(dataset.columns)).toContain('control/isData');

  const network = calRatioNetwork({ lstmUnits: { constit: 0, track: 0, MSeg: 0 } });
  const tagger = await Tagger.create(network);
  const weights = initialise(network.original.parameterSpecs, 1);
  const { main: scored } = predictionsOf(await predictTestJets(tagger, weights, data), 'toy');
  const { area } = discrimination(scored, 'both');
  expect(area).toBeGreaterThan(0);
  expect(area).toBeLessThan(1);
  await tagger.close();
});
