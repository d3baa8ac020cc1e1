/* Shows what core computed: the padded image, the kernel as it is applied, and the output map. */
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

function inBrackets(n) {
  return n < 0 ? `(${say(n)})` : say(n);
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const { image, kernel, map, pads, stride, dilation, words } = data;
    const [top, bottom, left, right] = pads,
      kh = kernel.length,
      kw = kernel[0].length;
    own.cell ??= data.start;
    const draw = () => {
      const room = root.clientWidth || 600,
        wide = room > 640;
      const longest = (rows) => Math.max(...rows.flat().map((v) => say(v, 4).length));
      const share = wide ? room - 60 : room;
      const columns = image[0].length,
        all = columns + kw + map[0].length;
      const fit = (rows) => cellSize(wide ? (share * rows[0].length) / all : room, rows[0].length, longest(rows));
      const same = Math.min(fit(image).size, fit(map).size),
        least = Math.max(same, 8);
      const sized = (rows, most) =>
        cellSize(rows[0].length * (Math.min(most, 44) + 1) + 8, rows[0].length, longest(rows));
      const high = image.length,
        lastRow = high - bottom,
        lastColumn = columns - right;
      const x = grid(image, {
        ...sized(image, least),
        scale: data.scale === 'grey' ? 'grey' : 'signed',
        most: data.scale === 'grey' ? 255 : data.most,
        beyond: (i, j) => i < top || i >= lastRow || j < left || j >= lastColumn,
      });
      const w = grid(kernel, sized(kernel, kh * kw > 49 ? least : Math.max(least, 34)));
      const y = grid(map, sized(map, least));
      const sum = element('p', { class: 'equation' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const code = element('div', { class: 'scroll' });
      const panel = (title, colour, node) =>
        element(
          'div',
          { class: 'panel' },
          element('h4', { class: colour, 'aria-level': 3 }, title),
          element('div', { class: 'scroll' }, node),
        );
      const size = (rows) => ` ${rows.length} × ${rows[0].length}`;
      const showCell = () => {
        const i = Math.min(own.cell[0], map.length - 1),
          j = Math.min(own.cell[1], map[0].length - 1);
        own.cell = [i, j];
        const positions = [],
          terms = [];
        for (let u = 0; u < kh; u++)
          for (let v = 0; v < kw; v++) positions.push([i * stride + u * dilation, j * stride + v * dilation, u, v]);
        x.mark(positions, 'kernel');
        y.mark([[i, j]], 'output');
        for (const [r, c, u, v] of positions) terms.push([image[r][c], kernel[u][v]]);
        const value = map[i][j];
        sum.replaceChildren(element('b', { class: 'output' }, `y[${i}, ${j}]`), ' = ');
        const few = terms.length <= 25 ? terms : terms.slice(0, 12);
        few.forEach(([a, b], k) =>
          sum.append(
            k ? ' + ' : '',
            element('b', { class: 'input' }, inBrackets(a)),
            '\u202F·\u202F',
            element('b', { class: 'kernel' }, inBrackets(b)),
          ),
        );
        if (few.length < terms.length) sum.append(' + …');
        sum.append(' = ');
        if (few.length === terms.length)
          sum.append(terms.map(([a, b], k) => (k ? ' + ' : '') + inBrackets(+(a * b).toPrecision(12))).join(''), ' = ');
        sum.append(element('b', { class: 'output' }, say(value, 7)));
        root.dataset.cell = `${i},${j}`;
        root.dataset.value = value;
        root.dataset.terms = JSON.stringify(terms);
        announcement.textContent = `${words.cell.replace('{i}', i).replace('{j}', j)}: ${say(value, 7)}`;
        const span = (at, n) => `${at}:${at + (n - 1) * dilation + 1}${dilation > 1 ? `:${dilation}` : ''}`;
        const blank = { i, j, rows: span(i * stride, kh), columns: span(j * stride, kw) };
        const readout = Object.entries(data.code)
          .map(([order, line]) => `# ${order}\n${line.replace(/\{(\w+)\}/g, (_, name) => blank[name])}`)
          .concat(Object.entries(data.lines).map(([label, line]) => `# ${label}\n${line}`));
        code.replaceChildren(element('pre', { class: 'code', tabindex: '0' }, readout.join('\n\n')));
      };
      walk(
        y.node,
        y.cells,
        words.map,
        () => own.cell,
        (i, j) => {
          if (own.cell[0] !== i || own.cell[1] !== j) {
            own.cell = [i, j];
            showCell();
          }
        },
      );
      const focused = focusedIn(root)?.classList?.contains('grid');
      /** @type {Node[]} */
      const parts = [
        element(
          'div',
          { class: 'row' },
          panel(words.input + size(image), 'input', x.node),
          panel(words.weights + size(kernel), 'kernel', w.node),
          panel(words.output + size(map), 'output', y.node),
        ),
        sum,
        element('p', { class: 'tip' }, `${data.arithmetic}. ${words.keys}`),
        announcement,
      ];
      if (Object.keys(data.code).length) parts.push(element('details', {}, element('summary', {}, words.code), code));
      parts.push(asTable(words.table, map));
      redraw(root, ...parts);
      if (focused) y.node.focus();
      showCell();
    };
    draw();
    onResize(own, root, draw);
  });
