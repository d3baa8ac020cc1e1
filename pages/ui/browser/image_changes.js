/* Changes one image in many ways at the same time, as core/data/preparation/breaking.py does. */

/**
 * The fields of core's Breakage.
 * @typedef {{ attack: number, size: number, rotate: number, right: number, down: number, contrast: number,
 *   negative: number, noise: number, hidden: number, hidden_row: number, hidden_column: number }} Breakage
 */
const SQUARE_GREY = 127;

/** @param {number} value */
const level = (value) => Math.max(0, Math.min(255, value));

/**
 * @param {ArrayLike<number>} image channels x rows x columns, 0 to 255
 * @param {number[]} shape
 * @param {Breakage} it
 * @param {{ signs: ArrayLike<number>, noise: ArrayLike<number> }} fixed the attack's direction, standard normal numbers
 * @returns {Uint8Array}
 */
export function broken(image, [channels, rows, columns], it, { signs, noise }) {
  const pushed = Float64Array.from(image, (v, k) => Math.round(level(v + 255 * it.attack * signs[k]))),
    grey = warped(pushed, [channels, rows, columns], inverse(it, rows, columns)),
    mean = grey.reduce((a, b) => a + b, 0) / grey.length;
  return Uint8Array.from(grey, (v, k) => {
    const row = Math.floor(k / columns) % rows,
      column = k % columns;
    if (
      Math.abs(row + 0.5 - it.hidden_row) < it.hidden / 2 &&
      Math.abs(column + 0.5 - it.hidden_column) < it.hidden / 2
    )
      return SQUARE_GREY;
    const contrasted = level(mean + it.contrast * (v - mean)),
      inverted = (1 - it.negative) * contrasted + it.negative * (255 - contrasted);
    return Math.floor(level(inverted + 255 * it.noise * noise[k]) + 0.5);
  });
}

/**
 * Two rows of three numbers: where in the old image (row, column, 1) of the new one is from.
 * @param {Breakage} it
 * @param {number} rows
 * @param {number} columns
 */
function inverse(it, rows, columns) {
  const angle = (it.rotate * Math.PI) / 180,
    cosine = Math.cos(angle) / it.size,
    sine = Math.sin(angle) / it.size,
    [y, x] = [(rows - 1) / 2, (columns - 1) / 2];
  /** @type {(a: number, b: number, middle: number) => number[]} */
  const line = (a, b, middle) => [a, b, middle - a * (y + it.down) - b * (x + it.right)];
  return [line(cosine, sine, y), line(-sine, cosine, x)];
}

/**
 * Bilinear interpolation; outside of the image everything is 0.
 * @param {Float64Array} image
 * @param {number[]} shape
 * @param {number[][]} matrix
 */
function warped(image, [channels, rows, columns], [[a, b, c], [d, e, f]]) {
  const result = new Float64Array(image.length);
  /** @type {(channel: number, row: number, column: number) => number} */
  const at = (channel, row, column) =>
    row < 0 || column < 0 || row >= rows || column >= columns ? 0 : image[(channel * rows + row) * columns + column];
  let k = 0;
  for (let channel = 0; channel < channels; channel++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const y = a * row + b * column + c,
          x = d * row + e * column + f,
          top = Math.floor(y),
          left = Math.floor(x),
          down = y - top,
          right = x - left;
        const above = at(channel, top, left) * (1 - right) + at(channel, top, left + 1) * right,
          below = at(channel, top + 1, left) * (1 - right) + at(channel, top + 1, left + 1) * right;
        result[k++] = Math.round(above * (1 - down) + below * down);
      }
  return result;
}
