/* Shared: small drawings of curves and planes with axes, steered by pointer and arrow keys. */
import { context2d, element, say } from './base.js';
import { svgElement } from './svg.js';

/** @typedef {Record<'paper' | 'ink' | 'up' | 'down' | 'output', number[]>} Shades */

/**
 * Round numbers between two ends, about `many` of them.
 * @param {number} low
 * @param {number} high
 * @returns {number[]}
 */
function ticks(low, high, many = 5) {
  const raw = (high - low) / many,
    power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= raw * 0.999) ?? raw;
  const found = [];
  for (let t = Math.ceil(low / step - 1e-9) * step; t <= high + step * 1e-9; t += step)
    found.push(Math.abs(t) < step * 1e-9 ? 0 : t);
  return found;
}

/**
 * An SVG with axes. x, y: [low, high]; names: [below, beside]. Returns { node, area, px(x), py(y), inverse(pixel x,
 * pixel y), line(points, class), dot(x, y, class), clear() }: what line and dot draw is in `area` and goes with
 * clear().
 * @param {{ width: number, height: number, x: [number, number], y: [number, number], names?: string[] }} options
 */
export function plot({ width, height, x, y, names = ['', ''] }) {
  const left = 46,
    right = 10,
    top = 10,
    bottom = names[0] ? 40 : 24;
  /** @type {(value: number) => number} */
  const px = (v) => left + ((v - x[0]) / (x[1] - x[0])) * (width - left - right);
  /** @type {(value: number) => number} */
  const py = (v) => height - bottom - ((v - y[0]) / (y[1] - y[0])) * (height - top - bottom);
  const node = svgElement('svg', { class: 'plot', width, height, viewBox: `0 0 ${width} ${height}` });
  const area = svgElement('g', {});
  for (const t of ticks(...x, Math.max(3, Math.round(width / 90))))
    node.append(
      svgElement('line', { class: t === 0 ? 'zero' : 'rule', x1: px(t), x2: px(t), y1: top, y2: height - bottom }),
      svgElement('text', { x: px(t), y: height - bottom + 16, 'text-anchor': 'middle' }, say(t, 3)),
    );
  for (const t of ticks(...y, Math.max(3, Math.round(height / 50))))
    node.append(
      svgElement('line', { class: t === 0 ? 'zero' : 'rule', x1: left, x2: width - right, y1: py(t), y2: py(t) }),
      svgElement('text', { x: left - 6, y: py(t) + 4, 'text-anchor': 'end' }, say(t, 3)),
    );
  if (names[0])
    node.append(
      svgElement('text', { x: (left + width - right) / 2, y: height - 6, 'text-anchor': 'middle' }, names[0]),
    );
  if (names[1]) node.append(svgElement('text', { x: left + 6, y: top + 12, 'text-anchor': 'start' }, names[1]));
  /** @type {(value: number) => number} */
  const held = (v) => Math.min(y[1] + (y[1] - y[0]), Math.max(y[0] - (y[1] - y[0]), v));
  const clip = `clip-${Math.random().toString(36).slice(2)}`;
  node.append(
    svgElement(
      'defs',
      {},
      svgElement(
        'clipPath',
        { id: clip },
        svgElement('rect', { x: left, y: top - 4, width: width - left - right, height: height - top - bottom + 8 }),
      ),
    ),
  );
  area.setAttribute('clip-path', `url(#${clip})`);
  node.append(area);
  return {
    node,
    area,
    px,
    py,
    inverse: (/** @type {number} */ a, /** @type {number} */ b) => [
      x[0] + ((a - left) / (width - left - right)) * (x[1] - x[0]),
      y[0] + ((height - bottom - b) / (height - top - bottom)) * (y[1] - y[0]),
    ],
    /** @type {(points: number[][], kind: string) => void} */
    line(points, kind) {
      const path = points
        .filter((p) => p.every(Number.isFinite))
        .map(([a, b], k) => `${k ? 'L' : 'M'}${px(a).toFixed(1)} ${py(held(b)).toFixed(1)}`)
        .join('');
      area.append(svgElement('path', { class: `curve ${kind}`, d: path }));
    },
    /** @type {(a: number, b: number, kind: string, r?: number) => void} */
    dot(a, b, kind, r = 5) {
      area.append(svgElement('circle', { class: `dot ${kind}`, cx: px(a), cy: py(held(b)), r }));
    },
    clear() {
      area.replaceChildren();
    },
  };
}

