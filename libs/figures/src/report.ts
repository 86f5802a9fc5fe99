import { embeddedJson, escapeHtml, proseHtml } from './html.ts';
import type { Figure } from './figure.ts';
import { columnTexts, shortText } from './number-text.ts';
import { plotlySource } from './plotly-source.ts';
import { reportScript } from './report-script.ts';
import { reportStyle } from './report-style.ts';
import { darkTemplate, lightTemplate } from './template.ts';

/** A figure in the report. All texts are plain text. */
export interface ReportFigure {
  readonly figure: Figure;
  readonly caption?: string;
  /** Use the whole width instead of half of it. */
  readonly wide?: boolean;
}

/** Content of a table's cell; `best` stands out. */
export type ReportCell = string | number | { readonly best: string | number };

/** A table; cells are shown as given, numbers with four significant digits. */
export interface ReportTable {
  readonly caption?: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ReportCell[])[];
}

/** One headed part of the report, with an entry in the navigation. */
export interface ReportSection {
  readonly heading: string;
  /** Paragraphs, separated by an empty line. */
  readonly text?: string;
  readonly figures?: readonly ReportFigure[];
  readonly tables?: readonly ReportTable[];
}

/** What a report tells. */
export interface Report {
  readonly title: string;
  readonly subtitle?: string;
  /** Short facts under the title, for example `['Parameters', 4977]`. */
  readonly facts?: readonly (readonly [string, string | number])[];
  readonly sections: readonly ReportSection[];
}

/** Forbids every request; scripts and styles are part of the file. */
const CONTENT_POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; form-action 'none'; base-uri 'none'";

/**
 * Renders one self-contained HTML file of about 5 MB, nearly all of it Plotly: it opens without a network, follows
 * the light or dark setting of the reader and prints in light colours. Every text of the report is shown as text,
 * never as markup; in prose the unit MIP_T gets its lowered T.
 */
export function renderReport(report: Report): string {
  const figures: Figure[] = [];
  const sections = report.sections.map((section, index) => renderSection(section, index, figures)).join('\n');
  const data = { figures, templates: { light: lightTemplate, dark: darkTemplate } };
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<title>${escapeHtml(report.title)}</title>
<link rel="icon" href="data:,">
<style>${reportStyle}</style>
</head>
<body>
${renderNavigation(report)}
<main>
${renderHeader(report)}
${sections}
<footer>Self-contained report, ${FILE_SIZE} MB; figures drawn by Plotly.js (MIT licence), included.</footer>
</main>
<script type="application/json" id="report-data">${embeddedJson(data)}</script>
<script>${plotlySource()}</script>
<script>${reportScript}</script>
</body>
</html>
`;
  return html.replace(FILE_SIZE, (Buffer.byteLength(html) / 1e6).toFixed(1));
}

/** Stands for the size until the rest is known. */
const FILE_SIZE = '{{file-size}}';

function renderNavigation({ title, sections }: Report): string {
  const links = sections.map(
    ({ heading }, index) => `<a href="#section-${index}">${escapeHtml(heading)}</a>`,
  );
  return `<nav><a class="title" href="#top">${escapeHtml(title)}</a>${links.join('')}</nav>`;
}

function renderHeader({ title, subtitle, facts = [] }: Report): string {
  const items = facts.map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(cellText(value))}</dd></div>`,
  );
  return `<header id="top"><h1>${escapeHtml(title)}</h1>
${subtitle === undefined ? '' : `<p class="subtitle">${escapeHtml(subtitle)}</p>`}
${items.length === 0 ? '' : `<dl>${items.join('')}</dl>`}</header>`;
}

function renderSection(section: ReportSection, index: number, figures: Figure[]): string {
  const paragraphs = (section.text ?? '').split(/\n\s*\n/).filter((text) => text.trim() !== '');
  return `<section id="section-${index}"><h2>${proseHtml(section.heading)}</h2>
${paragraphs.map((text) => `<p>${proseHtml(text)}</p>`).join('\n')}
${(section.tables ?? []).map(renderTable).join('\n')}
<div class="figures">${(section.figures ?? []).map((figure) => renderFigure(figure, figures)).join('\n')}</div>
</section>`;
}

function renderFigure({ figure, caption, wide = false }: ReportFigure, figures: Figure[]): string {
  const number = figures.push(figure);
  const height = figure.layout.height ?? 420;
  const text = caption === undefined ? '' : ` ${proseHtml(caption)}`;
  return `<figure${wide ? ' class="wide"' : ''}>
<div class="plot" data-figure="${number - 1}" style="height:${height}px"></div>
<figcaption><b>Figure ${number}.</b>${text}</figcaption></figure>`;
}

function renderTable({ caption, columns, rows }: ReportTable): string {
  const texts = columns.map((_, column) => texted(rows.map((row) => contentOf(row[column]))));
  const line = (tag: 'th' | 'td', cells: readonly string[]) =>
    `<tr>${cells.map((cell, column) => `<${tag}${texts[column]!.isNumeric ? ' class="number"' : ''}>${cell}</${tag}>`).join('')}</tr>`;
  const body = rows.map((cells, row) =>
    line(
      'td',
      columns.map((_, column) => {
        // The first column says what a row is, the others may hold values that are to be copied.
        const text = (column === 0 ? proseHtml : escapeHtml)(texts[column]!.cells[row]!);
        return typeof cells[column] === 'object' ? `<b>${text}</b>` : text;
      }),
    ),
  );
  return `<div class="table"><table>
${caption === undefined ? '' : `<caption>${proseHtml(caption)}</caption>`}
<thead>${line('th', columns.map(escapeHtml))}</thead>
<tbody>${body.join('\n')}</tbody></table></div>`;
}

function contentOf(cell: ReportCell | undefined): string | number {
  return typeof cell === 'object' ? cell.best : (cell ?? '');
}

/** Texts of a column; numbers, also written ones, stand at the right, with a dash where one is missing. */
function texted(values: readonly (string | number)[]): {
  readonly isNumeric: boolean;
  readonly cells: readonly string[];
} {
  const isMissing = (value: string | number) => value === '-' || value === '–';
  const isNumeric = (value: string | number) =>
    typeof value === 'number' || /^[-−+]?\d[\d.]*(e[-+]?\d+)?$/.test(value);
  const numbers = columnTexts(values.filter((value) => typeof value === 'number')).values();
  return {
    isNumeric: values.some(isNumeric) && values.every((value) => isNumeric(value) || isMissing(value)),
    cells: values.map((value) => (typeof value === 'number' ? numbers.next().value! : value)),
  };
}

function cellText(value: string | number): string {
  return typeof value === 'string' ? value : shortText(value);
}
