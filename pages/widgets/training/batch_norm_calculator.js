/* Three rows of values that core computed, with the arithmetic of the selected one. */
import { asTable, cellSize, element, grid, mounted, onResize, say, walk } from '../../ui/browser/base.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words, x, normal, y, mean, deviation, gamma, beta } = data;
    own.at = Math.min(own.at ?? 0, x.length - 1);
    const draw = () => {
      const longest = Math.max(...[...x, ...normal, ...y].map((v) => say(v, 3).length));
      const sized = { ...cellSize(root.clientWidth || 600, x.length, longest, 52), scale: 'signed' };
      const short = (row) => [row.map((v) => +Number(v).toPrecision(3))];
      const a = grid(short(x), sized),
        b = grid(short(normal), sized),
        c = grid(short(y), sized);
      const readout = element('p', { class: 'equation' }),
        one = element('p', { class: 'equation' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      readout.textContent = words.summary.replace('{mean}', say(mean)).replace('{deviation}', say(deviation));
      const brackets = (v) => (v < 0 ? `(${say(v, 5)})` : say(v, 5));
      const show = () => {
        const k = own.at;
        a.mark([[0, k]], 'input');
        b.mark([[0, k]], 'kernel');
        c.mark([[0, k]], 'output');
        one.replaceChildren(
          '(',
          element('b', { class: 'input' }, say(x[k], 5)),
          ` − ${brackets(mean)}) / ${say(deviation, 5)} = `,
          element('b', { class: 'kernel' }, say(normal[k], 5)),
          ` ; ${say(gamma)} · ${brackets(normal[k])} + ${brackets(beta)} = `,
          element('b', { class: 'output' }, say(y[k], 5)),
        );
        announcement.textContent = one.textContent;
        root.dataset.position = k;
        root.dataset.value = y[k];
      };
      walk(
        c.node,
        c.cells,
        words.label,
        () => [0, own.at],
        (i, j) => {
          if (j !== own.at) {
            own.at = j;
            show();
          }
        },
      );
      const panel = (title, colour, node) =>
        element(
          'div',
          { class: 'panel' },
          element('h4', { class: colour }, title),
          element('div', { class: 'scroll' }, node),
        );
      root.replaceChildren(
        panel(words.x, 'input', a.node),
        readout,
        panel(words.normal, 'kernel', b.node),
        panel(words.y, 'output', c.node),
        one,
        element('p', { class: 'tip' }, words.keys),
        announcement,
        asTable(
          words.table,
          x.map((v, k) => [v, normal[k], y[k]]),
        ),
      );
      show();
    };
    draw();
    onResize(own, root, draw);
  });
