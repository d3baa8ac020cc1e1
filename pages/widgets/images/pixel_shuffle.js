/* Follows a pixel and its neighbours through the shuffle that core made. goes[k] is the new position of pixel k. */
import { element, mounted, onResize, pathOf } from '../../ui/browser/base.js';
import { button } from '../../ui/browser/sliders.js';
import { live, paintImage, shades } from '../../ui/browser/plot.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words } = data,
      [height, width] = data.side;
    own.which ??= 0;
    own.pixel ??= [13, 14];
    const unpack = (text) => Array.from(atob(text), (c) => c.charCodeAt(0));
    const draw = () => {
      const room = root.clientWidth || 600,
        columns = room > 520 ? 6 : 3,
        cell = Math.max(2, Math.floor((Math.min(room, 760) - 10 * columns) / columns / width)),
        colours = shades(root);
      const row = (texts) =>
        texts.map((text) => {
          const canvas = element('canvas', {
            class: 'thumb',
            style: `border:0;display:block;width:${width * cell}px;height:${height * cell}px`,
          });
          paintImage(canvas, unpack(text), width, 255, colours, true);
          return element('div', { style: 'position:relative' }, canvas);
        });
      const layout = `display:grid;grid-template-columns:repeat(${columns},max-content);gap:6px;width:max-content`;
      const top = row(data.plain),
        field = element('div', { style: layout }, ...top),
        below = element('div', { style: layout });
      const readout = element('p', { class: 'equation' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      let under = [];
      const spot = (/** @type {number[]} */ [i, j], kind) =>
        element('span', {
          class: 'spot',
          style:
            `position:absolute;left:${j * cell - 1}px;top:${i * cell - 1}px;width:${cell + 2}px;height:${cell + 2}px;` +
            `background:var(--${kind});outline:1px solid var(--paper);pointer-events:none`,
        });
      const mark = () => {
        const [i, j] = own.pixel,
          goes = data.goes[own.which];
        const near = [
          [i - 1, j],
          [i + 1, j],
          [i, j - 1],
          [i, j + 1],
        ].filter(([a, b]) => a >= 0 && b >= 0 && a < height && b < width);
        const lands = (/** @type {number[]} */ [a, b]) => {
          const k = goes[a * width + b];
          return [Math.floor(k / width), k % width];
        };
        root.querySelectorAll('.spot').forEach((one) => one.remove());
        top.forEach((one) => one.append(...near.map((p) => spot(p, 'kernel')), spot([i, j], 'gradient')));
        under.forEach((one) =>
          one.append(...near.map((p) => spot(lands(p), 'kernel')), spot(lands([i, j]), 'gradient')),
        );
        const [r, c] = lands([i, j]),
          away = near.map((p) => Math.hypot(lands(p)[0] - r, lands(p)[1] - c)),
          mean = away.reduce((a, b) => a + b, 0) / away.length;
        readout.textContent = words.summary
          .replace('{i}', i + 1)
          .replace('{j}', j + 1)
          .replace('{r}', r + 1)
          .replace('{c}', c + 1)
          .replace('{d}', mean.toFixed(1));
        announcement.textContent = readout.textContent;
        Object.assign(root.dataset, { value: JSON.stringify([r, c]), pixel: own.pixel });
      };
      const refresh = () => {
        under = row(data.shuffled[own.which]);
        below.replaceChildren(...under);
        mark();
        table.refresh();
      };
      const spoken = (k) => `${Math.floor(k / width) + 1}, ${(k % width) + 1}`;
      const table = live(own, words.table, () => {
        const levels = data.plain.map(unpack);
        return [
          [words.pixel, words.lands, ...levels.map((_, n) => words.image.replace('{n}', n + 1))],
          data.goes[own.which].map((to, k) => [spoken(k), spoken(to), ...levels.map((one) => one[k])]),
        ];
      });
      const go = (i, j) => {
        own.pixel = [Math.max(0, Math.min(height - 1, i)), Math.max(0, Math.min(width - 1, j))];
        mark();
      };
      field.tabIndex = 0;
      field.setAttribute('role', 'application');
      field.setAttribute('aria-label', words.label);
      field.onpointermove = field.onpointerdown = (event) => {
        const canvas = pathOf(event).find((one) => one.tagName === 'CANVAS');
        if (canvas) {
          const box = canvas.getBoundingClientRect();
          go(Math.floor((event.clientY - box.top) / cell), Math.floor((event.clientX - box.left) / cell));
        }
      };
      field.onkeydown = (event) => {
        const [i, j] = own.pixel,
          to = { ArrowUp: [i - 1, j], ArrowDown: [i + 1, j], ArrowLeft: [i, j - 1], ArrowRight: [i, j + 1] }[event.key];
        if (to) {
          event.preventDefault();
          go(...to);
        }
      };
      root.replaceChildren(
        element('h4', { class: 'input' }, words.plain),
        field,
        element('h4', { class: 'output' }, words.shuffled),
        below,
        ...(data.goes.length > 1
          ? [
              element(
                'div',
                { class: 'buttons' },
                button(words.again, () => {
                  own.which = (own.which + 1) % data.goes.length;
                  refresh();
                }),
              ),
            ]
          : []),
        readout,
        element('p', { class: 'tip' }, words.tip),
        table.node,
        announcement,
      );
      refresh();
    };
    draw();
    onResize(own, root, draw);
  });
