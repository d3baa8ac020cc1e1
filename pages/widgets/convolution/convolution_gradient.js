/* Which products make up one value of a gradient. Only positions are worked out here; core computed every value. */
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

const brackets = (n) => (n < 0 ? `(${say(n)})` : say(n));

/**
 * For a weight [u, v] or a pixel [r, c]: [upstream cell, input cell, kernel cell] of every product it takes part in.
 * @param {'kernel' | 'input'} kind
 * @param {number[]} cell
 * @param {{ kernel: number[][], upstream: number[][], stride: number, flip: boolean }} convolution
 */
function productCells(kind, [r, c], { kernel, upstream, stride, flip }) {
  const kh = kernel.length,
    kw = kernel[0].length,
    products = [];
  upstream.forEach((row, i) =>
    row.forEach((_, j) => {
      for (let u = 0; u < kh; u++)
        for (let v = 0; v < kw; v++) {
          const weight = flip ? [kh - 1 - u, kw - 1 - v] : [u, v],
            pixel = [i * stride + u, j * stride + v];
          const here = kind === 'kernel' ? weight : pixel;
          if (here[0] === r && here[1] === c) products.push([[i, j], pixel, weight]);
        }
    }),
  );
  return products;
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const { image, kernel, upstream, words } = data;
    const gradients = { kernel: data.kernel_gradient, input: data.input_gradient };
    own.at ??= { kernel: [0, 0], input: [0, 0], upstream: [0, 0] };
    own.kind ??= gradients.kernel ? 'kernel' : 'input';
    const draw = () => {
      const room = root.clientWidth || 600;
      const sized = (rows, most) =>
        cellSize(
          Math.min(room, rows[0].length * (most + 1) + 8),
          rows[0].length,
          Math.max(...rows.flat().map((v) => say(v, 4).length)),
        );
      const made = (rows) => grid(rows, sized(rows, 38));
      const x = made(image),
        w = made(kernel),
        g = made(upstream);
      const drawn = {
        kernel: gradients.kernel && made(gradients.kernel),
        input: gradients.input && made(gradients.input),
      };
      const sum = element('p', { class: 'equation' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const panel = (title, colour, one) =>
        element(
          'div',
          { class: 'panel' },
          element('p', { class: `name ${colour}` }, title),
          element('div', { class: 'scroll' }, one.node),
        );
      const edit = element('div', { class: 'bar' });

      const showCell = () => {
        const kind = own.kind,
          rows = gradients[kind],
          position = (own.at[kind] = [
            Math.min(own.at[kind][0], rows.length - 1),
            Math.min(own.at[kind][1], rows[0].length - 1),
          ]);
        const products = productCells(kind, position, data),
          value = rows[position[0]][position[1]];
        g.mark(
          products.map((one) => one[0]),
          'gradient',
        );
        x.mark(kind === 'kernel' ? products.map((one) => one[1]) : [position], 'input');
        w.mark(kind === 'kernel' ? [position] : products.map((one) => one[2]), 'kernel');
        for (const one of Object.keys(drawn)) drawn[one]?.mark(one === kind ? [position] : [], 'gradient');
        const terms = products.map(([[i, j], [r, c], [u, v]]) => [
          upstream[i][j],
          kind === 'kernel' ? image[r][c] : kernel[u][v],
        ]);
        const name = kind === 'kernel' ? `∂L/∂w[${position}]` : `∂L/∂x[${position}]`;
        sum.replaceChildren(element('b', { class: 'gradient' }, name.replace(',', ', ')), ' = ');
        terms
          .slice(0, 25)
          .forEach(([a, b], k) =>
            sum.append(
              k ? ' + ' : '',
              element('b', { class: 'gradient' }, brackets(a)),
              '\u202F·\u202F',
              element('b', { class: kind === 'kernel' ? 'input' : 'kernel' }, brackets(b)),
            ),
          );
        sum.append(
          terms.length ? (terms.length > 25 ? ' + … = ' : ' = ') : `${words.nothing}: `,
          element('b', { class: 'gradient' }, say(value, 7)),
        );
        if (data.nudged) {
          const nudged = data.nudged[kind === 'kernel' ? 0 : 1][position[0]][position[1]];
          sum.append(`   (${words.nudged.replace('{value}', say(nudged, 7))})`);
        }
        announcement.textContent = `${name}: ${say(value, 7)}`;
        root.dataset.cell = `${kind},${position}`;
        root.dataset.value = value;
        root.dataset.terms = JSON.stringify(terms);
      };
      for (const kind of Object.keys(drawn))
        if (drawn[kind]) {
          walk(
            drawn[kind].node,
            drawn[kind].cells,
            words[`${kind}_map`],
            () => own.at[kind],
            (i, j) => {
              own.kind = kind;
              own.at[kind] = [i, j];
              showCell();
            },
          );
        }
      const [i, j] = (own.at.upstream = [
        Math.min(own.at.upstream[0], upstream.length - 1),
        Math.min(own.at.upstream[1], upstream[0].length - 1),
      ]);
      if (data.edit) {
        const send = (rows) => own.tell('upstream', rows);
        const field = element('input', { id: 'set', type: 'number', step: '1' }),
          label = element('span');
        const choose = (r, c) => {
          own.at.upstream = [r, c];
          field.value = upstream[r][c];
          label.textContent = words.set.replace('{i}', r).replace('{j}', c);
          for (const cell of g.cells.flat()) cell.style.outline = '';
          g.cells[r][c].style.outline = '2px dashed var(--ink)';
          root.dataset.upstream = `${r},${c}`;
        };
        field.onchange = () => {
          const [r, c] = own.at.upstream;
          if (Number.isFinite(field.valueAsNumber))
            send(upstream.map((row, a) => row.map((n, b) => (a === r && b === c ? field.valueAsNumber : n))));
        };
        const button = (id, text, put) => {
          const one = element('button', { type: 'button', id }, text);
          one.onclick = put;
          return one;
        };
        edit.append(
          element('label', {}, label, field),
          button('ones', words.ones, () => send(upstream.map((row) => row.map(() => 1)))),
          button('alone', words.alone, () => {
            const [r, c] = own.at.upstream;
            send(upstream.map((row, a) => row.map((_, b) => (a === r && b === c ? 1 : 0))));
          }),
        );
        walk(
          g.node,
          g.cells,
          words.upstream_map,
          () => own.at.upstream,
          choose,
          () => field.focus(),
        );
        g.node.onpointermove = null;
        choose(i, j);
      }
      const focus = focusedIn(root);
      const held = focus?.id ? `#${focus.id}` : null;
      const row = element(
        'div',
        { class: 'row' },
        panel(words.input, 'input', x),
        panel(words.weights, 'kernel', w),
        panel(words.upstream, 'gradient', g),
      );
      for (const kind of Object.keys(drawn))
        if (drawn[kind]) row.append(panel(words[`${kind}_gradient`], 'gradient', drawn[kind]));
      /** @type {Node[]} */
      const parts = [row, sum];
      if (data.edit) parts.push(edit);
      parts.push(element('p', { class: 'tip' }, words.keys), announcement);
      for (const kind of Object.keys(drawn))
        if (drawn[kind]) parts.push(asTable(words[`${kind}_table`], gradients[kind]));
      redraw(root, ...parts);
      if (held) /** @type {HTMLElement | null} */ (root.querySelector(held))?.focus();
      showCell();
    };
    draw();
    onResize(own, root, draw);
  });
