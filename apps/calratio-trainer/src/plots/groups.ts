/** Jets of files by what they are. */
import type { ReportFigure } from '@hep/figures';
import type { PlottedColumn } from './common-plots.ts';
import { densityFigure } from './density.ts';
import type { JetFile } from './jet-file.ts';

/** Some jets of a file under one name. */
export interface JetGroup {
  readonly name: string;
  readonly file: JetFile;
  readonly isMember: (jet: number) => boolean;
}

/** A figure of each column with one density for each group; columns that no group has are left out. */
export function groupFigures(columns: readonly PlottedColumn[], groups: readonly JetGroup[]): ReportFigure[] {
  return columns.flatMap(({ title, values }) => {
    const series = groups
      .filter(({ file }) => values.has(file))
      .map(({ name, file, isMember }) => {
        const jets = Int32Array.from(file.label.keys()).filter(isMember);
        const pick = (numbers: Float64Array) => Float64Array.from(jets, (jet) => numbers[jet]);
        return { name, values: pick(values.get(file)!), weights: pick(file.weight) };
      });
    const drawn = densityFigure(title, series);
    if (drawn === undefined) return [];
    const isAlone = series.length === 1 && groups.length > 1;
    return { ...drawn, caption: isAlone ? `${drawn.caption} Only ${series[0].name} has it.` : drawn.caption };
  });
}

/** Each file whole. */
export function byFile(files: readonly JetFile[]): JetGroup[] {
  return files.map((file) => ({ name: file.name, file, isMember: () => true }));
}

/** The labels of a file, rising. */
export function labelsOf({ label }: JetFile): number[] {
  return [...new Set(label)].sort((a, b) => a - b);
}

/** Masses of the signal of a main sample, lightest first. */
export function massesOf({ label, masses }: JetFile): string[] {
  const signal = masses.filter((_, jet) => label[jet] === 1);
  const numbers = (name: string) => name.split(', ').map(Number);
  return [...new Set(signal)].sort((a, b) => {
    const [[mH, mS], [otherH, otherS]] = [numbers(a), numbers(b)];
    return mH - otherH || mS - otherS;
  });
}
