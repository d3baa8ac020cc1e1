/* Two memory layouts, one above the other; the same number is marked in both. Each channel has a hue. */
import { asTable, element, grid, mounted, onResize, pathOf, redraw, walk } from '../../ui/browser/base.js';

/* Of the channels, in degrees: red, green, blue, then others. */
const HUES = [29, 142, 264, 90, 320, 200];

export default (component) =>
  mounted(component, (own, data, root) => {
    const { old, x, y, words, titles, channel } = data,
      fresh = data.new;
    own.at = Math.min(own.at ?? 0, old.length - 1);
    const draw = () => {
      const room = root.clientWidth || 600,
        size = 34,
        across = Math.max(1, Math.min(old.length, Math.floor((room - 8) / (size + 1))));
      const memory = (numbers) => {
        const made = grid([numbers], { size, letters: 14, scale: 'plain' });
        made.node.style.gridTemplateColumns = `repeat(${across}, ${size}px)`;
        numbers.forEach((number, k) => {
          const of = x[number][channel];
          made.cells[0][k].style.background =
            `color-mix(in oklab, oklch(from var(--input) l 0.19 ${HUES[of % HUES.length]}) 40%, var(--paper))`;
        });
        return made;
      };
      const a = memory(old),
        b = memory(fresh);
      const readout = element('p', { class: 'equation', 'aria-hidden': 'true' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const panel = (title, colour, node) =>
        element('div', { class: 'panel' }, element('h4', { class: colour, 'aria-level': '3' }, title), node);
      const showCell = () => {
        const number = old[own.at],
          at = fresh.indexOf(number);
        a.mark([[0, own.at]], 'input');
        b.mark([[0, at]], 'output');
        const sentence = words.cell
          .replace('{n}', number)
          .replace('{a}', own.at)
          .replace('{b}', at)
          .replace('{x}', x[own.at].join(', '))
          .replace('{y}', y[at].join(', '));
        readout.textContent = sentence;
        announcement.textContent = sentence;
        root.dataset.cell = own.at;
        root.dataset.value = `${own.at},${at}`;
      };
      const held = (k) => {
        own.at = Math.min(old.length - 1, Math.max(0, k));
        showCell();
      };
      const rows = Math.ceil(old.length / across);
      walk(
        a.node,
        Array(rows).fill(Array(across).fill(0)),
        words.label,
        () => [Math.floor(own.at / across), own.at % across],
        (i, j) => held(i * across + j),
      );
      b.node.onpointermove = (event) => {
        const k = [...b.node.children].indexOf(pathOf(event)[0]);
        if (k >= 0) held(old.indexOf(fresh[k]));
      };
      redraw(
        root,
        panel(titles[0], 'input', a.node),
        panel(titles[1], 'output', b.node),
        readout,
        element('p', { class: 'tip' }, words.keys),
        announcement,
        asTable(words.table, [old, fresh]),
      );
      showCell();
    };
    draw();
    onResize(own, root, draw);
  });
