/**
 * Draws each figure when it comes near the reader's eyes, since a report may have hundreds, in the reader's light or
 * dark colours and again when that setting changes; all of them, in light, for printing.
 */
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
  const elements = [...document.querySelectorAll('.plot')];
  const drawn = new Set();
  const draw = (element, theme) => {
    drawn.add(element);
    const { data, layout } = figures[Number(element.dataset.figure)];
    Plotly.react(element, data, { ...layout, autosize: true, template: templates[theme] }, config);
  };
  const themeOfReader = () => (dark.matches ? 'dark' : 'light');
  const redraw = () => drawn.forEach((element) => draw(element, themeOfReader()));
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        draw(target, themeOfReader());
      }
    },
    { rootMargin: '1000px' },
  );
  elements.forEach((element) => observer.observe(element));
  dark.addEventListener('change', redraw);
  addEventListener('beforeprint', () => elements.forEach((element) => draw(element, 'light')));
  addEventListener('afterprint', redraw);
})();
`;
