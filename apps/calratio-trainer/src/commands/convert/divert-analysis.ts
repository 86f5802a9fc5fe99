import { convertFile, planConversions } from '@hep/calratio-jets';
import type { Conversion, ConversionOutcome } from '@hep/calratio-jets';
import { writeColumns } from '@hep/datasets/columns';
import type { CliOutput } from '@hep/options';
import { command } from '@hep/options';
import { inputsOf, options } from './divert-analysis-options.ts';

/** Converts DiVertAnalysis ntuples to tables of jets. */
export const divertAnalysisCommand = command({
  options,
  positionals: ['files'],
  run: async (chosen, output) => {
    const { outputPath: folder, format } = chosen;
    const conversions = await planConversions(inputsOf(chosen), { folder, extension: `.${format}` });
    let failures = 0;
    for (const conversion of conversions) {
      const outcome = await convertFile(conversion, writeColumns);
      if (outcome.kind === 'failed') failures++;
      report(conversion, outcome, output);
    }
    if (failures === 0) return 0;
    output.err(`${failures} of ${conversions.length} files were not converted`);
    return 2;
  },
});

function report(
  { input, output }: Conversion,
  outcome: ConversionOutcome,
  { out, err }: Pick<CliOutput, 'out' | 'err'>,
): void {
  switch (outcome.kind) {
    case 'written':
      return out(`${outcome.rows} jets of ${outcome.events} events in ${output}`);
    case 'exists':
      return out(`${output} exists. Skipped.`);
    case 'locked':
      return err(`warning: ${output} is being written by another process. Skipped.`);
    case 'no events':
      return err(`warning: ${input} has 0 events. Skipped.`);
    case 'no rows':
      return err(`warning: ${input} has 0 events after cuts. Skipped.`);
    case 'failed':
      return err(`error: ${outcome.reason}`);
  }
}
