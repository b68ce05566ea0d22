// A console: connects, sends events that have been checked first, and shows all that comes and goes.

/** For how long an acknowledgement is waited for, in milliseconds. */
const PATIENCE = 10_000;
const TOKEN = 'accord.console.token';

const panel = document.getElementById('console');
const connection = panel.querySelector('.connection');
const state = connection.querySelector('.state');
const composer = panel.querySelector('.composer');
const choice = composer.elements.event;
const send = composer.querySelector('[type=submit]');
const answered = composer.querySelector('.answered');
const log = new Log(panel.querySelector('.log'));
const editor = new Editor(composer.querySelector('.editor'), check);
let socket;
/** The client and the checks of the npm package, once they are loaded. */
let npm;

const event = () => choice.value;
const example = () => {
  const written = choice.selectedOptions[0].dataset.example;
  return written === undefined ? undefined : JSON.parse(written);
};

/** What the server would find wrong, found before it is asked. */
function check(args) {
  const problems = args === undefined ? [] : (npm?.clientEvents[event()]?.(args[0]) ?? []);
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
  editor.set(example());
}

function tell(text, kind) {
  state.textContent = text;
  state.dataset.kind = kind;
  connection.querySelector('[type=submit]').textContent = socket === undefined ? 'Connect' : 'Disconnect';
  editor.check();
}

async function connect(server, token) {
  // Pressed again while it was loaded, it has connected already.
  if (!(await load()) || socket !== undefined) return;
  socket = npm.io(server, { auth: { ...(token !== '' && { token }), protocol: npm.PROTOCOL.version } });
  socket.on('connect', () => {
    log.add('state', 'connected');
    tell(`Connected to ${server}`, 'good');
  });
  socket.on('connect_error', (error) => {
    log.add('state', 'connect_error', { value: { message: error.message }, note: error.message, isBad: true });
    if (socket.active) return tell(`Cannot reach ${server}; trying again`, 'bad');
    socket = undefined;
    tell(`Refused: ${error.message}`, 'bad');
  });
  socket.on('disconnect', (reason) => {
    log.add('state', 'disconnected', { value: { reason }, note: reason, isBad: reason !== 'io client disconnect' });
    if (socket?.active) return tell('Connection lost; trying again', 'bad');
    socket = undefined;
    tell(reason === 'io server disconnect' ? 'Disconnected by the server' : 'Not connected', 'off');
  });
  socket.onAny((name, ...args) => {
    const payload = args.filter((argument) => typeof argument !== 'function');
    const isDeclared = document.getElementById(`on-${name}`) !== null && (npm.serverEvents[name]?.(payload[0]) ?? true);
    const note = isDeclared ? undefined : 'not as declared';
    log.add('received', name, { value: payload[0], note, isBad: !isDeclared, code: receiving(name, payload) });
  });
  tell(`Connecting to ${server}`, 'busy');
}

/** Loads what the console works with from the page's own server; whether it is there. */
function load() {
  loading ??= Promise.all(['client', 'constants', 'guards'].map((module) => import(`./schema/typescript/${module}.js`))).then(
    (modules) => {
      npm = Object.assign({}, ...modules);
      editor.check();
      return true;
    },
    () => {
      loading = undefined;
      tell('The console works where this page is served: by the server, by “accord docs”, or by “accord mock”.', 'bad');
      return false;
    },
  );
  return loading;
}
let loading;
panel.addEventListener('focusin', load);

/** What an event was answered with. */
function show(name, answer, began) {
  const ms = `${Math.round(performance.now() - began)} ms`;
  const isBad = answer?.ok !== true;
  log.add('answer', name, { value: answer, note: isBad ? `${answer?.error?.code ?? 'not ok'}, ${ms}` : `ok, ${ms}`, isBad });
  answered.replaceChildren(element('p', { className: isBad ? 'bad' : 'good' }, isBad ? answer?.error?.message : `Acknowledged after ${ms}`));
  answered.append(element('pre', { tabIndex: 0, role: 'region', ariaLabel: 'Answer' }, JSON.stringify(answer, null, 2)));
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
  const token = connection.elements.token.value.trim();
  sessionStorage.setItem(TOKEN, token);
  connect(connection.elements.server.value.trim(), token);
});

choice.addEventListener('change', () => choose(event()));
composer.querySelector('.reset').addEventListener('click', () => choose(event()));
composer.querySelector('.as-code').addEventListener('click', ({ currentTarget }) => {
  copy(currentTarget, sending(event(), editor.args ?? [], composer.elements.ack.checked));
});
composer.addEventListener('submit', async (submitted) => {
  submitted.preventDefault();
  const args = editor.args;
  const name = event();
  const isAcknowledged = composer.elements.ack.checked;
  log.add('sent', name, { value: args[0], code: sending(name, args, isAcknowledged) });
  answered.replaceChildren();
  if (!isAcknowledged) return socket.emit(name, ...args);
  const began = performance.now();
  try {
    show(name, await socket.timeout(PATIENCE).emitWithAck(name, ...args), began);
  } catch (error) {
    log.add('answer', name, { value: { message: error.message }, note: 'no answer', isBad: true });
    answered.replaceChildren(element('p', { className: 'bad' }, `No answer: ${error.message}`));
  }
});

// The contents lead here, and every event of the reference can be tried.
const link = element('li');
link.append(element('a', { href: '#console' }, 'Console'));
document.querySelector('#contents ul li').after(link);
for (const entry of document.querySelectorAll('section[id^=emit-]')) {
  const name = entry.id.replace('emit-', '');
  const button = element('a', { className: 'try', href: '#console' }, 'Try it');
  button.setAttribute('aria-label', `Try it: ${name}`);
  button.addEventListener('click', () => choose(name));
  entry.querySelector('h3').append(' ', button);
}

panel.hidden = false;
choose(event());
tell('Not connected', 'off');
if (location.hash === '#console') panel.scrollIntoView();
