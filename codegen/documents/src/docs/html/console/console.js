// A console: connects, checks and sends events, and shows all traffic.

/** The timeout of an acknowledgement, in milliseconds. */
const PATIENCE = 10_000;
const TOKEN = 'accord.console.token';

const panel = document.getElementById('console');
const connection = panel.querySelector('.connection');
const state = connection.querySelector('.state');
const composer = panel.querySelector('.composer');
const choice = composer.elements.event;
const send = composer.querySelector('[type=submit]');
const answered = composer.querySelector('.answered');
const payload = composer.querySelector('textarea');
let socket;
/** The client and the checks of the npm package, and the console's own tools, once they are loaded. */
let tools;
let log;
let editor;

const event = () => choice.value;
const example = () => {
  const written = choice.selectedOptions[0].dataset.example;
  return written === undefined ? '' : JSON.stringify(JSON.parse(written), null, 2);
};

/** Gives the payload as much room as it takes. */
function fit() {
  payload.rows = Math.min(Math.max(payload.value.split('\n').length + 1, 6), 24);
}

function token() {
  const text = connection.elements.token.value.trim();
  sessionStorage.setItem(TOKEN, text);
  return text;
}

/** The violations that the server would find, found before sending. */
function check(args) {
  const problems = args === undefined ? [] : (tools?.clientEvents[event()]?.(args[0]) ?? []);
  send.textContent = problems.length === 0 ? 'Send' : 'Send anyway';
  send.disabled = args === undefined || socket?.connected !== true;
  return problems;
}

function choose(name) {
  choice.value = name;
  const reference = composer.querySelector('.about a');
  reference.hash = `emit-${name}`;
  composer.querySelector('.about span').textContent = document.querySelector(`#emit-${name} h3 + p`)?.textContent ?? '';
  answered.replaceChildren();
  payload.value = example();
  fit();
  editor?.check();
}

function tell(text, kind) {
  state.textContent = text;
  state.dataset.kind = kind;
  connection.querySelector('[type=submit]').textContent = socket === undefined ? 'Connect' : 'Disconnect';
  editor?.check();
}

async function connect(server) {
  // If it was pressed again while loading, it has connected already.
  if (!(await load()) || socket !== undefined) return;
  // Asked at each attempt: a new token may have been pasted by then.
  socket = tools.io(server, { auth: (give) => give({ ...(token() !== '' && { token: token() }), protocol: tools.PROTOCOL.version }) });
  socket.on('connect', () => {
    log.add('state', 'connected');
    tell(`Connected to ${server}`, 'good');
  });
  socket.on('connect_error', (error) => {
    log.add('state', 'connect_error', { value: { message: error.message }, note: error.message, isBad: true });
    if (socket.active) return tell(`Cannot reach ${server}; trying again`, 'bad');
    socket = undefined;
    tell(`Refused: ${error.message}. Paste another token, then connect again.`, 'bad');
  });
  socket.on('disconnect', (reason) => {
    log.add('state', 'disconnected', { value: { reason }, note: reason, isBad: reason !== 'io client disconnect' });
    if (socket?.active) return tell('Connection lost; trying again', 'bad');
    socket = undefined;
    tell(reason === 'io server disconnect' ? 'Disconnected by the server: connect again, or paste another token first' : 'Not connected', 'off');
  });
  socket.onAny((name, ...args) => {
    const given = args.filter((argument) => typeof argument !== 'function');
    const isDeclared = document.getElementById(`on-${name}`) !== null && (tools.serverEvents[name]?.(given[0]) ?? true);
    const note = isDeclared ? undefined : 'not as declared';
    log.add('received', name, { value: given[0], note, isBad: !isDeclared, code: tools.receiving(name, given) });
  });
  tell(`Connecting to ${server}`, 'busy');
}

/** Loads the console's modules from the page's own server; resolves to whether they are there. */
function load() {
  const modules = ['docs/console', 'typescript/client', 'typescript/constants', 'typescript/guards'];
  loading ??= Promise.all(modules.map((module) => import(`./schema/${module}.js`))).then(
    (loaded) => {
      tools = Object.assign({}, ...loaded);
      log = new tools.Log(panel.querySelector('.log'));
      editor = new tools.Editor(composer.querySelector('.editor'), check);
      editor.check();
      return true;
    },
    () => {
      loading = undefined;
      tell('The console only works on a page served by the server, by “accord docs”, or by “accord mock”.', 'bad');
      return false;
    },
  );
  return loading;
}
let loading;
panel.addEventListener('focusin', load);

/** Shows the answer to an event. */
function show(name, answer, began) {
  const ms = `${Math.round(performance.now() - began)} ms`;
  const isBad = answer?.ok !== true;
  log.add('answer', name, { value: answer, note: isBad ? `${answer?.error?.code ?? 'not ok'}, ${ms}` : `ok, ${ms}`, isBad });
  answered.replaceChildren(tools.element('p', { className: isBad ? 'bad' : 'good' }, isBad ? answer?.error?.message : `Acknowledged after ${ms}`));
  answered.append(tools.element('pre', { tabIndex: 0, role: 'region', ariaLabel: 'Answer' }, JSON.stringify(answer, null, 2)));
  if (name === event() && answer?.error?.details) editor.show(answer.error.details);
}

connection.elements.server.value = /^http/.test(location.protocol) ? location.origin : 'http://127.0.0.1:8000';
connection.elements.token.value = sessionStorage.getItem(TOKEN) ?? '';
connection.addEventListener('submit', (submitted) => {
  submitted.preventDefault();
  if (socket !== undefined) {
    const leaving = socket;
    socket = undefined;
    leaving.disconnect();
    return tell('Not connected', 'off');
  }
  connect(connection.elements.server.value.trim());
});

choice.addEventListener('change', () => choose(event()));
composer.querySelector('.reset').addEventListener('click', () => choose(event()));
payload.addEventListener('input', fit);
const asCode = composer.querySelector('.as-code');
asCode.addEventListener('click', async () => {
  if (await load()) tools.copy(asCode, tools.sending(event(), editor.args ?? [], composer.elements.ack.checked));
});
composer.addEventListener('submit', async (submitted) => {
  submitted.preventDefault();
  const args = editor.args;
  const name = event();
  const isAcknowledged = composer.elements.ack.checked;
  log.add('sent', name, { value: args[0], code: tools.sending(name, args, isAcknowledged) });
  answered.replaceChildren();
  if (!isAcknowledged) return socket.emit(name, ...args);
  const began = performance.now();
  try {
    show(name, await socket.timeout(PATIENCE).emitWithAck(name, ...args), began);
  } catch (error) {
    log.add('answer', name, { value: { message: error.message }, note: 'no answer', isBad: true });
    answered.replaceChildren(tools.element('p', { className: 'bad' }, `No answer: ${error.message}`));
  }
});

// The contents link here, and every event of the reference gets a button to try it.
const toConsole = (text) => Object.assign(document.createElement('a'), { href: '#console', textContent: text });
const entry = document.createElement('li');
entry.append(toConsole('Console'));
document.querySelector('#contents ul li').after(entry);
for (const section of document.querySelectorAll('section[id^=emit-]')) {
  const name = section.id.replace('emit-', '');
  const link = toConsole('Try it');
  link.className = 'try';
  link.setAttribute('aria-label', `Try it: ${name}`);
  link.addEventListener('click', () => choose(name));
  section.querySelector('h3').append(' ', link);
}

panel.hidden = false;
choose(event());
tell('Not connected', 'off');
if (location.hash === '#console') panel.scrollIntoView();
