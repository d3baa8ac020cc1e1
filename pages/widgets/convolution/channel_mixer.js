/* One row per output map: the kernel and partial map of every input map, then the sum. Core computed all maps. */
import { asTable, element, grid, mounted, onResize, redraw, say, walk } from '../../ui/browser/base.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { x, w, b, parts, y, tones, words } = data,
      kh = w[0][0].length,
      kw = w[0][0][0].length;
    own.cell ??= [0, 0, 0];
    const bracket = (n) => (n < 0 ? `(${say(n)})` : say(n));
    const draw = () => {
      const room = root.clientWidth || 600,
        across = y[0][0].length;
      const longest = Math.max(...[x, w, parts, y].flat(Infinity).map((v) => say(v, 4).length));
      const needed = x.length * (kw + across) + across,
        size = Math.max(18, Math.min(38, Math.floor((room - 40 * x.length - 30) / needed) - 1));
      const fit = { size, letters: Math.max(8, Math.min(15, Math.floor((size - 3) / (longest * 0.58)))) };
      const top = Math.max(...[x, parts, y].flat(Infinity).map(Math.abs)) || 1;
      const make = (rows, most = top) => grid(rows, { ...fit, most });
      const sum = element('p', { class: 'equation' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const panel = (title, colour, node) =>
        element('div', { class: 'panel' }, element('h4', { class: colour, 'aria-level': '3' }, title), node);
      const inputs = x.map((rows, c) =>
          tones[c] ? grid(rows, { ...fit, most: top, scale: 'count', tone: tones[c] }) : make(rows),
        ),
        outputs = [],
        partials = [],
        kernels = [];
      const together = (...nodes) => element('div', { class: 'together' }, ...nodes);
      const sign = (text) => element('span', { class: 'sign' }, text);
      const lines = y.map((rows, m) => {
        const line = element('div', { class: 'mixed' });
        kernels.push(w[m].map((kernel) => make(kernel, Math.max(...w.flat(Infinity).map(Math.abs)) || 1)));
        partials.push(parts[m].map((part) => make(part)));
        outputs.push(make(rows));
        x.forEach((_, c) =>
          line.append(
            together(
              ...(c ? [sign('+')] : []),
              panel(`w[${m}, ${c}]`, 'kernel', kernels[m][c].node),
              panel(`x[${c}] ∗ w[${m}, ${c}]`, '', partials[m][c].node),
            ),
          ),
        );
        if (b[m]) line.append(sign(`${b[m] < 0 ? '\u2212' : '+'} ${say(Math.abs(b[m]))}`));
        line.append(together(sign('='), panel(`y[${m}]`, 'output', outputs[m].node)));
        return line;
      });
      const showCell = () => {
        const [m, i, j] = [
          Math.min(own.cell[0], y.length - 1),
          Math.min(own.cell[1], y[0].length - 1),
          Math.min(own.cell[2], across - 1),
        ];
        own.cell = [m, i, j];
        const field = [];
        for (let u = 0; u < kh; u++) for (let v = 0; v < kw; v++) field.push([i + u, j + v]);
        inputs.forEach((input) => input.mark(field, 'kernel'));
        y.forEach((_, k) => {
          outputs[k].mark(k === m ? [[i, j]] : [], 'output');
          partials[k].forEach((part) => part.mark(k === m ? [[i, j]] : [], 'input'));
        });
        sum.replaceChildren(element('b', { class: 'output' }, `y[${m}, ${i}, ${j}]`), ' = ');
        x.forEach((input, c) => {
          sum.append(c ? ' + (' : '(');
          field.forEach(([r, s], k) =>
            sum.append(
              k ? ' + ' : '',
              element('b', { class: 'input' }, bracket(input[r][s])),
              '\u202F·\u202F',
              element('b', { class: 'kernel' }, bracket(w[m][c][r - i][s - j])),
            ),
          );
          sum.append(')');
        });
        if (b[m]) sum.append(' + ', element('b', { class: 'kernel' }, bracket(b[m])));
        sum.append(
          ' = ',
          parts[m].map((part, c) => (c ? ' + ' : '') + bracket(part[i][j])).join(''),
          b[m] ? ` + ${bracket(b[m])}` : '',
          ' = ',
          element('b', { class: 'output' }, say(y[m][i][j])),
        );
        const where = words.cell.replace('{m}', m).replace('{i}', i).replace('{j}', j),
          added = [...parts[m].map((part) => part[i][j]), ...(b[m] ? [b[m]] : [])].map((v) => say(v));
        const sentence = `${where}: ${added.join(' + ')} = ${say(y[m][i][j])}`;
        announcement.textContent = sentence;
        root.dataset.cell = own.cell.join(',');
        root.dataset.value = `${own.cell}: ${y[m][i][j]}`;
      };
      outputs.forEach((output, m) =>
        walk(
          output.node,
          output.cells,
          words.label.replace('{m}', m),
          () => own.cell.slice(1),
          (i, j) => {
            own.cell = [m, i, j];
            showCell();
          },
        ),
      );
      redraw(
        root,
        element(
          'div',
          { class: 'row' },
          inputs.map((input, c) => panel(`${words.input.replace('{c}', c)}: x[${c}]`, 'input', input.node)),
        ),
        ...lines,
        sum,
        element('p', { class: 'tip' }, words.keys),
        announcement,
        ...y.map((rows, m) => asTable(words.table.replace('{m}', m), rows)),
      );
      showCell();
    };
    draw();
    onResize(own, root, draw);
  });
