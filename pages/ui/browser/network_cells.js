/* One cell of a network: the numbers that it is computed from, the partial maps of a filter, and what a cell sees of
   the image. tests/widgets/test_network_engine.py compares them with the NumPy reference. */
import {
  addPartialMap,
  channelsRead,
  dropoutFactor,
  normalising,
  sizeOf,
  weightOf,
  windowOn,
} from './network_layers.js';
import { padded } from './network_layers.js';

/** @typedef {import('./network_layers.js').Op} Op */
/** @typedef {import('./network_layers.js').Weights} Weights */
/** @typedef {import('./network_layers.js').Arrays} Arrays */
/** @typedef {import('./network_engine.js').Network} Network */
/** @typedef {{ values: Float32Array, rows: number, columns: number }} Grid */
/**
 * What a cell takes from one input map: a patch, whose first cell is at (top, left) of the map (less than 0 in the
 * border) and whose neighbours lie `step` cells apart; the kernel, and the products, both null where nothing is
 * multiplied; `sum` is what the map adds to the cell.
 * @typedef {{ map: number, top: number, left: number, step: number[], patch: Grid, kernel: Grid | null,
 *   products: Grid | null, sum: number }} Part
 */
/**
 * `total` is the sum of the parts and the bias (null: none); `value` is the output of the layer, which differs from
 * the total only for an activation.
 * @typedef {{ kind: string, parts: Part[], bias: number | null, total: number, value: number }} Cell
 */

/**
 * The layer of this name, and its input.
 * @type {(ops: Op[], layer: string, x: Float32Array, outputs: Arrays) => { op: Op, input: Float32Array } | null}
 */
function located(ops, layer, x, outputs) {
  for (const op of ops) {
    if (op.name === layer) return { op, input: x };
    for (const row of op.rows ?? []) {
      const inside = located(row, layer, x, outputs);
      if (inside) return inside;
    }
    x = outputs[op.name];
  }
  return null;
}

/** @type {(network: Network, layer: string, x: Float32Array, outputs: Arrays) => { op: Op, input: Float32Array }} */
function layerAndInput(network, layer, x, outputs) {
  const found = located(network.ops, layer, x, outputs);
  if (!found) throw new Error(`the network has no layer called ${layer}`);
  return found;
}

/**
 * The arithmetic of one cell of a layer's output.
 * @param {Network} network
 * @param {Weights} weights
 * @param {Float32Array} x
 * @param {Arrays} outputs of `forward`
 * @param {string} layer
 * @param {number[]} place [map, row, column], or [unit]
 * @returns {Cell}
 */
export function cell(network, weights, x, outputs, layer, [map, row = 0, column = 0]) {
  const { op, input } = layerAndInput(network, layer, x, outputs),
    [, rows = 1, columns = 1] = op.output,
    value = outputs[layer][(map * rows + row) * columns + column],
    { parts, bias = null } = PARTS[op.kind](op, weights, input, outputs, map, row, column),
    total = parts.reduce((sum, part) => sum + part.sum, bias ?? 0);
  return { kind: op.kind, parts, bias, total, value };
}

/**
 * @typedef {(op: Op, weights: Weights, x: Float32Array, outputs: Arrays, map: number, row: number, column: number) =>
 *   { parts: Part[], bias?: number | null }} Parts
 */

/**
 * A patch of one map times a kernel, or, without one, a patch that becomes the number `value`.
 * @type {(at: { map: number, top?: number, left?: number, step?: number[] }, patch: Grid, kernel: Float32Array | null,
 *   value?: number) => Part}
 */
function partOf({ map, top = 0, left = 0, step = [1, 1] }, patch, kernel, value = 0) {
  const { rows, columns, values } = patch,
    products = kernel && values.map((one, at) => one * kernel[at]);
  const sum = kernel ? values.reduce((all, one, at) => all + one * kernel[at], 0) : value;
  const shaped = (/** @type {Float32Array | null} */ numbers) => numbers && { values: numbers, rows, columns };
  return { map, top, left, step, patch, kernel: shaped(kernel), products: shaped(products), sum };
}

/** One number of the input, times a weight if there is one. @type {(x: number, map: number, row: number,
 *   column: number, weight?: number | null) => Part} */
function single(x, map, row, column, weight = null) {
  const patch = { values: Float32Array.of(x), rows: 1, columns: 1 };
  return partOf({ map, top: row, left: column }, patch, weight === null ? null : Float32Array.of(weight), x);
}

/**
 * rows * columns numbers of a map that is `width` wide, from (top, left).
 * @type {(x: Float32Array, map: number, op: Op, top: number, left: number, rows: number, columns: number) => Grid}
 */
