import { listCsvFiles, occupancy } from '@hep/datasets';
import { triggerCellDistances, TRIGGER_CELLS } from '@hep/hgcal-geometry';
import { EmdPool } from '@hep/optimal-transport';
import { atomicWrite } from '@hep/files';
import { command, UserError } from '@hep/options';
import type { CliOutput } from '@hep/options';
import { describeInputs } from '@hep/training';
import { stoppable } from '@hep/training-command';
import { join } from 'node:path';
import type { Candidate } from '../benchmark/candidate.ts';
import { fixedCandidates, linkedCandidates } from '../benchmark/conventional.ts';
import {
  candidateOf,
  networkOfRun,
  networkOfWeights,
  plannedTrainings,
  trainPlanned,
} from '../benchmark/networks.ts';
import type { NamedNetwork } from '../benchmark/networks.ts';
import { asTrainOptions, benchmarkOptions } from '../benchmark/options.ts';
import type { BenchmarkOptions } from '../benchmark/options.ts';
import { benchmarkReport } from '../benchmark/report.ts';
import { scoresOf } from '../benchmark/scores.ts';
import { writeTable } from '../benchmark/table.ts';
import type { BenchmarkRow } from '../benchmark/table.ts';
import { dataSeedOf, loadSamples, requireBatch } from '../samples.ts';
import type { Samples } from '../samples.ts';

/** Compares the chip's algorithms and autoencoders. */
export const benchmarkCommand = command({
  options: benchmarkOptions,
  run: benchmark,
});

async function benchmark(options: BenchmarkOptions, output: CliOutput): Promise<number> {
  requireDistinct(options.elinks);
  const { out } = output;
  const base = asTrainOptions(options);
  const plans = plannedTrainings(options);
  const given = await givenNetworks(options, out);
  const files = options.input.length === 0 ? [] : (await listCsvFiles(options.input)).map(({ path }) => path);
  const data = await describeInputs(files);
  const samples = await loadSamples(base, [], out);
  requireBatch(base, samples);
  const { rows: trainingModules } = samples.train.wafers;
  const { rows: modules } = samples.validation.wafers;
  out(
    `${trainingModules} training and ${modules} validation modules${samples.isSynthetic ? ', synthetic' : ''}`,
  );
  const train = async (signal: AbortSignal) => {
    for (const plan of plans) {
      out(`${plan.label}${plan.options.models[0].endsWith('_qK') ? `, ${plan.options.nElinks} eLinks` : ''}`);
      const end = await trainPlanned(plan, { samples, data, signal, output });
      if (end === 'interrupted') return end;
    }
    return 'finished';
  };
  const code = await stoppable(output, train, 'the same command goes on');
  if (code !== 0) return code;
  const trained = await Promise.all(plans.map(({ run, label }) => networkOfRun(run, label, out)));
  const rows = await measure(options.elinks, [...trained, ...given], samples);
  const facts = { isSynthetic: samples.isSynthetic, seed: dataSeedOf(base), modules, trainingModules };
  await writeTable(options.output, rows, facts);
  const report = join(options.output, 'report.html');
  const shown = benchmarkOptions.rows(options);
  await atomicWrite(report, benchmarkReport({ ...facts, rows, options: shown }));
  await atomicWrite(
    join(options.output, 'config.yaml'),
    benchmarkOptions.toYaml({ ...options, force: false }),
  );
  rows.forEach((row) => out(lineOf(row)));
  out(`table in ${join(options.output, 'benchmark.csv')}, report in ${report}`);
  return 0;
}

function requireDistinct(elinks: readonly number[]): void {
  const twice = elinks.find((value, index) => elinks.indexOf(value) < index);
  if (twice !== undefined) throw new UserError(`option --elinks: ${twice} is given twice, expected it once`);
}

/** Networks of earlier runs and published weights. */
async function givenNetworks(
  options: BenchmarkOptions,
  notice: (text: string) => void,
): Promise<NamedNetwork[]> {
  const { runs, weights } = options;
  return Promise.all([
    ...runs.map((run) => networkOfRun(run, run, notice)),
    ...weights.map((text) => networkOfWeights(text, asTrainOptions(options))),
  ]);
}

/** Scores of all candidates, one after the other. */
async function measure(
  elinks: readonly number[],
  networks: readonly NamedNetwork[],
  samples: Samples,
): Promise<BenchmarkRow[]> {
  const { charges } = samples.validation.wafers;
  const modules = { charges, occupancy: occupancy(charges) };
  const pool = await EmdPool.start(triggerCellDistances(), TRIGGER_CELLS);
  const rows: BenchmarkRow[] = [];
  try {
    for await (const { charges: decoded, ...candidate } of candidates(elinks, networks, samples)) {
      rows.push({ ...candidate, scores: await scoresOf(decoded, modules, pool) });
    }
  } finally {
    await pool.close();
  }
  return rows;
}

async function* candidates(
  elinks: readonly number[],
  networks: readonly NamedNetwork[],
  samples: Samples,
): AsyncGenerator<Candidate> {
  yield* fixedCandidates(samples.validation, samples.train);
  for (const eLinks of elinks) yield* linkedCandidates(samples.validation, eLinks);
  for (const network of networks) yield candidateOf(network, samples);
}

function lineOf({ name, kind, eLinks, bitsPerModule, scores: { emd } }: BenchmarkRow): string {
  const links = eLinks === null ? '' : `${eLinks} eLinks, `;
  const bits = Number.isFinite(bitsPerModule) ? `${Math.round(bitsPerModule)} bits, ` : '';
  return `${name} (${kind}): ${links}${bits}EMD ${emd.mean.toFixed(3)} ± ${emd.std.toFixed(3)}`;
}
