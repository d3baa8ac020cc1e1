/* Shared: sliders, menus and buttons that act in the browser at once. */
import { element, say } from './base.js';

/**
 * A labelled slider; `told` puts a value into words. set(value) moves it without calling `moved`.
 * @param {{ name: string, least: number, most: number, step?: number, value: number, tone?: string,
 *   told?: (value: number) => string }} options
 * @param {(value: number) => void} moved
 * @returns {{ node: HTMLElement, set: (value: number) => void }}
 */
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
  const set = (/** @type {number} */ to) => {
    input.value = String(to);
    shown.textContent = told(+to);
    input.setAttribute('aria-valuetext', told(+to));
  };
  input.oninput = () => {
    set(+input.value);
    moved(+input.value);
  };
  return { node: element('label', { class: `slider ${tone || ''}` }, element('span', {}, name), input, shown), set };
}

/**
 * A labelled menu of [value, words].
 * @param {{ name: string, choices: [string | number, string][], value: string | number }} options
 * @param {(value: string) => void} chosen
 */
export function menu({ name, choices, value }, chosen) {
  const select = element('select', {}, ...choices.map(([key, words]) => element('option', { value: key }, words)));
  select.value = String(value);
  select.onchange = () => chosen(select.value);
  return element('label', { class: 'slider' }, element('span', {}, name), select);
}

/**
 * @param {string} words
 * @param {() => void} pressed
 * @param {Record<string, any>} [attributes]
 */
export function button(words, pressed, attributes = {}) {
  const made = element('button', { type: 'button', ...attributes }, words);
  made.onclick = pressed;
  return made;
}
