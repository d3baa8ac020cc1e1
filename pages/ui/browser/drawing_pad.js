/* A pad of 28 x 28 cells with a soft pen, for mouse, finger, stylus and keyboard. Each move is told at once; nothing
   leaves the browser. */
import { element } from './base.js';

export const PAD_SIDE = 28;
const PEN_REACH = 1.65,
  PEN_CORE = 0.65;

/**
 * Ink along a line between two points, in cells: full within PEN_CORE of the line, none beyond PEN_REACH.
 * @param {Uint8Array} ink
 * @param {number[]} from
 * @param {number[]} to
 */
export function inkAlong(ink, [x1, y1], [x2, y2]) {
  const dx = x2 - x1,
    dy = y2 - y1,
    long = dx * dx + dy * dy || 1;
  const low = (/** @type {number} */ a, /** @type {number} */ b) => Math.max(0, Math.floor(Math.min(a, b) - 2)),
    high = (/** @type {number} */ a, /** @type {number} */ b) => Math.min(PAD_SIDE - 1, Math.ceil(Math.max(a, b) + 2));
  for (let r = low(y1, y2); r <= high(y1, y2); r++)
    for (let c = low(x1, x2); c <= high(x1, x2); c++) {
      const t = Math.max(0, Math.min(1, ((c + 0.5 - x1) * dx + (r + 0.5 - y1) * dy) / long));
      const far = Math.hypot(c + 0.5 - x1 - t * dx, r + 0.5 - y1 - t * dy);
      const level = Math.round(255 * Math.max(0, Math.min(1, (PEN_REACH - far) / (PEN_REACH - PEN_CORE))));
      if (level > ink[r * PAD_SIDE + c]) ink[r * PAD_SIDE + c] = level;
    }
}

/**
 * The pad. `moved()` is called after each change of the ink, `lifted()` when a stroke ends.
 * @param {{ words: Record<string, string>, ink: Uint8Array, moved: () => void, lifted: () => void,
 *   hear: (text: string) => void }} options
 */
export function drawingPad({ words, ink, moved, lifted, hear }) {
  const canvas = element('canvas', { class: 'pad-ink', 'aria-hidden': 'true', width: PAD_SIDE, height: PAD_SIDE }),
    over = element('canvas', { class: 'pad-over', 'aria-hidden': 'true' }),
    pen = element('span', { class: 'pad-pen', 'aria-hidden': 'true' });
  const node = element(
    'div',
    { class: 'pad', tabindex: '0', role: 'application', 'aria-label': words.pad },
    canvas,
    over,
    pen,
  );
  let at = [PAD_SIDE / 2, PAD_SIDE / 4],
    down = false,
    drawing = false;
  const showPen = () => {
    pen.className = `pad-pen${down || drawing ? ' down' : ''}`;
    Object.assign(pen.style, { left: `${(100 * at[0]) / PAD_SIDE}%`, top: `${(100 * at[1]) / PAD_SIDE}%` });
    Object.assign(node.dataset, { pen: at.map((v) => v.toFixed(1)).join(), down: String(down || drawing) });
  };
  const move = (/** @type {number[]} */ to, /** @type {boolean} */ inked) => {
    const held = to.map((v) => Math.max(0.5, Math.min(PAD_SIDE - 0.5, v)));
    if (inked) inkAlong(ink, at, held);
    at = held;
    showPen();
  };
  const end = () => {
    down = drawing = false;
    showPen();
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
      return;
    }
    down = true;
    move(at, true);
    moved();
    tell();
  };
  const place = (/** @type {PointerEvent} */ event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * PAD_SIDE, ((event.clientY - box.top) / box.height) * PAD_SIDE];
  };
  node.onpointerdown = (event) => {
    if (event.button) return;
    event.preventDefault();
    node.focus({ preventScroll: true });
    node.setPointerCapture(event.pointerId);
    down = false;
    drawing = true;
    at = place(event);
    move(at, true);
    moved();
  };
  node.onpointermove = (event) => {
    if (!drawing) {
      if (!down) move(place(event), false);
      return;
    }
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length ? all : [event]) move(place(one), true);
    moved();
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
      move([at[0] + by[0], at[1] + by[1]], down);
      if (down) moved();
      tell();
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      press();
    } else if (event.key === 'Escape' && down) {
      event.stopPropagation();
      press();
    }
  };
  showPen();
  return { node, canvas, over, press, isDown: () => down || drawing };
}
