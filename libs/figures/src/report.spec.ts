import { plainText } from './figure.ts';
import { histogram, lossCurves, renderReport, waferFigure, type Report } from './index.ts';

const hostile = '</script><script>alert("x")</script><img src=http://evil/ onerror=alert(1)> & \'quoted\'';
const figure = lossCurves({ training: [2, 1], lossName: hostile });
const report: Report = {
  title: hostile,
  subtitle: hostile,
  facts: [[hostile, hostile]],
  sections: [
    {
      heading: hostile,
      text: `${hostile}\n\nsecond`,
      figures: [
        { figure, caption: hostile },
        { figure: waferFigure({ input: new Float32Array(48).fill(1), label: hostile }), wide: true },
        {
          figure: histogram({
            edges: [0, 1],
            series: [{ name: hostile, counts: [1] }],
            xTitle: 'EMD [cells]',
          }),
        },
      ],
      tables: [
        {
          caption: hostile,
          columns: [hostile, 'EMD', 'MSE'],
          rows: [
            [hostile, 1.23456, '7.290e-4'],
            ['stc', NaN, '-'],
            [{ best: hostile }, { best: 0.5 }, '1.530e-7'],
          ],
        },
      ],
    },
  ],
};
const html = renderReport(report);

/** The document without the contents of its script and style elements. */
const markup = html.replace(/(<(script|style)[^>]*>)[^]*?(?=<\/\2>)/g, '$1');
const scripts = [...html.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)].map(([, attributes, body]) => ({
  attributes,
  body,
}));

/** Names of the elements that are still open at the end; throws at a wrong closing tag. */
function openElements(text: string): string[] {
  const open: string[] = [];
  const empty = new Set(['meta', 'link', 'img', 'br']);
  for (const [, closing, name] of text.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:\s[^>]*)?>/g)) {
    if (closing === '') {
      if (!empty.has(name!)) open.push(name!);
    } else if (open.pop() !== name) throw new Error(`</${name}> does not close the last element`);
  }
  return open;
}

describe('renderReport', () => {
  it('is well formed', () => {
    expect(html.startsWith('<!doctype html>')).toBe(true);
    expect(openElements(markup)).toEqual([]);
  });

  it('shows hostile texts as text', () => {
    expect(scripts).toHaveLength(3);
    expect(markup).not.toMatch(/<img|onerror=alert\(1\)>(?!.*&gt;)/);
    expect(
      markup.match(/&lt;img src=http:\/\/evil\/ onerror=alert\(1\)&gt;/g)!.length,
    ).toBeGreaterThanOrEqual(9);
  });

  it('lowers the T of the unit MIP_T in prose and in names of rows, nowhere else', () => {
    const [text, table] = ['above 1 MIP_T', { columns: ['name', 'file'], rows: [['1 MIP_T', 'MIP_T.csv']] }];
    const sections = [{ heading: text, text, figures: [{ figure, caption: text }], tables: [table] }];
    const page = renderReport({ title: 'units', sections });
    expect(page.match(/<(h2|p|b|td)>[^\n]*?1 MIP<sub>T<\/sub>/g)).toHaveLength(4);
    expect(page).toContain('<td>MIP_T.csv</td>');
    expect(plainText('<b> 2 MIP_T, x_MIP_T')).toBe('&lt;b&gt; 2 MIP<sub>T</sub>, x_MIP_T');
  });

  it('fetches nothing', () => {
    const references = [...markup.matchAll(/\s(?:src|href|action|data|poster|srcset)="([^"]*)"/g)].map(
      ([, url]) => url,
    );
    expect(references.every((url) => url!.startsWith('#') || url!.startsWith('data:'))).toBe(true);
    expect(html).not.toMatch(/@import|url\(http/);
    expect(markup).toContain("default-src 'none'");
    expect(scripts.every(({ attributes }) => !attributes!.includes('src'))).toBe(true);
  });

  it('carries the figures unchanged', () => {
    const { figures } = JSON.parse(scripts[0]!.body!) as { figures: unknown[] };
    expect(figures).toEqual(
      report.sections[0]!.figures!.map((entry) => JSON.parse(JSON.stringify(entry.figure))),
    );
    expect(markup.match(/data-figure="\d"/g)).toHaveLength(3);
  });

  it('disables Plotly markup in texts of the user', () => {
    expect(figure.layout.yaxis?.title?.text).not.toContain('<');
  });

  it('aligns numbers right and shows missing ones as a dash', () => {
    expect(markup).toContain('<td class="number">1.235</td>');
    expect(markup).toContain('<td class="number">–</td><td class="number">-</td>');
    expect(markup).toContain('<td class="number">7.290e-4</td>');
  });

  it('lets the best of a table stand out', () => {
    expect(markup).toContain('<td class="number"><b>0.500</b></td>');
  });

  it('states its size', () => {
    expect(markup).toMatch(/Self-contained report, [45]\.\d MB/);
  });

  it('embeds scripts that parse', () => {
    expect(() => new Function(scripts[2]!.body!)).not.toThrow();
  });
});
