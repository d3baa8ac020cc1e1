/* A whole network in the browser, for one image: its weights, forward, and backward. The layers are in
   network_layers.js, losses and optimisers in network_learning.js, single cells in network_cells.js. */
import { layerOf } from './network_layers.js';

/** @typedef {import('./network_layers.js').Op} Op */
/** @typedef {import('./network_layers.js').Weights} Weights */
/** @typedef {import('./network_layers.js').Arrays} Arrays */
/** @typedef {{ input_shape: number[], ops: Op[] }} Network as core/network/description.py describes it */
/** @typedef {{ input: Float32Array, weights: Arrays, activations: Arrays }} Gradients */

/**
 * What pages/ui/weights.py packed. Works for an optimiser's slots as well.
 * @param {Record<string, { shape: number[], dtype: string }>} manifest
 * @param {string} base64
 * @returns {Weights}
 */
export function readWeights(manifest, base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  let start = 0;
  return Object.fromEntries(
    Object.entries(manifest).map(([name, { shape, dtype }]) => {
      const half = dtype === 'float16',
        end = start + shape.reduce((size, side) => size * side, half ? 2 : 4),
        own = bytes.slice(start, end).buffer;
      start = end;
      return [name, { shape, data: half ? fromHalf(new Uint16Array(own)) : new Float32Array(own) }];
    }),
  );
}

/**
 * Float16, IEEE 754: a sign bit, five of the exponent, ten of the fraction.
 * @param {Uint16Array} halves
 */
function fromHalf(halves) {
  return Float32Array.from(halves, (bits) => {
    const sign = bits & 0x8000 ? -1 : 1,
      exponent = (bits >> 10) & 31,
      fraction = bits & 1023;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return exponent ? sign * (1 + fraction / 1024) * 2 ** (exponent - 15) : sign * fraction * 2 ** -24;
  });
}

/**
 * The output of every layer by name, in the order of the data: the layers inside a block before the block.
 * @param {Network} network
 * @param {Weights} weights and the running statistics of batch norm
 * @param {Float32Array} x
 * @returns {Arrays}
 */
export function forward(network, weights, x) {
  /** @type {Arrays} */
  const outputs = {};
  alongRow(network.ops, weights, x, outputs);
  return outputs;
}

/**
 * From d(anything)/d(outputs of the last layer): the same derivative with respect to the input, each weight array, and
 * the output of each layer. `outputs` are those of `forward`.
 * @param {Network} network
 * @param {Weights} weights
 * @param {Float32Array} x
 * @param {Arrays} outputs
 * @param {ArrayLike<number>} seed
 * @returns {Gradients}
 */
export function backward(network, weights, x, outputs, seed) {
  /** @type {Gradients} */
  const gradients = { input: x, weights: {}, activations: {} };
  gradients.input = backAlongRow(network.ops, weights, x, outputs, Float32Array.from(seed), gradients);
  return gradients;
}

/* --- core/numerics/combinators.py: `chain`, `add` and `join` */

/** @type {(ops: Op[], weights: Weights, x: Float32Array, outputs: Arrays) => Float32Array} */
function alongRow(ops, weights, x, outputs) {
  for (const op of ops) x = outputs[op.name] = throughOp(op, weights, x, outputs);
  return x;
}

/** @type {(ops: Op[], weights: Weights, x: Float32Array, outputs: Arrays, dy: Float32Array, gradients: Gradients)
 *   => Float32Array} */
function backAlongRow(ops, weights, x, outputs, dy, gradients) {
  const inputs = [x, ...ops.map((op) => outputs[op.name])];
  for (let k = ops.length - 1; k >= 0; k--) {
    gradients.activations[ops[k].name] = dy;
    dy = backThroughOp(ops[k], weights, inputs[k], outputs, dy, gradients);
  }
  return dy;
}

/** @type {(op: Op, weights: Weights, x: Float32Array, outputs: Arrays) => Float32Array} */
function throughOp(op, weights, x, outputs) {
  if (!op.rows) return layerOf(op).forward(op, weights, x);
  const ends = op.rows.map((row) => alongRow(row, weights, x, outputs));
  return op.kind === 'residual' ? added(ends) : concatenated(ends);
}

/** @type {(op: Op, weights: Weights, x: Float32Array, outputs: Arrays, dy: Float32Array, gradients: Gradients)
 *   => Float32Array} */
function backThroughOp(op, weights, x, outputs, dy, gradients) {
  if (!op.rows) return layerOf(op).backward(op, weights, x, outputs[op.name], dy, gradients.weights);
  let start = 0;
  return added(
    op.rows.map((row) => {
      const size = (row.length ? outputs[row[row.length - 1].name] : x).length,
        mine = op.kind === 'residual' ? dy : dy.subarray(start, (start += size));
      return backAlongRow(row, weights, x, outputs, mine, gradients);
    }),
  );
}

/** @param {Float32Array[]} arrays of one length */
function added(arrays) {
  return arrays[0].map((_, at) => arrays.reduce((sum, array) => sum + array[at], 0));
}

/** @param {Float32Array[]} arrays */
function concatenated(arrays) {
  const result = new Float32Array(arrays.reduce((length, array) => length + array.length, 0));
  let start = 0;
  for (const array of arrays) {
    result.set(array, start);
    start += array.length;
  }
  return result;
}

/* --- Changes of core/explain/questions.py */

/**
 * The weights with noise, then without the knocked-out filters (or units), whose weights and biases become 0, and
 * without the silenced biases. The given weights stay as they are; arrays without a change are shared.
 * @param {Network} network
 * @param {Weights} weights
 * @param {{ knocked_out?: [string, number][], silenced?: string[], noise?: number, seed?: number }} changes `noise` is
 *   a multiple of the standard deviation of each array; the numbers drawn are not those that NumPy draws
 * @returns {Weights}
 */
export function changedWeights(network, weights, { knocked_out = [], silenced = [], noise = 0, seed = 0 }) {
  const result = { ...weights };
  /** @type {(name: string, change: (data: Float32Array) => void) => void} */
  const change = (name, changeData) => {
    if (!result[name]) return;
    const data = result[name].data.slice();
    changeData(data);
    result[name] = { shape: result[name].shape, data };
  };
  const draw = normalNumbers(seed);
  if (noise)
    for (const name of weightNames(network.ops)) {
      const spread = noise * deviation(weights[name].data);
      change(name, (data) => data.forEach((value, at) => (data[at] = value + spread * draw())));
    }
  for (const [layer, unit] of knocked_out)
    for (const name of [`${layer}.weights`, `${layer}.biases`])
      change(name, (data) => {
        const size = data.length / weights[name].shape[0];
        data.fill(0, unit * size, (unit + 1) * size);
      });
  for (const layer of silenced) change(`${layer}.biases`, (data) => data.fill(0));
  return result;
}

/** @type {(ops: Op[]) => string[]} */
const weightNames = (ops) => ops.flatMap((op) => [...(op.rows ?? []).flatMap(weightNames), ...op.weights]);

/** @param {Float32Array} data */
function deviation(data) {
  let sum = 0,
    squares = 0;
  for (const value of data) sum += value;
  for (const value of data) squares += (value - sum / data.length) ** 2;
  return Math.sqrt(squares / data.length);
}

/**
 * Standard normal numbers (Box and Muller 1958) from the uniform ones of mulberry32; the same for the same seed.
 * @param {number} seed
 */
function normalNumbers(seed) {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return (((bits ^ (bits >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