function cut(x, map, op, top, left, rows, columns) {
  const [, height, width] = op.input,
    values = new Float32Array(rows * columns);
  for (let i = 0, at = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) values[at++] = x[(map * height + top + i) * width + left + j];
  return { values, rows, columns };
}

/** The place of (map, row, column) in a flat array of this shape. @type {(shape: number[], map: number, row: number,
 *   column: number) => number} */
const placeIn = ([, rows = 1, columns = 1], map, row, column) => (map * rows + row) * columns + column;

/** The bias of a unit: its own, its map's, or none. @type {(op: Op, weights: Weights, map: number, row: number,
 *   column: number) => number | null} */
function biasOf(op, weights, map, row, column) {
  const biases = weightOf(weights, op, 'biases');
  return biases && biases[biases.length === op.output[0] ? map : placeIn(op.output, map, row, column)];
}

/** @type {Parts} */
function convolved(op, weights, x, outputs, map, row, column) {
  const [kh, kw] = op.kernel_size,
    kernels = /** @type {Float32Array} */ (weightOf(weights, op, 'weights')),
    local = op.kind === 'locally_connected',
    stride = local ? op.output[1] * op.output[2] : 1,
    first = local ? row * op.output[2] + column : 0,
    channels = channelsRead(op, map),
    [, height, width] = op.input,
    top = row * op.stride[0] - op.pads[0][0],
    left = column * op.stride[1] - op.pads[1][0];
  const parts = channels.map((channel, c) => {
    const values = new Float32Array(kh * kw),
      kernel = new Float32Array(kh * kw);
    for (let u = 0, at = 0; u < kh; u++)
      for (let v = 0; v < kw; v++, at++) {
        const i = top + u * op.dilation[0],
          j = left + v * op.dilation[1],
          inside = i >= 0 && i < height && j >= 0 && j < width;
        values[at] = inside ? x[(channel * height + i) * width + j] : op.pad_value;
        kernel[at] = kernels[((map * channels.length + c) * kh * kw + at) * stride + first];
      }
    return partOf({ map: channel, top, left, step: op.dilation }, { values, rows: kh, columns: kw }, kernel);
  });
  return { parts, bias: biasOf(op, weights, map, row, column) };
}

/** @type {Record<string, Parts>} */
const PARTS = {
  conv2d: convolved,
  locally_connected: convolved,
  /* Where its input was flattened from maps, one part for each of them. */
  dense(op, weights, x, outputs, unit) {
    const [maps, rows, columns] = op.maps ?? [1, 1, x.length],
      W = /** @type {Float32Array} */ (weightOf(weights, op, 'weights')),
      size = rows * columns;
    const parts = Array.from({ length: maps }, (_, map) => {
      const patch = { values: x.slice(map * size, (map + 1) * size), rows, columns },
        start = unit * x.length + map * size;
      return partOf({ map }, patch, W.slice(start, start + size));
    });
    return { parts, bias: biasOf(op, weights, unit, 0, 0) };
  },
  pool(op, weights, x, outputs, map, row, column) {
    const { top, left, bottom, right } = windowOn(op, row, column),
      patch = cut(x, map, op, top, left, bottom - top, right - left),
      value = outputs[op.name][placeIn(op.output, map, row, column)];
    return { parts: [partOf({ map, top, left }, patch, null, value)] };
  },
  global_average_pool(op, weights, x, outputs, map) {
    const patch = cut(x, map, op, 0, 0, op.input[1], op.input[2]);
    return { parts: [partOf({ map }, patch, null, outputs[op.name][map])] };
  },
  /* Maxout and softmax look at several channels of the cell. */
  activation(op, weights, x, outputs, map, row, column) {
    const at = (/** @type {number} */ channel) => x[placeIn(op.input, channel, row, column)],
      seen = { maxout: op.pieces, softmax: op.input[0] }[op.function];
    if (!seen) return { parts: [single(at(map), map, row, column)] };
    const first = op.function === 'maxout' ? map * op.pieces : 0,
      value = outputs[op.name][placeIn(op.output, map, row, column)];
    const parts = Array.from({ length: seen }, (_, k) => ({
      ...single(at(first + k), first + k, row, column),
      sum: 0,
    }));
    const winner = op.function === 'maxout' ? parts.findIndex((one) => one.patch.values[0] === value) : map;
    parts[winner].sum = value;
    return { parts };
  },
  bias: (op, weights, x, outputs, map, row, column) => ({
    parts: [single(x[placeIn(op.input, map, row, column)], map, row, column)],
    bias: biasOf(op, weights, map, row, column),
  }),
  batch_norm(op, weights, x, outputs, map, row, column) {
    const [mean, root, gamma, beta] = normalising(op, weights)[map],
      scale = gamma / root;
    return {
      parts: [single(x[placeIn(op.input, map, row, column)], map, row, column, scale)],
      bias: beta - mean * scale,
    };
  },
  dropout: (op, weights, x, outputs, map, row, column) => ({
    parts: [single(x[placeIn(op.input, map, row, column)], map, row, column, dropoutFactor(op))],
  }),
  flatten(op, weights, x, outputs, unit) {
    const [, rows = 1, columns = 1] = op.input,
      map = Math.floor(unit / (rows * columns));
    return { parts: [single(x[unit], map, Math.floor(unit / columns) % rows, unit % columns)] };
  },
  /* The end of each path adds its number. */
  residual: (op, weights, x, outputs, map, row, column) => ({
    parts: endsOf(op, x, outputs).map((end) => single(end[placeIn(op.output, map, row, column)], map, row, column)),
  }),
  /* Only one row of layers has this map. */
  branches(op, weights, x, outputs, map, row, column) {
    const size = sizeOf(op.output.slice(1));
    let own = map;
    for (const end of endsOf(op, x, outputs)) {
      if (own < end.length / size)
        return { parts: [single(end[placeIn(op.output, own, row, column)], own, row, column)] };
      own -= end.length / size;
    }
    return { parts: [] };
  },
};

