import { benchmarks } from './benchmarks.ts';
import { runBenchmarks } from './command-line.ts';

// A program of their own, so that memory is that of the reader, without the engines of the other cases.
await runBenchmarks('root', benchmarks.root, './root-job-main.js');
