/* Curves that core sampled; values at the pointer are looked up, not computed. */
import { element, mounted, onResize, say } from '../../ui/browser/base.js';
import { svgElement } from '../../ui/browser/svg.js';
import { folded, plot, steer } from '../../ui/browser/plot.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { grid: xs, curves, words } = data;
    own.at ??= data.start;
    const draw = () => {
      const room = root.clientWidth || 600,
        wide = room > 660;
      const image = plot({
        width: wide ? Math.min(520, room - 290) : room,
        height: 280,
        x: data.x,
        y: data.y,
        names: data.names,
      });
      const announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const table = element('table', {}),
        title = element('p', { class: 'equation' });
      const show = () => {
        own.at = Math.max(0, Math.min(xs.length - 1, own.at));
        const x = xs[own.at];
        image.clear();
        curves.forEach(({ value, style }) =>
          image.line(
            xs.map((a, k) => [a, value[k]]).filter(([, b]) => b !== null),
            style,
          ),
        );
        image.line(
          [
            [x, data.y[0]],
            [x, data.y[1]],
          ],
          'thin faint',
        );
        curves.forEach(({ value, style }) => {
          if (value[own.at] !== null) image.dot(x, value[own.at], style.split(' ')[0], 5);
        });
        title.replaceChildren(`${data.names[0]} = `, element('b', { class: 'input' }, say(x, 4)));
        const number = (v) => (v === null ? '∞' : say(v, 4));
        table.replaceChildren(
          element(
            'tr',
            {},
            ...[words.function, words.value, words.slope].map((t) => element('th', { scope: 'col' }, t)),
          ),
          ...curves.map(({ name, value, slope, style }) =>
            element(
              'tr',
              {},
              element('th', { scope: 'row' }, key(style), ' ', name),
              element('td', {}, number(value[own.at])),
              element('td', {}, number(slope[own.at])),
            ),
          ),
        );
        const values = curves.map(({ name, value }) => `${name} ${number(value[own.at])}`);
        announcement.textContent = `${data.names[0]} ${say(x, 4)}: ${values.join('; ')}`;
        root.dataset.value = JSON.stringify([x, ...curves.map(({ value }) => value[own.at])]);
      };
      const nearest = (a) => Math.round((a - xs[0]) / (xs[1] - xs[0]));
      steer(image.node, words.label, {
        inverse: (a) => [
          image.inverse(a * (image.node.width.baseVal.value / (image.node.getBoundingClientRect().width || 1)), 0)[0],
          0,
        ],
        x: data.x,
        at: () => [xs[own.at], 0],
        step: xs[1] - xs[0],
        go: (a, b) => {
          const before = own.at;
          own.at = nearest(a);
          if (own.at === before && b) own.at += Math.sign(b);
          show();
        },
      });
      const rows = xs.map((x, k) => [x, ...curves.map(({ value }) => value[k])]).filter((_, k) => k % 10 === 0);
      root.replaceChildren(
        element('div', { class: 'row' }, image.node, element('div', { class: 'panel' }, title, table)),
        element('p', { class: 'tip' }, words.tip),
        announcement,
        folded(words.table, [data.names[0], ...curves.map((c) => c.name)], rows),
      );
      show();
    };
    draw();
    onResize(own, root, draw);
  });

function key(style) {
  return svgElement(
    'svg',
    {
      class: 'plot',
      width: 26,
      height: 10,
      style: 'display:inline-block;vertical-align:middle',
      'aria-hidden': 'true',
    },
    svgElement('path', { class: `curve ${style}`, d: 'M1 5H25' }),
  );
}
