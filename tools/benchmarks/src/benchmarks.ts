import { adversarialCase } from './adversarial-case.ts';
import { autoencoderCase, quantisedAutoencoderCase } from './autoencoder-case.ts';
import type { Benchmark } from './benchmark.ts';
import { calRatioCase } from './calratio-case.ts';
import { convertCases } from './convert-cases.ts';
import { csvChargesCase, csvDecimalsCase } from './csv-cases.ts';
import { encoderCase, integerEncoderCase } from './encoder-cases.ts';
import { econtCases } from './econt-cases.ts';
import { emdCase, emdPairsCase } from './emd-case.ts';
import { emdLossCase } from './emd-loss-case.ts';
import { emdNetworkCase } from './emd-network-case.ts';
import { rootCases } from './root-cases.ts';
import { parquetCases, pickleCases } from './table-cases.ts';
import { trackAloneCase, trackCase, trackPipelineCase, trackReplicasCase } from './track-case.ts';
import { tracksCases } from './tracks-cases.ts';
import { windowsCases } from './windows-cases.ts';

/** Cases by command. */
export const benchmarks = {
  train: [
    autoencoderCase,
    quantisedAutoencoderCase,
    emdLossCase,
    emdNetworkCase,
    trackCase,
    calRatioCase,
    adversarialCase,
  ],
  encode: [integerEncoderCase, encoderCase],
  emd: [emdCase, emdPairsCase],
  econt: econtCases,
  convert: convertCases,
  root: rootCases,
  pickle: pickleCases,
  parquet: parquetCases,
  tracks: tracksCases,
  'track-training': [trackPipelineCase, trackReplicasCase, trackAloneCase],
  'track-windows': windowsCases,
  csv: [csvChargesCase, csvDecimalsCase],
} as const satisfies Readonly<Record<string, readonly Benchmark[]>>;