/** @type {(op: Op, x: Float32Array, outputs: Arrays) => Float32Array[]} */
const endsOf = (op, x, outputs) => (op.rows ?? []).map((row) => (row.length ? outputs[row[row.length - 1].name] : x));

/**
 * One map for each input channel that a filter reads, of a convolution or a locally connected layer. Their sum, plus
 * the bias, is the filter's map.
 * @param {Network} network
 * @param {Weights} weights
 * @param {Float32Array} x
 * @param {Arrays} outputs
 * @param {string} layer
 * @param {number} filter
 */
export function partialMaps(network, weights, x, outputs, layer, filter) {
  const { op, input } = layerAndInput(network, layer, x, outputs),
    kernels = /** @type {Float32Array} */ (weightOf(weights, op, 'weights')),
    [, rows, columns] = op.output,
    image = padded(op, input),
    channels = channelsRead(op, filter);
  return channels.map((map, c) => {
    const sums = new Float64Array(rows * columns);
    addPartialMap(op, kernels, filter * channels.length + c, image, map, sums);
    return { map, values: new Float32Array(sums), rows, columns };
  });
}

/** @typedef {{ top: number, left: number, bottom: number, right: number }} Region without its bottom row and right
 *   column */

/**
 * The pixels of the image that can change a cell of a layer; null if it is not a map (after Flatten or Dense, all can).
 * @param {Network} network
 * @param {string} layer
 * @param {number[]} place [row, column]
 * @returns {Region | null}
 */
export function receptiveField(network, layer, [row, column]) {
  const path = pathTo(network.ops, layer);
  if (!path || path[path.length - 1].output.length === 1) return null;
  return seenBy(path, { top: row, left: column, bottom: row + 1, right: column + 1 });
}

/**
 * The layers from the image to this one: those before it in its row, and before the blocks that it is in.
 * @type {(ops: Op[], layer: string) => Op[] | null}
 */
function pathTo(ops, layer) {
  for (const [k, op] of ops.entries()) {
    if (op.name === layer) return ops.slice(0, k + 1);
    for (const row of op.rows ?? []) {
      const inside = pathTo(row, layer);
      if (inside) return [...ops.slice(0, k), ...inside];
    }
  }
  return null;
}

/** @type {(ops: Op[], region: Region) => Region} */
const seenBy = (ops, region) => ops.reduceRight((seen, op) => seenThrough(op, seen), region);

/** From a region of a layer's output to the cells of its input under it. @type {(op: Op, region: Region) => Region} */
function seenThrough(op, region) {
  if (op.rows) return op.rows.map((row) => seenBy(row, region)).reduce(around);
  const size = op.kernel_size ?? op.window;
  if (!size) return region;
  /** @type {(axis: number, first: number, end: number) => number[]} */
  const under = (axis, first, end) => {
    const start = first * op.stride[axis] - op.pads[axis][0],
      last = (end - 1) * op.stride[axis] - op.pads[axis][0] + (size[axis] - 1) * (op.dilation?.[axis] ?? 1);
    return [Math.max(start, 0), Math.min(last + 1, op.input[axis + 1])]; // the border is not seen
  };
  const [top, bottom] = under(0, region.top, region.bottom),
    [left, right] = under(1, region.left, region.right);
  return { top, left, bottom, right };
}

/** @type {(a: Region, b: Region) => Region} */
function around(a, b) {
  return {
    top: Math.min(a.top, b.top),
    left: Math.min(a.left, b.left),
    bottom: Math.max(a.bottom, b.bottom),
    right: Math.max(a.right, b.right),
  };
}
