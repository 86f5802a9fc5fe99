import { eagerRunner, initialise, predict, toParameters } from '@hep/nn';
import { calRatioNetwork, calRatioProgram } from './index.ts';
import { goldenJets } from './testing/golden-calratio.ts';

it('runs the example of the README', async () => {
  const jets = goldenJets('X', 0);

  const network = calRatioNetwork({ dropout: 0.1 });
  const weights = initialise(network.original.parameterSpecs, 1);
  const program = calRatioProgram(network, weights, { adversaryWeight: 5 });
  const { mainLogits } = network;
  const { main_output: logits } = await eagerRunner.run(
    (tensors) => predict(mainLogits, toParameters(mainLogits.parameterSpecs, weights), tensors),
    jets,
  );

  expect(logits.shape).toEqual([16, 3]);
  expect(Object.keys(program.inputs)).toContain('main/constit');
});