/**
 * Pointer and arrow keys over a drawing: go(x, y) in its own numbers, held between the ends of x and of y; `at()` is
 * the present place, `step` how far a key goes, press() answers a click, Enter or the space bar.
 * @param {HTMLElement | SVGElement} node
 * @param {string} label for a screen reader
 * @param {{ inverse: (a: number, b: number) => number[], x: number[], y?: number[] | null,
 *   at: () => number[], step: number, go: (a: number, b: number) => void, press?: () => void }} options
 */
export function steer(node, label, { inverse, x, y, at, step, go, press }) {
  node.setAttribute('tabindex', '0');
  node.setAttribute('role', 'application');
  node.setAttribute('aria-label', label);
  const held = (/** @type {number[]} */ [a, b]) =>
    go(Math.min(x[1], Math.max(x[0], a)), y ? Math.min(y[1], Math.max(y[0], b)) : b);
  const place = (/** @type {PointerEvent} */ event) => {
    const box = node.getBoundingClientRect();
    return inverse(event.clientX - box.left, event.clientY - box.top);
  };
  node.onpointermove = (event) => held(place(event));
  node.onpointerdown = (event) => {
    held(place(event));
    press?.();
  };
  node.onkeydown = (event) => {
    const [a, b] = at();
    const to = {
      ArrowLeft: [a - step, b],
      ArrowRight: [a + step, b],
      ArrowUp: [a, b + step],
      ArrowDown: [a, b - step],
      Home: [x[0], b],
      End: [x[1], b],
    }[event.key];
    if (to) {
      event.preventDefault();
      held(to);
    } else if ((event.key === 'Enter' || event.key === ' ') && press) {
      event.preventDefault();
      press();
    }
  };
}

/**
 * The colours of the theme as [r, g, b], for canvases.
 * @param {HTMLElement} root
 * @returns {Shades}
 */
