/* An image, what is laid over it, and the map of its answers; pointing at the map shows the patch. Core computed all
   numbers. */
import { cellSize, context2d, element, grid, mounted, onResize, redraw, say } from './base.js';

/**
 * Numbers as an image in the colours of the theme: one layer for each sign, its strength as a mask. Where all
 * numbers are far above zero, data.low is the palest.
 * @param {number[][]} rows
 * @param {number} cell
 * @param {number} most
 * @param {any} data
 */
function heat(rows, cell, most, data) {
  const low = data.low ?? 0;
  const height = rows.length,
    width = rows[0].length;
  const node = element('div', { class: 'heat', style: `width: ${width * cell}px; height: ${height * cell}px` });
  if (data.grey) {
    node.append(element('img', { src: data.grey, alt: '', class: 'shot', width: width * cell, height: height * cell }));
    return node;
  }
  for (const sign of [1, -1]) {
    const colour = sign > 0 ? 'positive' : 'negative';
    const canvas = element('canvas', { width, height }),
      pen = context2d(canvas),
      shot = pen.createImageData(width, height);
    rows.flat().forEach((value, k) => {
      shot.data[4 * k + 3] = Math.max(0, Math.min(1, (sign * value - low) / (most - low))) * 255;
    });
    pen.putImageData(shot, 0, 0);
    const large = element('canvas', { width: width * cell, height: height * cell }),
      brush = context2d(large);
    brush.imageSmoothingEnabled = false;
    brush.drawImage(canvas, 0, 0, width * cell, height * cell);
    node.append(
      element('div', { class: 'layer', style: `background: var(--${colour}); mask-image: url(${large.toDataURL()})` }),
    );
  }
  return node;
}

function frame(colour) {
  return element('div', { class: 'frame', style: `border-color: var(--${colour})` });
}

function put(outline, i, j, height, width, cell) {
  Object.assign(outline.style, {
    top: `${i * cell - 2}px`,
    left: `${j * cell - 2}px`,
    width: `${width * cell + 4}px`,
    height: `${height * cell + 4}px`,
  });
}

/* Pointer and arrow keys over an image of rows x columns cells. */
function roam(node, rows, columns, cell, label, at, go) {
  Object.assign(node, { tabIndex: 0 });
  node.setAttribute('role', 'application');
  node.setAttribute('aria-label', label);
  const held = (i, j) => go(Math.min(rows - 1, Math.max(0, i)), Math.min(columns - 1, Math.max(0, j)));
  node.onpointermove = node.onpointerdown = (event) => {
    const box = node.getBoundingClientRect();
    held(Math.floor((event.clientY - box.top) / cell), Math.floor((event.clientX - box.left) / cell));
  };
  node.onkeydown = (event) => {
    const [i, j] = at(),
      step = event.shiftKey ? 10 : 1;
    const to = {
      ArrowUp: [i - step, j],
      ArrowDown: [i + step, j],
      ArrowLeft: [i, j - step],
      ArrowRight: [i, j + step],
      Home: [i, 0],
      End: [i, columns - 1],
      PageUp: [0, j],
      PageDown: [rows - 1, j],
    }[event.key];
    if (to) {
      event.preventDefault();
      held(...to);
    }
  };
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const { map, words, patch, pads } = data,
      [height, width] = data.size,
      rows = map.length,
      columns = map[0].length;
    const most = Math.max(...map.flat().map(Math.abs)) || 1;
    own.cell ??= data.peaks[0];
    own.cell = [Math.min(own.cell[0], rows - 1), Math.min(own.cell[1], columns - 1)];
    const draw = () => {
      const room = root.clientWidth || 600,
        wide = room > 640;
      const cell = Math.max(
        1,
        Math.min(6, Math.floor((wide ? (room - 190) / 2 : room - 8) / Math.max(width, columns))),
      );
      const zoom = Math.max(2, Math.min(12, Math.floor(110 / Math.max(...patch))));
      const shot = (address, w, h, scale) =>
        element('img', { src: address, alt: '', width: w * scale, height: h * scale, class: 'shot' });
      const x = element('div', { class: 'heat' }, shot(data.image, width, height, cell)),
        seen = frame('kernel'),
        here = frame('output'),
        y = heat(map, cell, most, data);
      x.append(seen);
      y.append(here);
      const part = element('div', {
        class: 'part',
        style:
          `width: ${patch[1] * zoom}px; height: ${patch[0] * zoom}px; background-image: url(${data.image}); ` +
          `background-size: ${width * zoom}px ${height * zoom}px`,
      });
      const panel = (title, colour, node) =>
        element('div', { class: 'panel' }, element('h4', { class: colour, 'aria-level': '3' }, title), node);
      const laid = data.kernel
        ? shot(data.kernel, patch[1], patch[0], zoom)
        : grid(
            data.weights,
            cellSize(160, data.weights[0].length, Math.max(...data.weights.flat().map((v) => say(v, 4).length)), 34),
          ).node;
      const told = element('p', { class: 'equation' }),
        heard = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const showCell = () => {
        const [i, j] = own.cell;
        put(seen, i - pads[0], j - pads[1], ...patch, cell);
        put(here, i, j, 1, 1, cell);
        part.style.backgroundPosition = `${(pads[1] - j) * zoom}px ${(pads[0] - i) * zoom}px`;
        const sentence = words.cell.replace('{i}', i).replace('{j}', j).replace('{value}', say(map[i][j], 5));
        told.replaceChildren(element('b', { class: 'output' }, sentence));
        heard.textContent = sentence;
        root.dataset.cell = `${i},${j}`;
        root.dataset.value = map[i][j];
      };
      roam(
        y,
        rows,
        columns,
        cell,
        words.label,
        () => own.cell,
        (i, j) => {
          own.cell = [i, j];
          showCell();
        },
      );
      const strongest = element(
        'table',
        {},
        element(
          'tr',
          {},
          ['row', 'column', 'value'].map((name) => element('th', { scope: 'col' }, words[name])),
        ),
        data.peaks.map(([i, j]) =>
          element(
            'tr',
            {},
            [i, j, map[i][j]].map((v) => element('td', {}, say(v, 5))),
          ),
        ),
      );
      redraw(
        root,
        element(
          'div',
          { class: 'row' },
          panel(words.image, 'input', x),
          element(
            'div',
            { class: 'row narrow' },
            panel(words.template, 'kernel', laid),
            panel(words.patch, 'input', part),
          ),
          panel(words.map, 'output', y),
        ),
        told,
        element(
          'p',
          { class: 'tip' },
          data.low
            ? `${words.keys} ${words.scale.replace('{low}', say(data.low, 3)).replace('{most}', say(most, 3))}`
            : words.keys,
        ),
        heard,
        element(
          'details',
          {},
          element('summary', {}, words.table),
          element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': words.table }, strongest),
        ),
      );
      showCell();
    };
    draw();
    onResize(own, root, draw);
  });
