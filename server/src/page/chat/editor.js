// Edits the text of a message in place.
import { element } from './element.js';

/** A form that gives the new text to `save`, and ends by `done`. */
export function editorElement(message, { violations, save, done }) {
  const field = element('textarea', {
    value: message.content,
    rows: 2,
    'aria-label': 'Text of the message',
    'aria-describedby': 'editor-problem',
    onkeydown: (event) => {
      event.stopPropagation();
      if (event.key === 'Escape') done();
      else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event);
    },
  });
  const problem = element('p', { id: 'editor-problem', className: 'problem', role: 'alert' });
  const complain = (text) => {
    problem.textContent = text;
    field.setAttribute('aria-invalid', 'true');
    field.focus();
  };
  const submit = async (event) => {
    event.preventDefault();
    const content = field.value.trim();
    if (content === message.content) return done();
    const [violation] = violations(content);
    if (violation !== undefined) return complain(`The text ${violation.message}.`);
    try {
      await save(content);
      return done();
    } catch (error) {
      // Only the server knows whether a message without text still has attachments.
      const [refused] = error.details ?? [];
      return complain(refused === undefined ? `Not saved: ${error.message}` : `The text ${refused.message}.`);
    }
  };
  const form = element(
    'form',
    { className: 'editor', onsubmit: submit },
    field,
    problem,
    element(
      'p',
      { className: 'editor-buttons' },
      element('button', { className: 'primary' }, 'Save'),
      element('button', { type: 'button', onclick: done }, 'Cancel'),
      element('span', { className: 'quiet' }, 'Enter saves, Escape cancels'),
    ),
  );
  form.start = () => {
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  };
  return form;
}