export function shades(root) {
  const pen = context2d(document.createElement('canvas'), { willReadFrequently: true });
  const style = getComputedStyle(root);
  const one = (/** @type {string} */ name) => {
    pen.fillStyle = style.getPropertyValue(name).trim() || '#888';
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  return {
    paper: one('--paper'),
    ink: one('--ink'),
    up: one('--positive'),
    down: one('--negative'),
    output: one('--output'),
  };
}

/**
 * `share` (0..1) of the way from paper to tone.
 * @param {number[]} paper
 * @param {number[]} tone
 * @param {number} share
 */
function mixed(paper, tone, share) {
  return paper.map((c, k) => c + (tone[k] - c) * share);
}

/**
 * Paints value(x1, x2) in -1..1 over a canvas of `cells` x `cells` dots: blue above zero, orange below. Returns the
 * line where side(x1, x2) is zero, as a path with x2 upwards negative (linear interpolation between neighbouring
 * dots).
 * @param {HTMLCanvasElement} canvas
 * @param {number} cells
 * @param {number} low
 * @param {number} high
 * @param {(x1: number, x2: number) => number} value
 * @param {Shades} colours
 * @param {(x1: number, x2: number) => number} [side]
 * @returns {string}
 */
export function paintPlane(canvas, cells, low, high, value, colours, side = value) {
  canvas.width = canvas.height = cells;
  const pen = context2d(canvas),
    image = pen.createImageData(cells, cells),
    sides = [];
  const step = (high - low) / cells;
  const place = (/** @type {number} */ k) => low + (k + 0.5) * step;
  for (let r = 0; r < cells; r++)
    for (let c = 0; c < cells; c++) {
      const x = /** @type {[number, number]} */ ([place(c), place(cells - 1 - r)]),
        v = Math.max(-1, Math.min(1, value(...x)));
      image.data.set(
        [...mixed(colours.paper, v > 0 ? colours.up : colours.down, 0.12 + 0.5 * Math.abs(v)), 255],
        4 * sides.length,
      );
      sides.push(side === value ? v : side(...x));
    }
  pen.putImageData(image, 0, 0);
  return zeroLine(
    sides,
    cells,
    (c) => place(c),
    (r) => -place(cells - 1 - r),
  );
}

/**
 * @param {number[]} values
 * @param {number} cells
 * @param {(column: number) => number} across
 * @param {(row: number) => number} down
 */
function zeroLine(values, cells, across, down) {
  const pieces = [];
  for (let r = 0; r + 1 < cells; r++)
    for (let c = 0; c + 1 < cells; c++) {
      const corners = [
        [r, c],
        [r, c + 1],
        [r + 1, c + 1],
        [r + 1, c],
      ];
      /** @type {string[]} */
      const crossings = [];
      corners.forEach(([r1, c1], k) => {
        const [r2, c2] = corners[(k + 1) % 4],
          a = values[r1 * cells + c1],
          z = values[r2 * cells + c2];
        if (a > 0 === z > 0) return;
        const t = a / (a - z);
        const between = (/** @type {number} */ from, /** @type {number} */ to) => (from + t * (to - from)).toFixed(3);
        crossings.push(`${between(across(c1), across(c2))} ${between(down(r1), down(r2))}`);
      });
      for (let k = 0; k + 1 < crossings.length; k += 2) pieces.push(`M${crossings[k]}L${crossings[k + 1]}`);
    }
  return pieces.join('');
}

/**
 * The line of paintPlane, and the names of both axes, for the drawing over a plane from -edge to edge.
 * @param {string} path
 * @param {number} edge
 */
export function overPlane(path, edge) {
  /** @type {(text: string, x: number, y: number) => SVGTextElement} */
  const name = (text, x, y) =>
    svgElement(
      'text',
      { x, y, 'font-size': edge * 0.09, fill: 'var(--ink)', 'text-anchor': 'middle', 'font-family': 'var(--st-font)' },
      text,
    );
  return [
    svgElement('path', { d: path, fill: 'none', stroke: 'var(--ink)', 'stroke-width': edge * 0.022 }),
    name('x₁', edge * 0.94, edge * 0.97),
    name('x₂', -edge * 0.94, -edge * 0.9),
  ];
}

/**
 * Paints a small image, rows x columns of numbers in -most..most (signed) or 0..most (grey: white on black).
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} flat
 * @param {number} columns
 * @param {number} most
 * @param {Shades} colours
 * @param {boolean} [grey]
 */
export function paintImage(canvas, flat, columns, most, colours, grey = false) {
  canvas.width = columns;
  canvas.height = flat.length / columns;
  const pen = context2d(canvas),
    image = pen.createImageData(canvas.width, canvas.height);
  flat.forEach((v, k) => {
    const share = Math.min(1, Math.abs(v) / (most || 1));
    image.data.set(
      [
        ...(grey
          ? [255 * share, 255 * share, 255 * share]
          : mixed(colours.paper, v > 0 ? colours.up : colours.down, share)),
        255,
      ],
      4 * k,
    );
  });
  pen.putImageData(image, 0, 0);
}

/**
 * Rows of numbers (or words) under a heading each; the first of a row names it.
 * @param {(string | number)[]} heads
 * @param {(string | number | null)[][]} rows
 */
function tableOf(heads, rows) {
  const words = (/** @type {string | number | null} */ v) => (v === null ? '∞' : typeof v === 'string' ? v : say(v, 4));
  const body = rows.map(([x, ...rest]) =>
    element('tr', {}, element('th', { scope: 'row' }, words(x)), ...rest.map((v) => element('td', {}, words(v)))),
  );
  return element(
    'table',
    {},
    element('tr', {}, ...heads.map((h) => element('th', { scope: 'col' }, typeof h === 'string' ? h : say(h, 4)))),
    ...body,
  );
}

/**
 * Such a table, folded away.
 * @param {string} title
 * @param {(string | number)[]} heads
 * @param {(string | number | null)[][]} rows
 */
export function folded(title, heads, rows) {
  return element(
    'details',
    {},
    element('summary', {}, title),
    element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': title }, tableOf(heads, rows)),
  );
}

/**
 * A table of what is shown now: `make()` gives its [heads, rows], asked when it is opened and by refresh() while it is
 * open. Whether it is open outlasts a new drawing.
 * @param {any} own
 * @param {string} title
 * @param {() => [(string | number)[], (string | number | null)[][]]} make
 */
export function live(own, title, make) {
  const region = element('div', { class: 'scroll tall', tabindex: '0', role: 'region', 'aria-label': title });
  const summary = element('summary', {}, title),
    node = element('details', {}, summary, region),
    opened = (own.opened ??= {});
  const refresh = () => region.replaceChildren(...(node.open ? [tableOf(...make())] : []));
  node.open = Boolean(opened[title]);
  summary.onclick = () => {
    opened[title] = !node.open;
  }; // at once: a new drawing can come before the toggle
  node.ontoggle = () => {
    opened[title] = node.open;
    refresh();
  };
  return { node, refresh };
}
