/* A strip of small images; a click, or an arrow key, chooses one. */
import { element, mounted } from '../../ui/browser/base.js';
import { inks, paintMap } from '../../ui/browser/map_paint.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { label, shape, names } = data,
      [count, channels, rows, columns] = shape;
    if (own.drawn === data.bytes && root.firstChild) return;
    own.drawn = data.bytes;
    const bytes = Uint8Array.from(atob(data.bytes), (c) => c.charCodeAt(0)),
      size = channels * rows * columns,
      colours = inks(root);
    const strip = element('div', { class: 'picker', role: 'radiogroup', 'aria-label': label });
    const buttons = [];
    const choose = (k, focus) => {
      own.chosen = k;
      buttons.forEach((one, n) => {
        one.setAttribute('aria-checked', String(n === k));
        one.tabIndex = n === k ? 0 : -1;
      });
      if (focus) buttons[k].focus();
    };
    for (let k = 0; k < count; k++) {
      const canvas = element('canvas', { 'aria-hidden': 'true' });
      const scale = channels === 3 ? 'colour' : 'grey';
      paintMap(canvas, bytes.subarray(k * size, (k + 1) * size), rows, columns, scale, 255, colours);
      const button = element('button', { type: 'button', role: 'radio', 'aria-label': names[k] }, canvas);
      button.title = names[k];
      button.onclick = () => {
        choose(k);
        own.tell('chosen', k);
      };
      buttons.push(button);
    }
    strip.onkeydown = (event) => {
      const to = {
        ArrowRight: own.chosen + 1,
        ArrowLeft: own.chosen - 1,
        ArrowDown: own.chosen + 1,
        ArrowUp: own.chosen - 1,
        Home: 0,
        End: count - 1,
      }[event.key];
      if (to === undefined || to < 0 || to >= count) return;
      event.preventDefault();
      choose(to, true);
      own.tell('chosen', to);
    };
    strip.append(...buttons);
    root.replaceChildren(strip);
    choose(data.chosen);
    strip.scrollLeft = buttons[data.chosen].offsetLeft - strip.clientWidth / 2;
  });
