import { dirname, join, parse } from 'node:path';
import { DEFAULT_CACHE, localFiles } from '@hep/calratio-jets';
import { TABLE_FORMATS, writeColumns } from '@hep/datasets/columns';
import { atomicWrite, readyOutput } from '@hep/files';
import { command, defineOptions, option } from '@hep/options';
import type { CliOutput } from '@hep/options';
import { z } from 'zod';
import { readSource, sourceOptions } from '../networks/network-source.ts';
import { JetScorer } from '../scoring/jet-scorer.ts';
import { nothingScored, SCORE_TYPES, scoredTables } from '../scoring/score-file.ts';
import { scoreReport } from '../scoring/score-report.ts';
import type { ScoredInput } from '../scoring/score-report.ts';

const mass = z.number().min(0).optional();

/** Options of `score`. */
export const options = defineOptions({
  input: option({
    schema: z.string(),
    describe: 'built files of jets: path, pattern, file:// or https:// address',
  }),
  ...sourceOptions,
  outputPath: option({
    schema: z.string().default('score_report/report.html'),
    describe: 'report; the scores of each file lie beside it',
    alias: 'o',
  }),
  format: option({
    schema: z.enum(TABLE_FORMATS).default('parquet'),
    describe: 'form of the scores',
  }),
  llpMH: option({
    flag: 'llp-mH',
    schema: mass,
    describe: 'mH that a mass-parametrised network is told for every jet',
    unit: 'GeV',
  }),
  llpMS: option({
    flag: 'llp-mS',
    schema: mass,
    describe: 'mS that a mass-parametrised network is told for every jet',
    unit: 'GeV',
  }),
  cache: option({
    schema: z.string().min(1).default(DEFAULT_CACHE),
    describe: 'folder for copies of remote files',
  }),
});

type ScoreOptions = ReturnType<typeof options.parse>;

/** Scores jets with a tagger. */
export const scoreCommand = command({
  options,
  positionals: ['input', 'network'],
  run: async (chosen, { out }) => {
    const { input, outputPath, llpMH, llpMS, cache } = chosen;
    const files = await localFiles([input], { cache, tell: out });
    await readyOutput(outputPath, [...files, chosen.network]);
    const network = await readSource(chosen, out);
    const scorer = await JetScorer.create(network, {
      ...(llpMH === undefined ? {} : { llp_mH: llpMH }),
      ...(llpMS === undefined ? {} : { llp_mS: llpMS }),
    });
    try {
      const scored: ScoredInput[] = [];
      for (const [file, output] of outputsOf(files, chosen))
        scored.push(await score(file, output, scorer, out));
      await atomicWrite(outputPath, scoreReport(network.name, scored));
      out(outputPath);
    } finally {
      await scorer.close();
    }
  },
});

/** `scores-<name>.<format>` beside the report; files of one name get numbers. */
function outputsOf(files: readonly string[], { outputPath, format }: ScoreOptions): [string, string][] {
  const used = new Map<string, number>();
  return files.map((file) => {
    const { name } = parse(file);
    const number = used.get(name) ?? 0;
    used.set(name, number + 1);
    const stem = number === 0 ? `scores-${name}` : `scores-${name}-${number}`;
    return [file, join(dirname(outputPath), `${stem}.${format}`)];
  });
}

async function score(
  input: string,
  output: string,
  scorer: JetScorer,
  out: CliOutput['out'],
): Promise<ScoredInput> {
  const scored = nothingScored();
  await writeColumns(output, scoredTables(input, scorer, scored), SCORE_TYPES);
  const { summary, replaced, isUnscaled } = scored;
  const { isLargest, aboveHalf, above80Percent } = summary.fractions;
  if (replaced > 0) out(`${input}: ${replaced} values that are no finite numbers count as 0`);
  if (isUnscaled && summary.jets > 0) {
    out(`warning: ${input}: every jet has a pT above 2; a converted table that build has not scaled?`);
  }
  out(
    `${output}: ${summary.jets} jets, signal score largest in ${isLargest}, ` +
      `above 0.5 in ${aboveHalf}, above 0.8 in ${above80Percent}`,
  );
  return { input, output, summary };
}
