import { benchmarks } from './benchmarks.ts';
import { runBenchmarks } from './command-line.ts';

// A program of their own, so that memory is that of the preparation, without the engines of the other cases.
await runBenchmarks('tracks', benchmarks.tracks, './tracks-job-main.js');
