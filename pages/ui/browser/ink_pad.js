/* A pad to draw on, as large as the images of a network, grey or in colours: mouse, finger, pen and keyboard. */
import { context2d, element } from './base.js';

/** @typedef {{ rows: number, columns: number, values: Uint8Array }} Paper values: channels x rows x columns */

/** Of MNIST's 28 cells: a pen inks fully within CORE of its path, and not beyond REACH. */
const PEN = { side: 28, reach: 1.65, core: 0.65 };

/**
 * Inks `paper` along a line between two points, in cells. `before` is the paper without this stroke, `cover` how much
 * of each cell the stroke has covered so far: a stroke that crosses itself is not darker there.
 * @param {Paper} paper
 * @param {{ before: Uint8Array, cover: Float64Array }} stroke
 * @param {number[]} from
 * @param {number[]} to
 * @param {number[]} colour one value a channel
 */
export function inkLine({ rows, columns, values }, { before, cover }, [x1, y1], [x2, y2], colour) {
  const scale = Math.max(rows, columns) / PEN.side,
    soft = Math.max(0.8, (PEN.reach - PEN.core) * scale),
    reach = Math.max(0.4, PEN.core * scale) + soft;
  const dx = x2 - x1,
    dy = y2 - y1,
    long = dx * dx + dy * dy || 1;
  const first = (/** @type {number} */ a, /** @type {number} */ b) => Math.max(0, Math.floor(Math.min(a, b) - reach)),
    last = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ side) =>
      Math.min(side - 1, Math.ceil(Math.max(a, b) + reach));
  for (let r = first(y1, y2); r <= last(y1, y2, rows); r++)
    for (let c = first(x1, x2); c <= last(x1, x2, columns); c++) {
      const t = Math.max(0, Math.min(1, ((c + 0.5 - x1) * dx + (r + 0.5 - y1) * dy) / long));
      const far = Math.hypot(c + 0.5 - x1 - t * dx, r + 0.5 - y1 - t * dy),
        share = Math.max(0, Math.min(1, (reach - far) / soft)),
        cell = r * columns + c;
      if (share <= cover[cell]) continue;
      cover[cell] = share;
      colour.forEach((level, channel) => {
        const at = channel * rows * columns + cell;
        values[at] = Math.round(before[at] + share * (level - before[at]));
      });
    }
}

/**
 * Paints an image of one or three channels.
 * @param {HTMLCanvasElement} canvas
 * @param {Paper} paper
 */
export function paintPaper(canvas, { rows, columns, values }) {
  canvas.width = columns;
  canvas.height = rows;
  const pen = context2d(canvas),
    image = pen.createImageData(columns, rows),
    cells = rows * columns,
    colours = values.length === cells ? [0, 0, 0] : [0, cells, 2 * cells];
  for (let k = 0; k < cells; k++) image.data.set([...colours.map((start) => values[start + k]), 255], 4 * k);
  pen.putImageData(image, 0, 0);
}

/**
 * The pad. `colour()` is the ink's; moved() is called whenever pen or ink move, lifted() when a stroke has ended,
 * hear() gets what a screen reader says. press() puts the pen down where it is, or lifts it.
 * @param {{ paper: Paper, colour: () => number[], words: Record<string, string>, width: number,
 *   moved: () => void, lifted: () => void, hear: (text: string) => void }} options
 */
export function inkPad({ paper, colour, words, width, moved, lifted, hear }) {
  const { rows, columns } = paper,
    unit = width / columns,
    stride = Math.max(1, Math.round(Math.max(rows, columns) / PEN.side));
  const canvas = element('canvas', { class: 'draw-ink', 'aria-hidden': 'true' }),
    pen = element('span', { class: 'draw-pen', 'aria-hidden': 'true' });
  const node = element(
    'div',
    {
      class: 'draw-pad',
      style: `width:${width}px;height:${rows * unit}px`,
      tabindex: '0',
      role: 'application',
      'aria-label': words.pad.replace('{rows}', String(rows)).replace('{columns}', String(columns)),
    },
    canvas,
    pen,
  );
  let at = [columns / 2 - 0.5, rows / 4 - 0.5],
    down = false,
    drawing = false,
    stroke = { before: paper.values, cover: new Float64Array(0) };
  const isDown = () => down || drawing;
  const paint = () => {
    paintPaper(canvas, paper);
    pen.className = `draw-pen${isDown() ? ' down' : ''}`;
    Object.assign(pen.style, { left: `${at[0] * unit}px`, top: `${at[1] * unit}px` });
    Object.assign(node.dataset, { pen: at.map((v) => v.toFixed(1)), down: isDown() });
    moved();
  };
  const move = (/** @type {number[]} */ to, /** @type {boolean} */ inked) => {
    const held = to.map((v, axis) => Math.max(0.5, Math.min([columns, rows][axis] - 0.5, v)));
    if (inked) inkLine(paper, stroke, at, held, colour());
    at = held;
    paint();
  };
  const begin = () => {
    stroke = { before: paper.values.slice(), cover: new Float64Array(rows * columns) };
    move(at, true);
  };
  const end = () => {
    down = drawing = false;
    paint();
    lifted();
  };
  const tell = () =>
    hear(
      words.spot
        .replace('{pen}', down ? words.down : words.up)
        .replace('{row}', String(Math.floor(at[1]) + 1))
        .replace('{column}', String(Math.floor(at[0]) + 1)),
    );
  const press = () => {
    if (down) {
      end();
    } else {
      down = true;
      begin();
    }
    tell();
  };
  const place = (/** @type {PointerEvent} */ event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * columns, ((event.clientY - box.top) / box.height) * rows];
  };
  node.onpointerdown = (event) => {
    if (event.button) return;
    event.preventDefault();
    node.focus({ preventScroll: true });
    node.setPointerCapture(event.pointerId);
    down = false;
    drawing = true;
    at = place(event);
    begin();
  };
  node.onpointermove = (event) => {
    if (!drawing) {
      if (!down) move(place(event), false);
      return;
    }
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length ? all : [event]) move(place(one), true);
  };
  node.onpointerup = node.onpointercancel = () => {
    if (drawing) end();
  };
  node.ontouchmove = (event) => event.preventDefault();
  node.onblur = () => {
    if (down) end();
  };
  node.onkeydown = (event) => {
    const by = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (by) {
      event.preventDefault();
      move([at[0] + stride * by[0], at[1] + stride * by[1]], down);
      tell();
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      press();
    } else if (event.key === 'Escape' && down) {
      event.stopPropagation();
      press();
    }
  };
  return { node, paint, press, isDown, position: () => at };
}
