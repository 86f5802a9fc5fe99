import { benchmarks } from './benchmarks.ts';
import { runBenchmarks } from './command-line.ts';

await runBenchmarks('convert', benchmarks.convert, './convert-job-main.js');
