/* Centres a drawn digit as core/data/preparation/ink_centering.py does (to one grey level): the ink scaled into a box,
   20 x 20 pixels for MNIST, its centre of mass in the middle of the image, 28 x 28. */
const PAPER_SIDE = 28,
  FIXED_POINT = 22;

/**
 * @param {Uint8Array} image 28 x 28, white ink on black
 * @param {number} side
 * @param {number} box
 * @returns {Uint8Array} side x side; black without ink
 */
export function centred(image, side = PAPER_SIDE, box = 20) {
  const result = new Uint8Array(side * side),
    place = centring(image, side, box);
  if (!place) return result;
  const { small, rows, columns, first, begin } = place;
  for (let r = 0; r < rows; r++) result.set(small.subarray(r * columns, (r + 1) * columns), (first + r) * side + begin);
  return result;
}

/**
 * Where the ink lies before and after: its box on the paper, the scaled ink, and that one's place in the image; null
 * without ink.
 * @param {Uint8Array} image
 * @param {number} side
 * @param {number} box
 */
function centring(image, side, box) {
  const ink = inkBox(image);
  if (!ink) return null;
  const { top, left, height, width } = ink,
    cut = new Uint8Array(height * width);
  for (let r = 0; r < height; r++)
    cut.set(image.subarray((top + r) * PAPER_SIDE + left, (top + r) * PAPER_SIDE + left + width), r * width);
  const factor = box / Math.max(height, width),
    rows = Math.max(1, evenly(height * factor)),
    columns = Math.max(1, evenly(width * factor));
  const small = resized(cut, height, width, rows, columns),
    [massRow, massColumn] = centreOfMass(small, columns);
  const start = (/** @type {number} */ mass, /** @type {number} */ length) =>
    Math.min(Math.max(0, evenly(Math.floor(side / 2) - mass)), side - length);
  const first = start(massRow, rows),
    begin = start(massColumn, columns);
  return { ink, small, rows, columns, first, begin };
}

/**
 * From a point of the centred image back to the paper: row and column there = scale * (row or column) + shift.
 * @param {Uint8Array} image
 * @param {number} side
 * @param {number} box
 * @returns {{ scale: number[], shift: number[] } | null} down and across; null without ink
 */
export function beforeCentring(image, side, box) {
  const place = centring(image, side, box);
  if (!place) return null;
  const { ink, rows, columns, first, begin } = place,
    scale = [ink.height / rows, ink.width / columns];
  return { scale, shift: [ink.top - first * scale[0], ink.left - begin * scale[1]] };
}

/**
 * The bounding box of the ink, or null if there is none.
 * @param {Uint8Array} image
 */
function inkBox(image) {
  let top = PAPER_SIDE,
    left = PAPER_SIDE,
    bottom = -1,
    right = -1;
  image.forEach((value, k) => {
    if (!value) return;
    const row = Math.floor(k / PAPER_SIDE),
      column = k % PAPER_SIDE;
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
    left = Math.min(left, column);
    right = Math.max(right, column);
  });
  return bottom < 0 ? null : { top, left, height: bottom - top + 1, width: right - left + 1 };
}

/**
 * Row and column of the centre of mass, counted from 0.
 * @param {Uint8Array} image
 * @param {number} columns
 */
function centreOfMass(image, columns) {
  let total = 0,
    down = 0,
    across = 0;
  image.forEach((value, k) => {
    total += value;
    down += value * Math.floor(k / columns);
    across += value * (k % columns);
  });
  return [down / total, across / total];
}

/**
 * Rounds halves to even numbers, as Python does.
 * @param {number} value
 */
function evenly(value) {
  const low = Math.floor(value);
  return value - low === 0.5 ? low + (low % 2) : Math.round(value);
}

/**
 * A drawing as it is, only scaled.
 * @param {Uint8Array} image 28 x 28
 * @param {number} side
 */
export function uncentred(image, side = PAPER_SIDE) {
  return resized(image, PAPER_SIDE, PAPER_SIDE, side, side);
}

/**
 * Pillow's bilinear resize of 8-bit images: across, then down, in fixed-point numbers, smoothed when it shrinks.
 * @param {Uint8Array} image
 * @param {number} height
 * @param {number} width
 * @param {number} rows
 * @param {number} columns
 */
function resized(image, height, width, rows, columns) {
  const across = columns === width ? image : resampled(image, height, width, columns, width, 1);
  if (rows === height) return across;
  const turned = resampled(across, columns, height, rows, 1, columns),
    result = new Uint8Array(rows * columns);
  for (let c = 0; c < columns; c++) for (let r = 0; r < rows; r++) result[r * columns + c] = turned[c * rows + r];
  return result;
}

/**
 * Each of `lines` lines of `length` pixels as `wanted` pixels; `line` and `step` are the distances between lines and
 * between the pixels of a line.
 * @param {Uint8Array} image
 * @param {number} lines
 * @param {number} length
 * @param {number} wanted
 * @param {number} line
 * @param {number} step
 */
function resampled(image, lines, length, wanted, line, step) {
  const result = new Uint8Array(lines * wanted);
  for (let k = 0; k < wanted; k++) {
    const { first, shares } = pixelShares(k, length, wanted);
    for (let n = 0; n < lines; n++) {
      let sum = 1 << (FIXED_POINT - 1);
      shares.forEach((share, j) => (sum += image[n * line + (first + j) * step] * share));
      result[n * wanted + k] = Math.min(255, Math.max(0, Math.floor(sum / 2 ** FIXED_POINT)));
    }
  }
  return result;
}

/**
 * Which pixels make up pixel k, from `first`, and how much of each, in fixed-point numbers.
 * @param {number} k
 * @param {number} length
 * @param {number} wanted
 */
function pixelShares(k, length, wanted) {
  const scale = length / wanted,
    spread = Math.max(scale, 1),
    centre = (k + 0.5) * scale;
  const first = Math.max(0, Math.trunc(centre - spread + 0.5)),
    end = Math.min(length, Math.trunc(centre + spread + 0.5));
  const raw = Array.from({ length: end - first }, (_, j) =>
    Math.max(0, 1 - Math.abs((first + j - centre + 0.5) / spread)),
  );
  const total = raw.reduce((a, b) => a + b, 0);
  return { first, shares: raw.map((share) => Math.trunc(0.5 + (share / total) * 2 ** FIXED_POINT)) };
}
