export * from './jet-columns.ts';
export { toyJetsCsv } from './toy/toy-csv.ts';
export { generateToyJets } from './toy/toy-jets.ts';
export type { ToyJetsRequest } from './toy/toy-jets.ts';
