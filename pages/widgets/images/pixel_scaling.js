/* One cell per pixel, coloured by the scaled value; beside it the numbers of the pixel on show. All of them are
   core's. */
import { asTable, cellSize, element, grid, mounted, onResize, say, walk } from '../../ui/browser/base.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words, scaled } = data;
    own.cell ??= [13, 13];
    const draw = () => {
      const { size } = cellSize(Math.min(root.clientWidth || 500, 480), scaled[0].length, 9, 16);
      const made = grid(scaled, { size, letters: 0, most: Math.max(...scaled.flat().map(Math.abs)) });
      const readout = element('p', { class: 'equation' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const show = () => {
        const [i, j] = own.cell,
          parts = ['mean', 'std'].map((name) => `${words[name]} ${say(data[name][i][j], 4)}`);
        made.mark([[i, j]], 'kernel');
        readout.replaceChildren(
          element('b', {}, words.pixel.replace('{i}', i).replace('{j}', j)),
          `: ${parts.join(' · ')} · `,
          element('b', { class: 'input' }, `${words.value} ${data.largest[i][j]}`),
          ' → ',
          element('b', { class: 'output' }, `${words.scaled} ${say(scaled[i][j], 7)}`),
          element('br'),
          `${words.most}: ${data.most.toLocaleString('en', { maximumFractionDigits: 2 })}`,
        );
        announcement.textContent = readout.textContent;
        root.dataset.cell = `${i},${j}`;
        root.dataset.value = scaled[i][j];
      };
      walk(
        made.node,
        made.cells,
        words.label,
        () => own.cell,
        (i, j) => {
          if (own.cell[0] !== i || own.cell[1] !== j) {
            own.cell = [i, j];
            show();
          }
        },
      );
      root.replaceChildren(
        element(
          'div',
          { class: 'panel' },
          element('h4', { class: 'output' }, words.map),
          element('div', { class: 'scroll' }, made.node),
        ),
        readout,
        element('p', { class: 'tip' }, words.keys),
        announcement,
        asTable(words.table, scaled),
      );
      show();
    };
    draw();
    onResize(own, root, draw);
  });
