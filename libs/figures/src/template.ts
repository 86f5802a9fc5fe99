interface Theme {
  readonly text: string;
  readonly paper: string;
  readonly grid: string;
  readonly axis: string;
}

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** Plotly template: fonts readable from the back of a room, a frame with inward ticks, faint grid. */
function template({ text, paper, grid, axis }: Theme) {
  const axisStyle = {
    title: { font: { size: 17 }, standoff: 10 },
    tickfont: { size: 14 },
    gridcolor: grid,
    linecolor: axis,
    tickcolor: axis,
    showline: true,
    mirror: 'ticks',
    ticks: 'inside',
    ticklen: 6,
    zeroline: false,
    automargin: true,
    exponentformat: 'power',
  };
  return {
    layout: {
      font: { family: FONT, size: 15, color: text },
      // What has no colour of its own stands in that of the text.
      colorway: [text],
      paper_bgcolor: paper,
      plot_bgcolor: paper,
      margin: { l: 70, r: 20, t: 36, b: 60 },
      xaxis: axisStyle,
      yaxis: axisStyle,
      annotationdefaults: { font: { size: 15 } },
      legend: {
        x: 0.98,
        y: 0.98,
        xanchor: 'right',
        yanchor: 'top',
        bgcolor: 'rgba(0,0,0,0)',
        font: { size: 14 },
      },
      hoverlabel: { font: { family: FONT, size: 14 } },
    },
    data: {
      scatter: [{ marker: { colorbar: { outlinewidth: 0, tickfont: { size: 13 } } } }],
    },
  };
}

/** Colours on light paper, also for print. */
export const lightTemplate = template({
  text: '#1f2328',
  paper: '#ffffff',
  grid: '#e6e9ed',
  axis: '#59636e',
});

/** Colours on dark paper. */
export const darkTemplate = template({ text: '#e6edf3', paper: '#161b22', grid: '#2a313a', axis: '#9198a1' });
