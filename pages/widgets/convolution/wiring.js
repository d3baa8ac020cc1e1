/* One matrix of weights; the unit of its row and the pixel of its column light up beside it. Equal numbers have equal
   hues. */
import { asTable, cellSize, element, grid, mounted, onResize, redraw, walk } from '../../ui/browser/base.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { wires, words, side, units, counts } = data;
    own.cell ??= [Math.floor(wires.length / 2), Math.floor(wires[0].length / 2)];
    const draw = () => {
      const room = root.clientWidth || 600,
        pixels = wires[0].length;
      const fit = cellSize(Math.min(room, 760), pixels, String(counts.length - 1).length, 26);
      const m = grid(wires, { ...fit, scale: 'plain' });
      wires.forEach((row, i) =>
        row.forEach((weight, j) => {
          const cell = m.cells[i][j];
          if (!weight) {
            cell.textContent = '';
            return;
          }
          const hue = `oklch(from var(--kernel) l c calc(h + ${(weight * 137.5) % 360}))`;
          cell.style.background = `color-mix(in oklab, ${hue} 50%, var(--paper))`;
        }),
      );
      const small = { size: 20, letters: 0, scale: 'plain' };
      const rows = (n, columns) => Array.from({ length: n }, () => Array(columns).fill(0));
      const x = grid(rows(side, side), small),
        y = grid(rows(wires.length / units, units), small);
      const readout = element('p', { class: 'equation' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const panel = (title, colour, node) =>
        element(
          'div',
          { class: 'panel' },
          element('h4', { class: colour, 'aria-level': '3' }, title),
          element('div', { class: 'scroll' }, node),
        );
      const showCell = () => {
        const [unit, pixel] = own.cell,
          weight = wires[unit][pixel];
        const at = (position, columns) => [Math.floor(position / columns), position % columns],
          same = [];
        wires.forEach((row, i) =>
          row.forEach((one, j) => {
            if (weight ? one === weight : i === unit && j === pixel) same.push([i, j]);
          }),
        );
        m.mark(same, 'kernel');
        for (const row of m.cells) for (const cell of row) cell.classList.remove('here');
        m.cells[unit][pixel].classList.add('here');
        const field = wires[unit]
          .map((one, j) => [one, j])
          .filter(([one]) => one)
          .map(([, j]) => at(j, side));
        x.mark(field, 'input');
        y.mark([at(unit, units)], 'output');
        for (const row of x.cells) for (const cell of row) cell.textContent = '';
        for (const row of y.cells) for (const cell of row) cell.textContent = '';
        const [r, c] = at(pixel, side),
          [i, j] = at(unit, units);
        x.cells[r][c].textContent = weight || '0';
        x.cells[r][c].style.setProperty('--letters', '10px');
        const sentence =
          words.summary.replace('{i}', i).replace('{j}', j).replace('{r}', r).replace('{c}', c) +
          (weight ? words.wire.replace('{w}', weight).replace('{n}', counts[weight]) : words.none);
        readout.replaceChildren(sentence);
        announcement.textContent = sentence;
        root.dataset.cell = `${unit},${pixel}`;
        root.dataset.value = weight;
      };
      walk(
        m.node,
        m.cells,
        words.matrix,
        () => own.cell,
        (i, j) => {
          own.cell = [i, j];
          showCell();
        },
      );
      own.cell = [Math.min(own.cell[0], wires.length - 1), Math.min(own.cell[1], pixels - 1)];
      redraw(
        root,
        element('p', { class: 'equation' }, element('b', { class: 'kernel' }, data.summary)),
        element(
          'div',
          { class: 'row' },
          panel(words.image, 'input', x.node),
          panel(words.map, 'output', y.node),
          panel(words.matrix, 'kernel', m.node),
        ),
        readout,
        element('p', { class: 'tip' }, words.keys),
        announcement,
        asTable(words.table, wires),
      );
      showCell();
    };
    draw();
    onResize(own, root, draw);
  });
