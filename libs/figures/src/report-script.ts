/** Draws the figures in the reader's light or dark colours, again when that setting changes, in light for printing. */
export const reportScript = `
(() => {
  const { figures, templates } = JSON.parse(document.getElementById('report-data').textContent);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const config = {
    responsive: true,
    displaylogo: false,
    modeBarButtonsToRemove: ['sendChartToCloud', 'lasso2d', 'select2d', 'autoScale2d'],
    plotlyServerURL: '',
    toImageButtonOptions: { format: 'svg' },
  };
  const draw = (theme) => {
    for (const element of document.querySelectorAll('.plot')) {
      const { data, layout } = figures[Number(element.dataset.figure)];
      Plotly.react(element, data, { ...layout, autosize: true, template: templates[theme] }, config);
    }
  };
  const drawForReader = () => draw(dark.matches ? 'dark' : 'light');
  drawForReader();
  dark.addEventListener('change', drawForReader);
  addEventListener('beforeprint', () => draw('light'));
  addEventListener('afterprint', drawForReader);
})();
`;
