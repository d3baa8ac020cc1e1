/* Paints feature maps: signed numbers from teal over paper to rose, others from paper to green, gradients in violet,
   images in grey or in colour. */
import { context2d } from './base.js';
import { shades } from './plot.js';

/** @typedef {'signed' | 'unsigned' | 'gradient' | 'grey' | 'colour'} Scale */
const STEPS = 256;

/**
 * The colours of each scale, as 32-bit pixels for -1..1 or 0..1, in the theme of `root`.
 * @param {HTMLElement} root
 * @returns {Record<string, Uint32Array>}
 */
export function inks(root) {
  const dark = isDark(root);
  const zero = dark ? [28, 34, 44] : [255, 255, 255];
  return {
    signed: ramp([dark ? [54, 201, 198] : [0, 122, 128], zero, dark ? [255, 105, 150] : [214, 51, 108]]),
    unsigned: ramp(
      dark
        ? [zero, [38, 110, 78], [62, 168, 120], [170, 245, 208]]
        : [zero, [132, 196, 162], [58, 146, 98], [13, 84, 52]],
    ),
    gradient: ramp(
      dark
        ? [zero, [92, 62, 150], [140, 100, 220], [224, 204, 255]]
        : [zero, [196, 164, 242], [146, 92, 222], [88, 20, 172]],
    ),
    grey: ramp([
      [0, 0, 0],
      [255, 255, 255],
    ]),
  };
}

/**
 * Whether the theme of `root` is dark.
 * @param {HTMLElement} root
 */
export function isDark(root) {
  const [red, green, blue] = shades(root).paper;
  return red + green + blue < 380;
}

/**
 * Numbers as an image with one pixel a cell, or `grain` pixels. `most` is the number with the full colour.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values channel by channel if in colour
 * @param {number} rows
 * @param {number} columns
 * @param {Scale} scale
 * @param {number} most
 * @param {Record<string, Uint32Array>} colours
 */
export function paintMap(canvas, values, rows, columns, scale, most, colours) {
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
  }
  const pen = context2d(canvas),
    image = pen.createImageData(columns, rows),
    pixels = new Uint32Array(image.data.buffer),
    cells = rows * columns;
  if (scale === 'colour') {
    const byte = (/** @type {number} */ v) => Math.max(0, Math.min(255, Math.round((255 * v) / (most || 1))));
    for (let k = 0; k < cells; k++)
      pixels[k] = 0xff000000 | (byte(values[k + 2 * cells]) << 16) | (byte(values[k + cells]) << 8) | byte(values[k]);
  } else {
    const table = colours[scale],
      top = most || 1,
      signed = scale === 'signed';
    for (let k = 0; k < cells; k++) {
      const share = signed ? 0.5 + values[k] / (2 * top) : Math.abs(values[k]) / top;
      pixels[k] = table[Math.max(0, Math.min(STEPS - 1, Math.round(share * (STEPS - 1))))] || table[0];
    }
  }
  pen.putImageData(image, 0, 0);
}

/**
 * The largest absolute value, and whether any is negative.
 * @param {ArrayLike<number>} values
 */
export function extent(values) {
  let most = 0,
    negative = false;
  for (let k = 0; k < values.length; k++) {
    if (values[k] < 0) negative = true;
    most = Math.max(most, Math.abs(values[k]));
  }
  return { most, negative };
}

/** @param {number[][]} stops */
function ramp(stops) {
  return Uint32Array.from({ length: STEPS }, (_, k) => {
    const at = (k / (STEPS - 1)) * (stops.length - 1),
      n = Math.min(stops.length - 2, Math.floor(at));
    const [r, g, b] = stops[n].map((c, i) => Math.round(c + (stops[n + 1][i] - c) * (at - n)));
    return (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
  });
}
