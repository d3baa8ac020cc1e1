/* Gradients, learning rates and parameter values that core computed, one column per step; below, the selected step
   written out by core. */
import { asTable, element, grid, mounted, onResize, say, walk } from '../../ui/browser/base.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words, rates } = data,
      gradients = data.gradients.map(Number),
      positions = data.positions.map(Number),
      last = positions.length - 1;
    own.step = Math.min(own.step ?? 0, last);
    const draw = () => {
      const longest = Math.max(...[...gradients, ...positions].map((v) => say(v, 5).length));
      const size = Math.max(34, Math.min(72, longest * 8 + 10)),
        letters = Math.min(14, Math.floor((size - 4) / (longest * 0.6)));
      const one = { size, letters };
      const g = grid([gradients], one),
        r = grid([rates], { ...one, scale: 'plain' }),
        w = grid([positions], one);
      const lines = element('div', { class: 'equation' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const show = () => {
        const k = own.step;
        g.mark([[0, k]], 'gradient');
        r.mark([[0, k]], 'kernel');
        w.mark([[0, k]], 'output');
        lines.replaceChildren(
          element('b', {}, `${words.step} ${k + 1}`),
          ...data.working[k].map((line) => element('div', {}, line)),
        );
        announcement.textContent = `${words.announcement.replace('{k}', k + 1)}: ${data.working[k].join('; ')}`;
        root.dataset.step = k;
        root.dataset.value = positions[k];
      };
      walk(
        w.node,
        w.cells,
        words.label,
        () => [0, own.step],
        (i, j) => {
          if (j !== own.step) {
            own.step = j;
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
        panel(words.slopes, 'gradient', g.node),
        panel(words.used, 'kernel', r.node),
        panel(words.positions, 'output', w.node),
        lines,
        element('p', { class: 'tip' }, words.keys),
        announcement,
        asTable(
          words.table,
          positions.map((position, k) => [gradients[k], rates[k], position]),
        ),
      );
      show();
    };
    draw();
    onResize(own, root, draw);
  });
