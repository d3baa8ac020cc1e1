/* Recorded activations of all units for twenty digits. */
import { cellSize, element, grid, mounted, onResize, walk } from '../../ui/browser/base.js';
import { live, paintImage, shades } from '../../ui/browser/plot.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words, labels, layers } = data,
      PIXELS = 784;
    const bytes = Int8Array.from(atob(data.images), (c) => c.charCodeAt(0));
    own.chosen ??= 4;
    const draw = () => {
      const room = root.clientWidth || 600,
        colours = shades(root),
        columns = room > 620 ? 20 : 10,
        size = Math.min(44, Math.floor((room - 5 * columns) / columns));
      const thumbs = labels.map((label, k) => {
        const canvas = element('canvas', {
          class: 'thumb cell',
          style: `--size:${size}px;width:${size}px;height:${size}px`,
          'aria-hidden': 'true',
        });
        paintImage(canvas, Array.from(bytes.subarray(k * PIXELS, (k + 1) * PIXELS)), 28, 127, colours, true);
        return canvas;
      });
      const field = element(
        'div',
        { class: 'grid', style: `grid-template-columns:repeat(${columns},${size}px);gap:3px` },
        ...thumbs,
      );
      const title = (l, values) => words[['first', 'second', 'out'][l]].replace('{n}', values.length);
      const strips = element('div', {}),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' }),
        table = live(own, words.table, () => {
          const now = layers.map((layer) => layer[own.chosen]),
            long = Math.max(...now.map((v) => v.length));
          return [
            ['i', ...now.map((values, l) => title(l, values))],
            Array.from({ length: long }, (_, k) => [k, ...now.map((v) => v[k] ?? '')]),
          ];
        });
      const show = () => {
        const now = layers.map((layer) => layer[own.chosen]);
        thumbs.forEach((canvas, k) => {
          canvas.classList.toggle('focus', k === own.chosen);
          canvas.style.outline = k === own.chosen ? '3px solid var(--input)' : '';
        });
        strips.replaceChildren(
          ...now.flatMap((values, l) => {
            const { size: cell, letters } = cellSize(Math.min(room, 720), values.length, 4, 42);
            return [
              element('h4', { class: l === 2 ? 'output' : '', style: 'margin:.7rem 0 .3rem' }, title(l, values)),
              grid([values.map((v) => +v.toFixed(2))], {
                scale: 'count',
                most: 1,
                size: cell,
                letters: Math.min(11, letters),
                tone: l === 2 ? 'output' : 'gradient',
              }).node,
            ];
          }),
        );
        const words_ = (values) => values.map((v) => v.toFixed(1)).join(' ');
        announcement.textContent = words.announcement
          .replace('{d}', labels[own.chosen])
          .replace('{a}', words_(now[0]))
          .replace('{b}', words_(now[1]));
        table.refresh();
        root.dataset.value = JSON.stringify(now);
        root.dataset.chosen = own.chosen;
      };
      const rows = Array.from({ length: labels.length / columns }, (_, r) =>
        thumbs.slice(r * columns, (r + 1) * columns),
      );
      walk(
        field,
        rows,
        words.label,
        () => [Math.floor(own.chosen / columns), own.chosen % columns],
        (i, j) => {
          own.chosen = i * columns + j;
          show();
        },
      );
      root.replaceChildren(
        element('h4', { class: 'input' }, words.digits),
        field,
        strips,
        element('p', { class: 'tip' }, words.tip),
        table.node,
        announcement,
      );
      show();
    };
    draw();
    onResize(own, root, draw);
  });
