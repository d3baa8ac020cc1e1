/* A pad in the size of a network's images; the drawing goes to Python when the pen is lifted. */
import { element, mounted, onResize } from './browser/base.js';
import { inkPad } from './browser/ink_pad.js';
import { button } from './browser/sliders.js';

const MOST_WIDE = 308;

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words, shape, paper: ground, inks } = data,
      [channels, rows, columns] = shape,
      built = JSON.stringify([shape, ground, words.draw]);
    if (own.built === built && root.firstChild) return;
    if (own.built !== built) {
      own.ink = 0;
      own.paper = { rows, columns, values: new Uint8Array(channels * rows * columns).fill(ground) };
      const kept = data.drawn ? Uint8Array.from(atob(data.drawn), (c) => c.charCodeAt(0)) : [];
      if (kept.length === own.paper.values.length) own.paper.values.set(kept);
    }
    own.built = built;
    const { values } = own.paper;

    const draw = () => {
      const room = Math.min(MOST_WIDE, root.clientWidth || MOST_WIDE),
        unit = Math.max(1, Math.floor(room / columns)),
        heard = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const send = () => own.tell('ink', values.some((v) => v !== ground) ? btoa(String.fromCharCode(...values)) : '');
      const pad = inkPad({
        paper: own.paper,
        colour: () => inks[own.ink].levels,
        words,
        width: unit * columns,
        moved: () => {
          penButton.textContent = pad.isDown() ? words.lift : words.lower;
        },
        lifted: send,
        hear: (text) => {
          heard.textContent = text;
        },
      });
      const penButton = button(words.lower, () => {
        pad.press();
        pad.node.focus();
      });
      penButton.onpointerdown = (event) => event.preventDefault();
      const clean = button(words.clear, () => {
        values.fill(ground);
        pad.paint();
        send();
      });
      const choices = inks.map(({ name, levels }, k) => {
        const [red, green, blue] = levels.length === 3 ? levels : [levels[0], levels[0], levels[0]];
        const one = button(
          '',
          () => {
            own.ink = k;
            choices.forEach((it, j) => it.setAttribute('aria-pressed', String(j === k)));
          },
          {
            class: 'ink-choice',
            style: `--level: rgb(${red} ${green} ${blue})`,
            'aria-label': name,
            title: name,
            'aria-pressed': String(k === own.ink),
          },
        );
        return one;
      });
      root.replaceChildren(
        pad.node,
        element('div', { class: 'buttons draw-buttons' }, clean, penButton, ...choices),
        element('p', { class: 'tip' }, words.tip),
        heard,
      );
      pad.paint();
    };
    draw();
    onResize(own, root, draw);
  });
