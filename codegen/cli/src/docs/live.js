// Follows the schema: reloads the page when it has changed, and shows its errors on top of the page until they are
// fixed.
const { snapshot } = document.currentScript.dataset;

const STYLE = `
  section {
    position: fixed; inset: auto 0 0; z-index: 2147483647; max-height: 60vh; display: flex; flex-direction: column;
    font: 14px/1.5 system-ui, sans-serif; color: #2a1214; background: #fff6f5; border-top: 3px solid #c62a2f;
    box-shadow: 0 -8px 32px rgb(0 0 0 / .18); color-scheme: light dark;
  }
  h2 { margin: 0; padding: .875rem 1.25rem 0; font-size: 1rem; font-weight: 650; color: #a3151b; }
  p { margin: 0; padding: 0 1.25rem .625rem; opacity: .8; }
  pre {
    margin: 0; padding: 0 1.25rem 1.25rem; overflow: auto; font: 13px/1.55 ui-monospace, 'Cascadia Code', Menlo, monospace;
    tab-size: 4;
  }
  pre:focus-visible { outline: 2px solid #c62a2f; outline-offset: -4px; }
  @media (prefers-color-scheme: dark) {
    section { color: #f6dedd; background: #241416; border-top-color: #e5484d; box-shadow: 0 -8px 32px rgb(0 0 0 / .6); }
    h2 { color: #ff9592; }
  }
  @media print { section { display: none; } }
`;

let host;

/** Shows a report over the page, if there is one. */
function show(report) {
  host?.remove();
  host = undefined;
  if (report === null) return;
  host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  const [style, section, heading, note, text] = ['style', 'section', 'h2', 'p', 'pre'].map((name) => document.createElement(name));
  style.textContent = STYLE;
  section.setAttribute('role', 'alert');
  heading.textContent = 'The schema has errors';
  note.textContent = 'The page stays as it is until they are fixed.';
  text.textContent = report;
  text.tabIndex = 0;
  section.append(heading, note, text);
  root.append(style, section);
  document.body.append(host);
}

// This page's server does not answer the console, so the console starts with the default address of servers and mocks.
const server = document.querySelector('#console input[name=server]');
if (server !== null) server.value = 'http://127.0.0.1:8000';

// The browser reconnects automatically when the command is started again.
new EventSource('/changes').addEventListener('message', ({ data }) => {
  const latest = JSON.parse(data);
  if (latest.snapshot !== snapshot) location.reload();
  else show(latest.report);
});
