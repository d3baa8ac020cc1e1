/* Shows which cells of a window receive the upstream gradient. Core computed the shares and the gradient. */
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
    const { table, map, upstream, gradient, shares, window, stride, words } = data;
    own.at ??= [0, 0];
    const draw = () => {
      const room = root.clientWidth || 600;
      const made = (rows, more) =>
        grid(rows, {
          ...cellSize(
            Math.min(room, rows[0].length * 43 + 8),
            rows[0].length,
            Math.max(...rows.flat().map((v) => say(v, 4).length)),
          ),
          ...more,
        });
      const x = made(table, { scale: 'count', tone: 'input', low: Math.min(...table.flat()) }),
        y = made(map, { scale: 'count', tone: 'output', low: Math.min(...table.flat()) });
      const g = made(upstream),
        dx = made(gradient);
      const sum = element('p', { class: 'equation' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const field = element('input', { id: 'set', type: 'number', step: '1' }),
        label = element('span');
      const panel = (title, colour, one) =>
        element(
          'div',
          { class: 'panel' },
          element('p', { class: `name ${colour}` }, title),
          element('div', { class: 'scroll' }, one.node),
        );
      const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
      const winners = shares.flat(2);
      for (const [r, c, share] of winners) if (share === 1) x.cells[r][c].style.fontWeight = '700';
      const showCell = () => {
        const [i, j] = (own.at = [
          Math.min(own.at[0], upstream.length - 1),
          Math.min(own.at[1], upstream[0].length - 1),
        ]);
        const value = upstream[i][j],
          got = shares[i][j],
          inside = [];
        for (let u = 0; u < window; u++) for (let v = 0; v < window; v++) inside.push([i * stride + u, j * stride + v]);
        const positions = got.map(([r, c]) => [r, c]);
        for (const cell of x.cells.flat()) cell.style.outline = '';
        for (const [r, c] of inside) x.cells[r][c].style.outline = '1px dashed var(--input)';
        x.mark(positions, 'input');
        y.mark([[i, j]], 'output');
        g.mark([[i, j]], 'gradient');
        dx.mark(positions, 'gradient');
        sum.replaceChildren(element('b', { class: 'gradient' }, fill(words.says, { i, j, value: say(value) })), ' ');
        got.forEach(([r, c, share], k) =>
          sum.append(
            k ? ';  ' : '',
            fill(words.cell, {
              r,
              c,
              x: say(table[r][c]),
              share: say(share, 4),
              value: say(value),
              part: say(share * value),
            }),
          ),
        );
        label.textContent = fill(words.set, { i, j });
        field.value = value;
        announcement.textContent = sum.textContent;
        root.dataset.cell = `${i},${j}`;
        root.dataset.value = value;
      };
      walk(
        g.node,
        g.cells,
        words.upstream_map,
        () => own.at,
        (i, j) => {
          own.at = [i, j];
          showCell();
        },
        () => field.focus(),
      );
      const send = (rows) => own.tell('upstream', rows);
      field.onchange = () => {
        if (Number.isFinite(field.valueAsNumber))
          send(
            upstream.map((row, a) => row.map((n, b) => (a === own.at[0] && b === own.at[1] ? field.valueAsNumber : n))),
          );
      };
      const ones = element('button', { type: 'button', id: 'ones' }, words.ones);
      ones.onclick = () => send(upstream.map((row) => row.map(() => 1)));
      const held = focusedIn(root)?.id;
      redraw(
        root,
        element(
          'div',
          { class: 'row' },
          panel(words.table, 'input', x),
          panel(words.map, 'output', y),
          panel(words.upstream, 'gradient', g),
          panel(words.gradient, 'gradient', dx),
        ),
        sum,
        ...(data.edit ? [element('div', { class: 'bar' }, element('label', {}, label, field), ones)] : []),
        element('p', { class: 'tip' }, words.keys),
        announcement,
        asTable(words.numbers, gradient),
      );
      if (held) /** @type {HTMLElement | null} */ (root.querySelector(`#${held}`))?.focus();
      showCell();
    };
    draw();
    onResize(own, root, draw);
  });
