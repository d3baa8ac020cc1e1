/* Values before and after dropout, one mask per step; core computed all of them. */
import { asTable, cellSize, element, grid, mounted, onResize, say, walk } from '../../ui/browser/base.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words, whole, left } = data,
      last = left.length - 1,
      count = whole.length * whole[0].length;
    own.step = Math.min(own.step ?? 0, last);
    const telling = left[own.step].flat().findIndex((v) => v > 0),
      across = whole[0].length;
    own.cell ??= telling < 0 ? [0, 0] : [Math.floor(telling / across), telling % across];
    const draw = () => {
      const room = root.clientWidth || 600,
        wide = room > 640,
        columns = whole[0].length;
      const [i0, j0] = own.cell;
      own.cell = [Math.min(i0, whole.length - 1), Math.min(j0, columns - 1)];
      const cell = cellSize(wide ? (room - 40) / 2 : room, columns, 4, 40),
        small = columns > 12;
      const most = Math.max(...left.flat(2)),
        sized = { size: cell.size, letters: small ? 0 : cell.letters, scale: 'count', most };
      const short = (rows) => rows.map((row) => row.map((v) => +v.toFixed(2)));
      const before = grid(short(whole), { ...sized, tone: 'input' }),
        after = grid(short(left[own.step]), { ...sized, tone: 'output' });
      left[own.step].forEach((row, i) =>
        row.forEach((v, j) => {
          if (!v && whole[i][j]) after.cells[i][j].classList.add('beyond');
        }),
      );
      const readout = element('p', { class: 'tip' }),
        one = element('p', { class: 'equation' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const show = () => {
        const [i, j] = own.cell,
          k = own.step;
        before.mark([[i, j]], 'input');
        after.mark([[i, j]], 'output');
        one.textContent = words.number
          .replace('{before}', say(whole[i][j], 4))
          .replace('{after}', say(left[k][i][j], 4));
        readout.textContent = words.summary
          .replace('{kept}', data.kept[k])
          .replace('{count}', count)
          .replace('{share}', say(data.share, 3))
          .replace('{before}', say(data.sum, 4))
          .replace('{after}', say(data.sums[k], 4))
          .replace('{steps}', left.length)
          .replace('{mean}', say(data.mean, 4));
        announcement.textContent = `${words.after.replace('{k}', k + 1)}: ${one.textContent}. ${readout.textContent}`;
        root.dataset.step = k;
        root.dataset.cell = `${i},${j}`;
        root.dataset.value = left[k][i][j];
      };
      const to = (step) => {
        own.step = (step + last + 1) % (last + 1);
        draw();
        /** @type {HTMLElement | null} */ (root.querySelector('[role=application]'))?.focus();
      };
      walk(
        after.node,
        after.cells,
        words.label,
        () => own.cell,
        (i, j) => {
          if (own.cell[0] !== i || own.cell[1] !== j) {
            own.cell = [i, j];
            show();
          }
        },
      );
      const moves = after.node.onkeydown;
      after.node.onkeydown = (event) => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (by) {
          event.preventDefault();
          to(own.step + by);
        } else moves?.call(after.node, event);
      };
      const next = element('button', { type: 'button', style: 'margin-top: .4rem' }, words.next);
      next.onclick = () => {
        own.step = (own.step + 1) % (last + 1);
        draw();
        root.querySelector('button')?.focus();
      };
      const panel = (title, colour, node) =>
        element(
          'div',
          { class: 'panel' },
          element('h4', { class: colour }, title),
          element('div', { class: 'scroll' }, node),
        );
      root.replaceChildren(
        element(
          'div',
          { class: 'row' },
          panel(words.before, 'input', before.node),
          panel(words.after.replace('{k}', own.step + 1), 'output', after.node),
        ),
        one,
        readout,
        next,
        element('p', { class: 'tip' }, words.keys),
        announcement,
        asTable(words.table, left[own.step]),
      );
      show();
    };
    draw();
    onResize(own, root, draw);
  });
