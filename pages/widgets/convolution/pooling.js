/* A pooling window over an image and the resulting map; below, the same for the shifted image. */
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
    const { sides, window: wide, stride, words } = data;
    own.cell ??= [0, 0];
    const draw = () => {
      const room = root.clientWidth || 600,
        map = sides[0].map;
      const longest = (rows) => Math.max(...rows.flat().map((v) => say(v, 4).length));
      const columns = sides[0].image[0].length,
        share = room > 640 ? (room - 60) / 2 : room;
      const size = (rows) => cellSize(share, Math.max(columns, 1), Math.max(longest(rows), longest(map)), 46);
      const most = Math.max(...sides.flatMap((one) => [...one.image.flat(), ...one.map.flat()]).map(Math.abs)) || 1;
      const sum = element('div', { class: 'equation' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const panel = (title, tone, node) =>
        element(
          'div',
          { class: 'panel' },
          element('h4', { class: tone }, title),
          element('div', { class: 'scroll' }, node),
        );
      const titled = (title, rows) => `${title} ${rows.length} × ${rows[0].length}`;
      const grids = sides.map((one) => ({
        x: grid(one.image, { ...size(one.image), most }),
        y: grid(one.map, { ...size(one.image), most }),
      }));
      const show = () => {
        const i = Math.min(own.cell[0], map.length - 1),
          j = Math.min(own.cell[1], map[0].length - 1);
        own.cell = [i, j];
        const positions = [];
        for (let u = 0; u < wide; u++) for (let v = 0; v < wide; v++) positions.push([i * stride + u, j * stride + v]);
        for (const { x, y } of grids) {
          x.mark(positions, 'kernel');
          y.mark([[i, j]], 'output');
        }
        sum.replaceChildren(
          ...sides.map((one, k) =>
            element(
              'p',
              {},
              element('b', { class: 'output' }, `y[${i}, ${j}]`),
              ` = ${one.lines[i][j]} = `,
              element('b', { class: 'output' }, say(one.map[i][j], 7)),
              k ? ` (${words.after})` : '',
            ),
          ),
        );
        const results = sides.map((one) => say(one.map[i][j], 7));
        announcement.textContent = `${words.cell.replace('{i}', i).replace('{j}', j)}: ${results.join(', ')}`;
        root.dataset.cell = `${i},${j}`;
        root.dataset.value = map[i][j];
      };
      const focused = focusedIn(root)?.classList?.contains('grid');
      const parts = [
        element(
          'div',
          { class: 'row' },
          panel(titled(words.input, sides[0].image), 'input', grids[0].x.node),
          panel(titled(words.output, map), 'output', grids[0].y.node),
        ),
      ];
      if (sides.length > 1) {
        for (const [i, j] of data.changed) grids[1].y.cells[i][j].classList.add('changed');
        parts.push(
          element(
            'div',
            { class: 'row lower' },
            panel(titled(words.moved, sides[1].image), 'input', grids[1].x.node),
            panel(titled(words.after, sides[1].map), 'output', grids[1].y.node),
          ),
          element('p', { class: 'verdict' }, data.summary),
        );
      }
      redraw(
        root,
        ...parts,
        sum,
        element('p', { class: 'tip' }, `${data.arithmetic}. ${words.keys}`),
        announcement,
        asTable(words.table, sides[sides.length - 1].map),
      );
      grids.forEach(({ y }) =>
        walk(
          y.node,
          y.cells,
          words.map,
          () => own.cell,
          (i, j) => {
            if (own.cell[0] !== i || own.cell[1] !== j) {
              own.cell = [i, j];
              show();
            }
          },
        ),
      );
      if (focused) grids[0].y.node.focus();
      show();
    };
    draw();
    onResize(own, root, draw);
  });
