/** Report of training files: what is in them, column by column. */
import { renderReport } from '@hep/figures';
import type { ReportSection } from '@hep/figures';
import { plottedColumns } from './common-plots.ts';
import type { CommonPlot, PlottedColumn } from './common-plots.ts';
import { byFile, groupFigures, labelsOf, massesOf } from './groups.ts';
import type { JetGroup } from './groups.ts';
import { isFlat } from './jet-file.ts';
import type { JetFile } from './jet-file.ts';

/** Names of labels in one kind of file, by label. */
export type LabelNames = Readonly<Record<string, string>>;

/** What the report shows. */
export interface PlotChoices {
  readonly commonPlots: readonly CommonPlot[];
  readonly labels: Readonly<Record<JetFile['kind'], LabelNames>>;
  /** A figure of each column that any file has, too. */
  readonly plotEveryColumn: boolean;
}

/** Columns that are in memory at once when every one is drawn. */
const COLUMNS_AT_ONCE = 64;

/** Self-contained HTML report of some files. */
export async function plotReport(files: readonly JetFile[], choices: PlotChoices): Promise<string> {
  const columns = await plottedColumns(choices.commonPlots, files);
  const sections: ReportSection[] = [
    basics(files, choices),
    {
      heading: 'By file',
      text: 'All jets of each file. Densities weighted by mcEventWeight, each with an integral of 1.',
      figures: groupFigures(columns, byFile(files)),
    },
    ...comparisons(files, columns, choices),
    ...files.flatMap((file) => fileSections(file, columns, choices)),
    columnInformation(files),
    ...(choices.plotEveryColumn ? [await everyColumn(files)] : []),
  ];
  return renderReport({ title: 'Training files', facts: factsOf(files), sections });
}

function factsOf(files: readonly JetFile[]): (readonly [string, number])[] {
  const jets = (kind: JetFile['kind']) =>
    files.filter((file) => file.kind === kind).reduce((total, { label }) => total + label.length, 0);
  return [
    ['Files', files.length],
    ['Jets, main samples', jets('main')],
    ['Jets, control regions', jets('control')],
  ];
}

/** `Signal MC (1)`; the label alone where it has no name. */
function labelName({ kind }: JetFile, label: number, { labels }: PlotChoices): string {
  const name = labels[kind][String(label)];
  return name === undefined ? `label ${label}` : `${name} (${label})`;
}

function basics(files: readonly JetFile[], choices: PlotChoices): ReportSection {
  return {
    heading: 'Files',
    tables: [
      {
        columns: ['name', 'file', 'sample', 'jets', 'columns'],
        rows: files.map(({ name, kind, label, file }) => [
          name,
          file.path,
          kind === 'main' ? 'main' : 'control region',
          label.length,
          file.types.size,
        ]),
      },
      {
        caption: 'Jets by label.',
        columns: ['name', 'label', 'jets', 'part of the file', 'sum of weights'],
        rows: files.flatMap((file) =>
          labelsOf(file).map((label) => {
            const jets = file.label.filter((other) => other === label).length;
            return [
              file.name,
              labelName(file, label, choices),
              jets,
              percent(jets / file.label.length),
              file.weight.reduce((sum, weight, jet) => sum + (file.label[jet] === label ? weight : 0), 0),
            ];
          }),
        ),
      },
    ],
  };
}

/** Files of one kind beside each other, jets of one label or mass at a time. */
function comparisons(
  files: readonly JetFile[],
  columns: readonly PlottedColumn[],
  choices: PlotChoices,
): ReportSection[] {
  return (['main', 'control'] as const).flatMap((kind) => {
    const own = files.filter((file) => file.kind === kind);
    if (own.length < 2) return [];
    const title = kind === 'main' ? 'Main samples' : 'Control regions';
    return [
      ...shared(own, labelsOf).map((label) => ({
        heading: `${title}: ${labelName(own[0], label, choices)}`,
        figures: groupFigures(
          columns,
          own.map((file) => ofLabel(file, label, file.name)),
        ),
      })),
      ...shared(own, massesOf).map((mass) => ({
        heading: `${title}: mH, mS ${mass} GeV`,
        figures: groupFigures(
          columns,
          own.map((file) => ofMass(file, mass, file.name)),
        ),
      })),
    ];
  });
}

/** What all files have. */
function shared<T>(files: readonly JetFile[], of: (file: JetFile) => T[]): T[] {
  return of(files[0]).filter((value) => files.every((file) => of(file).includes(value)));
}

function fileSections(
  file: JetFile,
  columns: readonly PlottedColumn[],
  choices: PlotChoices,
): ReportSection[] {
  const masses = massesOf(file);
  const labels = labelsOf(file);
  return [
    {
      heading: `${file.name}: by label`,
      figures: groupFigures(
        columns,
        labels.map((label) => ofLabel(file, label, labelName(file, label, choices))),
      ),
    },
    ...(masses.length === 0
      ? []
      : [
          {
            heading: `${file.name}: signal by mass`,
            tables: [massTable(file, masses)],
            figures: groupFigures(
              columns,
              masses.map((mass) => ofMass(file, mass, `mH, mS ${mass}`)),
            ),
          },
        ]),
  ];
}

function massTable(file: JetFile, masses: readonly string[]) {
  return {
    caption: 'Signal by masses of the heavy scalar and the long-lived one.',
    columns: ['mH, mS [GeV]', 'jets', 'part of the file'],
    rows: masses.map((mass) => {
      const jets = file.masses.filter((other, jet) => other === mass && file.label[jet] === 1).length;
      return [mass, jets, percent(jets / file.label.length)];
    }),
  };
}

function ofLabel(file: JetFile, label: number, name: string): JetGroup {
  return { name, file, isMember: (jet) => file.label[jet] === label };
}

function ofMass(file: JetFile, mass: string, name: string): JetGroup {
  return { name, file, isMember: (jet) => file.label[jet] === 1 && file.masses[jet] === mass };
}

function columnsOf(files: readonly JetFile[]): string[] {
  return [...new Set(files.flatMap(({ file }) => [...file.types.keys()]))];
}

function columnInformation(files: readonly JetFile[]): ReportSection {
  return {
    heading: 'Column information',
    tables: [
      {
        columns: ['column', ...files.map(({ name }) => name)],
        rows: columnsOf(files).map((column) => [
          column,
          ...files.map(({ file }) => file.types.get(column) ?? ''),
        ]),
      },
    ],
  };
}

async function everyColumn(files: readonly JetFile[]): Promise<ReportSection> {
  const names = columnsOf(files).filter((name) => files.some(({ file }) => isFlat(file.types.get(name))));
  const figures = [];
  for (let first = 0; first < names.length; first += COLUMNS_AT_ONCE) {
    const columns = await plottedColumns(names.slice(first, first + COLUMNS_AT_ONCE), files);
    figures.push(...groupFigures(columns, byFile(files)));
  }
  return { heading: 'Every column', figures };
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
