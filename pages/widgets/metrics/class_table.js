/* A confusion matrix under the pointer: a row is a true class, a column a predicted class. */
import {
  asTable,
  cellSize,
  element,
  focusedIn,
  grid,
  mounted,
  onResize,
  redraw,
  say,
  walk,
} from '../../ui/browser/base.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { matrix, names, words, truths, predictions } = data;
    own.cell ??= [0, 0];
    const draw = () => {
      const room = root.clientWidth || 600,
        letters = Math.max(...matrix.flat().map((v) => say(v).length));
      const counts = grid(matrix, {
        scale: 'count',
        tone: 'output',
        ...cellSize(Math.min(room - 90, 420), names.length, letters, 64),
      });
      const size = Number.parseInt(counts.cells[0][0].style.getPropertyValue('--size'), 10);
      const readout = element('div', { class: 'told' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const fill = (text, i, j) => text.replace('{true}', names[i]).replace('{predicted}', names[j]);
      const line = (title, tone, own_, all, value) =>
        element(
          'p',
          {},
          element('b', { class: tone }, title),
          ` = ${say(own_)} / ${say(all)} = `,
          element('b', {}, value),
        );
      const show = () => {
        const [i, j] = own.cell;
        counts.mark([...names.map((_, k) => [i, k])], 'input');
        names.forEach((_, k) => {
          const cell = counts.cells[k][j];
          cell.classList.add('focus');
          if (k !== i) cell.style.setProperty('--mark', 'var(--kernel)');
        });
        own.columnMarked = j;
        readout.replaceChildren(
          element('p', {}, `${fill(words.cell, i, j)}: `, element('b', {}, say(matrix[i][j]))),
          line(fill(words.recall, i, j), 'input', matrix[i][i], truths[i], data.recall[i]),
          line(fill(words.precision, i, j), 'kernel', matrix[j][j], predictions[j], data.precision[j]),
        );
        announcement.textContent = readout.innerText;
        root.dataset.value = matrix[i][j];
        root.dataset.cell = `${i},${j}`;
      };
      walk(
        counts.node,
        counts.cells,
        words.map,
        () => own.cell,
        (i, j) => {
          if (own.cell[0] === i && own.cell[1] === j) return;
          names.forEach((_, k) => {
            const cell = counts.cells[k][own.columnMarked];
            cell.classList.remove('focus');
            cell.style.removeProperty('--mark');
          });
          own.cell = [i, j];
          show();
        },
      );
      const side = element(
        'div',
        { class: 'names', style: `--size: ${size}px` },
        names.map((name) => element('div', {}, name)),
      );
      const over = element(
        'div',
        { class: 'over', style: `--size: ${size}px` },
        names.map((name) => element('div', {}, name)),
      );
      const head = (list) =>
        element(
          'tr',
          {},
          list.map((name) => element('th', { scope: 'col' }, name)),
        );
      const averages = element(
        'div',
        { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': words.averages },
        element(
          'table',
          {},
          head([words.average, words.precisionColumn, words.recallColumn, 'F1']),
          data.averages.map(([how, ...values]) =>
            element(
              'tr',
              {},
              element('th', { scope: 'row' }, how),
              values.map((v) => element('td', {}, v)),
            ),
          ),
        ),
      );
      const single = data.single.map(([name, value]) => element('p', {}, `${name} = `, element('b', {}, value)));
      const body = element('div', {}, over, element('div', { class: 'beside' }, side, counts.node));
      const focused = focusedIn(root)?.classList?.contains('grid');
      redraw(
        root,
        element(
          'div',
          { class: 'row' },
          element('div', { class: 'panel' }, element('h4', {}, words.title), element('div', { class: 'scroll' }, body)),
          element('div', { class: 'panel' }, readout),
        ),
        announcement,
        element('div', { class: 'row' }, averages, element('div', {}, single)),
        element('p', { class: 'tip' }, words.keys),
        asTable(words.table, matrix),
      );
      if (focused) counts.node.focus();
      show();
    };
    draw();
    onResize(own, root, draw);
  });
