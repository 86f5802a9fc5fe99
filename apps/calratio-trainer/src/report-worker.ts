/** Makes a report in a thread of its own. */
import { serve } from '@hep/workers';
import type { ReportRequest, ReportService } from './report-thread.ts';
import { calratioReport } from './report/calratio-report.ts';
import { analysisReport, comparisonReport } from './report/runs-report.ts';

serve<ReportService>({ report });

function report(request: ReportRequest): string {
  switch (request.kind) {
    case 'training':
      return calratioReport(request.input);
    case 'analysis':
      return analysisReport(request.runs);
    case 'comparison':
      return comparisonReport(request.runs);
  }
}
