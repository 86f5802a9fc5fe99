import { benchmarks } from './benchmarks.ts';
import { runBenchmarks } from './command-line.ts';

await runBenchmarks('track-windows', benchmarks['track-windows']);
