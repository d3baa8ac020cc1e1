/* A shape that follows the pointer; core computed the maps for all its positions. */
import { asTable, cellSize, element, grid, mounted, onResize, say, walk } from '../../ui/browser/base.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { shape, kernel, side, across, maps, pooled, words } = data;
    const down = maps.length / across,
      half = [Math.floor(shape.length / 2), Math.floor(shape[0].length / 2)];
    own.position ??= data.start;
    own.position = [Math.min(own.position[0], down - 1), Math.min(own.position[1], across - 1)];
    const paint = (drawn, rows) =>
      rows.forEach((row, i) =>
        row.forEach((value, j) => {
          const cell = drawn.cells[i][j];
          cell.classList.toggle('up', value > 0);
          cell.classList.toggle('down', value < 0);
          cell.style.setProperty('--v', Math.min(1, Math.abs(value) / data.most).toFixed(3));
          if (drawn.letters) cell.textContent = value ? say(value, 4) : '';
        }),
      );
    const draw = () => {
      const room = root.clientWidth || 600,
        share = room > 640 ? (room - 150) / 2.6 : room;
      const zeros = Array.from({ length: side }, () => Array(side).fill(0));
      const longest = Math.max(...maps[0].flat().map((v) => say(v, 4).length), 2);
      const fit = cellSize(share, side, longest, room > 640 ? 30 : 20);
      fit.letters = Math.min(fit.letters, 0.55 * fit.size);
      const make = (rows) =>
        Object.assign(grid(rows, { ...fit, scale: 'signed', most: data.most }), { letters: fit.letters });
      const x = grid(zeros, { ...fit, letters: 0, scale: 'count', tone: 'input', most: 1 }),
        w = make(kernel),
        y = make(maps[0]),
        p = make(pooled[0]);
      paint(w, kernel);
      const readout = element('p', { class: 'equation', 'aria-hidden': 'true' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const tables = element('div');
      const panel = (title, colour, node) =>
        element(
          'div',
          { class: 'panel' },
          element('h4', { class: colour, 'aria-level': '3' }, title),
          element('div', { class: 'scroll' }, node),
        );
      const showPlace = () => {
        const [i, j] = own.position,
          at = i * across + j,
          inside = [];
        for (const row of x.cells) for (const cell of row) cell.style.setProperty('--v', '0');
        shape.forEach((row, u) =>
          row.forEach((value, v) => {
            x.cells[i + u][j + v].style.setProperty('--v', value);
            if (value) inside.push([i + u, j + v]);
          }),
        );
        x.mark(inside, 'input');
        paint(y, maps[at]);
        paint(p, pooled[at]);
        const best = (rows) =>
          rows
            .flatMap((row, r) => row.map((value, c) => [value, r, c]))
            .filter(([value]) => value === data.tops[at])
            .map(([, r, c]) => [r, c]);
        y.mark(best(maps[at]), 'output');
        p.mark(best(pooled[at]), 'output');
        const sentence = [
          words.moved.replace('{down}', say(i - data.start[0])).replace('{right}', say(j - data.start[1])),
          data.same[at] ? words.same : words.other,
          words.changed.replace('{n}', data.changed[at]).replace('{all}', pooled[at].length * pooled[at][0].length),
          words.top.replace('{top}', say(data.tops[at])),
        ].join(' ');
        readout.textContent = sentence;
        announcement.textContent = sentence;
        root.dataset.cell = `${i},${j}`;
        root.dataset.value = `${i},${j},${data.tops[at]},${data.changed[at]}`;
        const open = [...tables.querySelectorAll('details')].map((one) => one.open);
        tables.replaceChildren(asTable(words.mapped, maps[at]), asTable(words.pools, pooled[at]));
        tables.querySelectorAll('details').forEach((one, k) => {
          one.open = open[k] ?? false;
        });
      };
      const held = (i, j) => {
        own.position = [Math.min(down - 1, Math.max(0, i)), Math.min(across - 1, Math.max(0, j))];
        showPlace();
      };
      walk(
        x.node,
        x.cells,
        words.label,
        () => [own.position[0] + half[0], own.position[1] + half[1]],
        (i, j) => held(i - half[0], j - half[1]),
      );
      root.replaceChildren(
        element(
          'div',
          { class: 'row' },
          panel(words.image, 'input', x.node),
          panel(words.kernel, 'kernel', w.node),
          panel(words.map, 'output', y.node),
          panel(words.pooled, 'output', p.node),
        ),
        readout,
        element('p', { class: 'tip' }, words.keys),
        announcement,
        tables,
      );
      showPlace();
    };
    draw();
    onResize(own, root, draw);
  });
