import { atomicWrite } from '@hep/files';
import { command, defineOptions, option, UserError } from '@hep/options';
import type { Command } from '@hep/options';
import { z } from 'zod';
import { makeReport } from '../report-thread.ts';
import { readRuns } from '../report/read-run.ts';

/** Judges finished runs. */
export const analyzeCommand = runsCommand({
  name: 'analyze',
  least: 1,
  report: 'analysis',
});

/** Sets finished runs side by side. */
export const compareCommand = runsCommand({
  name: 'compare',
  least: 2,
  report: 'comparison',
});

interface RunsCommand {
  readonly name: string;
  /** Runs that make sense of it. */
  readonly least: number;
  readonly report: 'analysis' | 'comparison';
}

function runsCommand({ name, least, report }: RunsCommand): Command {
  const options = defineOptions({
    runs: option({
      schema: z.array(z.string().min(1)).default([]),
      describe:
        'run directories, as train writes them; name=DIRECTORY calls it so, FOLDER/-1 is the last run in it',
    }),
    outputReport: option({
      schema: z.string().min(1).default(`reports/${name}.html`),
      describe: 'self-contained report',
      alias: 'o',
    }),
  });
  return command({
    options,
    positionals: ['runs'],
    run: async ({ runs, outputReport }, { out }) => {
      if (runs.length < least) {
        throw new UserError(
          `${runs.length} run directories given, expected ${least} or more; give those of finished runs`,
        );
      }
      await atomicWrite(outputReport, await makeReport({ kind: report, runs: await readRuns(runs) }));
      out(`report of ${runs.length} runs in ${outputReport}`);
    },
  });
}
