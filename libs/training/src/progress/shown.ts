import type { Progress } from './progress.ts';

/** The same progress with some of the results alone, in their own order; all others stay in the history. */
export function showing(names: readonly string[], progress: Progress): Progress {
  const chosen = (values: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
  return {
    started: (size, finishedEpochs) => progress.started(size, finishedEpochs),
    advanced: (epoch) => progress.advanced({ ...epoch, values: chosen(epoch.values) }),
    epochEnded: (row, best) => progress.epochEnded({ ...row, values: chosen(row.values) }, best),
    notice: (text) => progress.notice(text),
    ended: () => progress.ended(),
  };
}
