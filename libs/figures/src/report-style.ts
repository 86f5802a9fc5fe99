/** Style of the report: system fonts, the reader's light or dark setting, light on paper. */
export const reportStyle = `
:root {
  color-scheme: light dark;
  --text: #1f2328; --muted: #59636e; --page: #f6f8fa; --card: #ffffff; --line: #d1d9e0; --accent: #0b5fa5;
}
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --muted: #9198a1; --page: #0d1117; --card: #161b22; --line: #3d444d; --accent: #6cb6ff; }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 3.5rem; }
body {
  margin: 0; color: var(--text); background: var(--page);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
nav {
  position: sticky; top: 0; z-index: 10; display: flex; gap: 1.25rem; align-items: baseline; overflow-x: auto;
  padding: 0.55rem 1.5rem; background: var(--card); border-bottom: 1px solid var(--line);
  font-size: 0.875rem; white-space: nowrap;
}
nav a { color: var(--muted); text-decoration: none; }
nav a:hover, nav a:focus-visible { color: var(--accent); text-decoration: underline; }
nav .title { color: var(--text); font-weight: 600; max-width: 22rem; overflow: hidden; text-overflow: ellipsis; }
main { max-width: 1180px; margin: 0 auto; padding: 1.5rem; }
h1 { margin: 0.5rem 0 0; font-size: 1.9rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 0.5rem; font-size: 1.35rem; overflow-wrap: anywhere; }
p { max-width: 46rem; }
.subtitle { margin: 0.25rem 0 0; color: var(--muted); font-size: 1.05rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 0.75rem; margin: 1.25rem 0 0; }
dl div { padding: 0.6rem 0.85rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
dt { color: var(--muted); font-size: 0.8125rem; }
dd { margin: 0; font-size: 1.125rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; margin-top: 1rem; }
@media (max-width: 860px) { .figures { grid-template-columns: minmax(0, 1fr); } }
figure { margin: 0; padding: 0.75rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
figure.wide { grid-column: 1 / -1; }
figcaption { padding: 0.25rem 0.25rem 0; color: var(--muted); font-size: 0.9rem; overflow-wrap: anywhere; }
.table { margin: 1rem 0; overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
table { width: 100%; border-collapse: collapse; font-size: 0.95rem; }
caption { padding: 0.6rem 0.85rem 0; color: var(--muted); text-align: left; font-size: 0.9rem; }
th, td { padding: 0.45rem 0.85rem; text-align: left; border-bottom: 1px solid var(--line); }
td:first-child { white-space: nowrap; }
tbody tr:last-child td { border-bottom: 0; }
th { font-size: 0.85rem; color: var(--muted); font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
footer { margin: 3rem 0 1rem; color: var(--muted); font-size: 0.85rem; }
@media print {
  :root { color-scheme: light; --text: #000; --muted: #444; --page: #fff; --card: #fff; --line: #bbb; }
  nav { display: none; }
  main { max-width: none; padding: 0; }
  h2 { break-after: avoid; }
  figure, .table { break-inside: avoid; }
}
`;
