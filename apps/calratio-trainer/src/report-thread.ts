/** Reports are made in a thread of their own: half a million test jets take seconds, in which Ctrl-C must be heard. */
import { connect, startWorker } from '@hep/workers';
import type { CalRatioReportInput } from './report/calratio-report.ts';
import type { RunResults } from './report/run-results.ts';

/** A report to make, and what it tells. */
export type ReportRequest =
  | { readonly kind: 'training'; readonly input: CalRatioReportInput }
  | { readonly kind: 'analysis' | 'comparison'; readonly runs: readonly RunResults[] };

/** The thread of a report. */
export interface ReportService {
  /** Self-contained HTML. */
  report(request: ReportRequest): string;
}

/** Makes a report while this thread goes on. */
export async function makeReport(request: ReportRequest): Promise<string> {
  const thread = connect<ReportService>(await startWorker(new URL('./report-worker.ts', import.meta.url)));
  try {
    return await thread.call('report', request);
  } finally {
    await thread.close();
  }
}
