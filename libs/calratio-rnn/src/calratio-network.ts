import { chain, concatenate, connect, input, modelOf, network } from '@hep/nn';
import type { NetworkModel, NetworkNode } from '@hep/nn';
import { adversaryOutput, calRatioLayers, mainOutput } from './calratio-layers.ts';
import type { CalRatioLayers } from './calratio-layers.ts';
import { checkCalRatioConfig, defaultCalRatioConfig } from './config.ts';
import type { CalRatioConfig } from './config.ts';
import { inputShapes, JET_INPUTS, OBJECTS } from './jet-inputs.ts';
import type { JetInput } from './jet-inputs.ts';
import { JET_CLASSES } from './labels.ts';

/**
 * One set of parameters seen as several models. Files name the inputs `<input>_input_cr` for the main sample and
 * `<input>_input_adv` for the control region.
 */
export interface CalRatioNetwork {
  /** Main sample -> `main_output` [B, 3]: probabilities of QCD, signal, BIB. What is used for physics. */
  readonly classifier: NetworkModel;
  /** Control region -> `adversary_out` [B, 1]: probability that a jet is data. */
  readonly discriminator: NetworkModel;
  /** Main sample and control region -> `main_output` of the first, `adversary_out` of the second. */
  readonly original: NetworkModel;
  /** For training. Inputs `constit`, `track`, `MSeg`, `jet` -> `main_output` [B, 3] as logits. */
  readonly mainLogits: NetworkModel;
  /** For training. Input `probabilities` [B, 3] -> `adversary_out` [B, 1] as logit. */
  readonly adversaryLogit: NetworkModel;
}

/**
 * Jet tagger and its adversary: clusters, tracks and muon segments each through pointwise convolutions and an LSTM,
 * joined with the jet's own numbers and followed by dense layers. The adversary reads only the class probabilities.
 * @param config what differs from `defaultCalRatioConfig`
 * @throws UserError when the options make no network
 */
export function calRatioNetwork(config: Partial<CalRatioConfig> = {}): CalRatioNetwork {
  const full = { ...defaultCalRatioConfig, ...config };
  checkCalRatioConfig(full);
  const layers = calRatioLayers(full);
  const shapes = inputShapes(full.massParameters);
  return {
    classifier: classifierOf(layers, shapes),
    discriminator: discriminatorOf(layers, shapes),
    original: originalOf(layers, shapes),
    mainLogits: mainLogitsOf(layers, shapes),
    adversaryLogit: adversaryLogitOf(layers),
  };
}

type JetNodes = Readonly<Record<JetInput, NetworkNode>>;
type Shapes = Readonly<Record<JetInput, readonly number[]>>;

function jetNodes(suffix: string, shapes: Shapes): JetNodes {
  const nodes = JET_INPUTS.map((name) => [name, input(`${name}${suffix}`, shapes[name])]);
  return Object.fromEntries(nodes) as JetNodes;
}

const listed = (nodes: JetNodes) => JET_INPUTS.map((name) => nodes[name]);

/** The vector that enters the output layer. */
function features({ branches, head }: CalRatioLayers, nodes: JetNodes, joint: string): NetworkNode {
  const summaries = OBJECTS.map((object) => chain(nodes[object], branches[object]));
  return chain(connect(concatenate({ name: joint }), ...summaries, nodes.jet), head);
}

function classifierOf(layers: CalRatioLayers, shapes: Shapes): NetworkModel {
  const nodes = jetNodes('_input_cr', shapes);
  const output = connect(mainOutput('softmax'), features(layers, nodes, 'concatenate'));
  return modelOf(network('final_model', listed(nodes), [output]));
}

function discriminatorOf(layers: CalRatioLayers, shapes: Shapes): NetworkModel {
  const nodes = jetNodes('_input_adv', shapes);
  const main = connect(mainOutput('softmax'), features(layers, nodes, 'concatenate_1'));
  const output = chain(main, [...layers.adversary, adversaryOutput('sigmoid')]);
  return modelOf(network('discriminator_model', listed(nodes), [output]));
}

function originalOf(layers: CalRatioLayers, shapes: Shapes): NetworkModel {
  const [main, control] = [jetNodes('_input_cr', shapes), jetNodes('_input_adv', shapes)];
  const classes = mainOutput('softmax');
  const scores = connect(classes, features(layers, main, 'concatenate'));
  const controlScores = connect(classes, features(layers, control, 'concatenate_1'));
  const judged = chain(controlScores, [...layers.adversary, adversaryOutput('sigmoid')]);
  return modelOf(network('original_model', [...listed(main), ...listed(control)], [scores, judged]));
}

function mainLogitsOf(layers: CalRatioLayers, shapes: Shapes): NetworkModel {
  const nodes = jetNodes('', shapes);
  const output = connect(mainOutput('linear'), features(layers, nodes, 'concatenate'));
  return modelOf(network('main_logits', listed(nodes), [output]));
}

function adversaryLogitOf({ adversary }: CalRatioLayers): NetworkModel {
  const probabilities = input('probabilities', [JET_CLASSES.length]);
  const output = chain(probabilities, [...adversary, adversaryOutput('linear')]);
  return modelOf(network('adversary_logit', [probabilities], [output]));
}
