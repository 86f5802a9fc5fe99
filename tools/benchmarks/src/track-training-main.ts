import { benchmarks } from './benchmarks.ts';
import { runBenchmarks } from './command-line.ts';

await runBenchmarks('track-training', benchmarks['track-training']);
