// The visible traffic, as code to copy.

/** A value as JavaScript has it. */
function literal(value, indent = '') {
  if (typeof value === 'string') {
    const escaped = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
    return `'${escaped}'`;
  }
  if (value === null || typeof value !== 'object') return String(value);
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name));
  const parts = Object.entries(value).map(([name, item]) => `${inner}${isList ? '' : `${key(name)}: `}${literal(item, inner)},\n`);
  const [open, close] = isList ? '[]' : '{}';
  return parts.length === 0 ? open + close : `${open}\n${parts.join('')}${indent}${close}`;
}

/** How an event is sent. */
function sending(event, args, isAcknowledged) {
  const given = [event, ...args].map((argument) => literal(argument)).join(', ');
  return isAcknowledged ? `const answer = await socket.emitWithAck(${given});\n` : `socket.emit(${given});\n`;
}

/** How an event is received. */
function receiving(event, args) {
  const seen = args.map((argument) => literal(argument, '  // ')).join(', ');
  const parameter = args.length > 0 ? 'payload' : '';
  return `socket.on(${literal(event)}, (${parameter}) => {\n${seen && `  // ${seen}\n`}});\n`;
}

/** Copies a text, and says so on the button. */
async function copy(button, text) {
  // If it was pressed again, it shows another label already.
  button.dataset.label ??= button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Not allowed';
  }
  setTimeout(() => (button.textContent = button.dataset.label), 2000);
}
