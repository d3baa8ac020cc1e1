/* Shared: sliders, menus and buttons that act in the browser at once. */
import { element, say } from './base.js';

/* slider({ name, least, most, step, value, tone, say: (value) => words }, (value) => ...) gives { node, set(value) } */
export function slider({ name, least, most, step = 0.1, value, tone, told = (v) => say(v) }, moved) {
  const shown = element('output', { class: 'slider-value', 'aria-hidden': 'true' }, told(value));
  const input = element('input', {
    type: 'range',
    min: least,
    max: most,
    step,
    value,
    'aria-label': name,
    'aria-valuetext': told(value),
  });
  const set = (to) => {
    input.value = to;
    shown.textContent = told(+to);
    input.setAttribute('aria-valuetext', told(+to));
  };
  input.oninput = () => {
    set(+input.value);
    moved(+input.value);
  };
  return { node: element('label', { class: `slider ${tone || ''}` }, element('span', {}, name), input, shown), set };
}

/* menu({ name, choices: [[value, words], ...], value }, (value) => ...) */
export function menu({ name, choices, value }, chosen) {
  const select = element('select', {}, ...choices.map(([key, words]) => element('option', { value: key }, words)));
  select.value = value;
  select.onchange = () => chosen(select.value);
  return element('label', { class: 'slider' }, element('span', {}, name), select);
}

export function button(words, pressed, attributes = {}) {
  const made = element('button', { type: 'button', ...attributes }, words);
  made.onclick = pressed;
  return made;
}
