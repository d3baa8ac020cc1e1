/* Every layer of core/network/layers.py for one image: forward (x -> y) and backward (dy -> dx and the gradients of the
   weights) side by side, as in core/numerics. tests/widgets/test_network_engine.py compares both with the NumPy
   reference. Maps are flat and channel-major: cell (c, i, j) of (C, H, W) is at (c * H + i) * W + j. Sums are double,
   stored numbers are float32. */

/** @typedef {[number, number]} Two rows and columns */
/**
 * A layer as core/network/description.py describes it, which says what the fields mean. Each kind has those it needs.
 * @typedef {{ name: string, kind: string, input: number[], output: number[], weights: string[], rows?: Op[][],
 *   kernel_size: Two, stride: Two, dilation: Two, pads: [Two, Two], pad_value: number, reads: number[][] | null,
 *   mode: string, window: Two, function: string, slope: number, alpha: number, pieces: number, epsilon: number,
 *   rate: number, maps: number[] | null }} Op
 */
/** @typedef {Record<string, { shape: number[], data: Float32Array }>} Weights by name, such as conv1.weights */
/** @typedef {Record<string, Float32Array>} Arrays */
/**
 * `backward` puts the gradients of the weights into `gradients` and returns dx. Neither changes x, y, or dy.
 * @typedef {{ forward: (op: Op, weights: Weights, x: Float32Array) => Float32Array,
 *   backward: (op: Op, weights: Weights, x: Float32Array, y: Float32Array, dy: Float32Array, gradients: Arrays)
 *     => Float32Array }} Layer
 */

/** @param {number[]} shape */
export const sizeOf = (shape) => shape.reduce((size, side) => size * side, 1);

/**
 * The numbers of one weight array of a layer; null if the layer has none, for example no biases.
 * @param {Weights} weights
 * @param {Op} op
 * @param {string} part such as "weights" or "biases"
 */
export const weightOf = (weights, op, part) => weights[`${op.name}.${part}`]?.data ?? null;

/* --- core/numerics/bias.py: one number for each map, or one for each unit */

/**
 * y[c, i] = x[c, i] + b[c], or b[c, i]; without b, x.
 * @param {Float32Array} x
 * @param {Float32Array | null} b
 */
function biased(x, b) {
  if (!b) return x;
  const area = x.length / b.length,
    y = new Float32Array(x.length);
  for (let at = 0; at < y.length; at++) y[at] = x[at] + b[Math.floor(at / area)];
  return y;
}

/**
 * The gradient of b, which is `length` numbers: dy summed over the cells that share one.
 * @param {Float32Array} dy
 * @param {number} length
 */
function biasGradient(dy, length) {
  const area = dy.length / length;
  return Float32Array.from({ length }, (_, c) => {
    let sum = 0;
    for (let at = c * area; at < (c + 1) * area; at++) sum += dy[at];
    return sum;
  });
}

/** @type {Layer} */
const bias = {
  forward: (op, weights, x) => biased(x, weightOf(weights, op, 'biases')),
  backward(op, weights, x, y, dy, gradients) {
    putBiasGradient(op, weights, dy, gradients);
    return dy;
  },
};

/** @type {(op: Op, weights: Weights, dy: Float32Array, gradients: Arrays) => void} */
function putBiasGradient(op, weights, dy, gradients) {
  const b = weightOf(weights, op, 'biases');
  if (b) gradients[`${op.name}.biases`] = biasGradient(dy, b.length);
}

/* --- core/numerics/windows.py: maps with a border */

/**
 * x with its border of op.pads, and its height and width then.
 * @param {Op} op
 * @param {Float32Array} x
 */
export function padded(op, x) {
  const [channels, height, width] = op.input,
    [[top, bottom], [left, right]] = op.pads,
    rows = top + height + bottom,
    columns = left + width + right;
  if (rows === height && columns === width) return { x, rows, columns };
  const result = new Float32Array(channels * rows * columns).fill(op.pad_value);
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < height; i++) {
      const from = (c * height + i) * width;
      result.set(x.subarray(from, from + width), (c * rows + top + i) * columns + left);
    }
  return { x: result, rows, columns };
}

/**
 * The inverse: the maps without their border.
 * @param {Op} op
 * @param {Float64Array} x
 */
function cropped(op, x) {
  const [channels, height, width] = op.input,
    [[top, bottom], [left, right]] = op.pads,
    rows = top + height + bottom,
    columns = left + width + right,
    result = new Float32Array(channels * height * width);
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < height; i++) {
      const from = (c * rows + top + i) * columns + left;
      result.set(x.subarray(from, from + width), (c * height + i) * width);
    }
  return result;
}

/**
 * The input channels that a filter reads: core/network/connection_table.py.
 * @param {Op} op
 * @param {number} filter
 */
export const channelsRead = (op, filter) => op.reads?.[filter] ?? Array.from({ length: op.input[0] }, (_, c) => c);

/* --- core/numerics/convolution.py and locally_connected.py */

/**
 * How far apart the weights of one kernel are for neighbouring cells of the kernel, and for neighbouring positions: a
 * convolution uses the same kernel at every position, a locally connected layer another one.
 * @param {Op} op
 */
function weightSteps(op) {
  return op.kind === 'conv2d' ? { cell: 1, position: 0 } : { cell: op.output[1] * op.output[2], position: 1 };
}

/**
 * Adds the partial map of one filter and one input channel to `sums` (rows, columns): for each cell (u, v) of the
 * kernel, its weight times the pixel under it, at all positions.
 * @param {Op} op
 * @param {Float32Array} kernels all weights of the layer
 * @param {number} number of the kernel: filter * channels read + place of the channel among them
 * @param {{ x: Float32Array, rows: number, columns: number }} image with its border
 * @param {number} channel
 * @param {Float64Array} sums
 */
export function addPartialMap(op, kernels, number, image, channel, sums) {
  const [kh, kw] = op.kernel_size,
    [down, right] = op.stride,
    [, rows, columns] = op.output,
    { cell, position } = weightSteps(op),
    x = image.x;
  for (let u = 0; u < kh; u++)
    for (let v = 0; v < kw; v++) {
      let w = ((number * kh + u) * kw + v) * cell,
        place = 0;
      for (let i = 0; i < rows; i++) {
        let pixel = (channel * image.rows + i * down + u * op.dilation[0]) * image.columns + v * op.dilation[1];
        for (let j = 0; j < columns; j++) {
          sums[place++] += kernels[w] * x[pixel];
          w += position;
          pixel += right;
        }
      }
    }
}

/**
 * The gradients of the same products: adds weight * dy to dx (with its border), and pixel * dy to dkernels.
 * @param {Op} op
 * @param {Float32Array} kernels
 * @param {number} number
 * @param {{ x: Float32Array, rows: number, columns: number }} image
 * @param {number} channel
 * @param {Float32Array} dsums (rows, columns)
 * @param {Float64Array} dx
 * @param {Float64Array} dkernels
 */
function addPartialGradients(op, kernels, number, image, channel, dsums, dx, dkernels) {
  const [kh, kw] = op.kernel_size,
    [down, right] = op.stride,
    [, rows, columns] = op.output,
    { cell, position } = weightSteps(op),
    x = image.x;
  for (let u = 0; u < kh; u++)
    for (let v = 0; v < kw; v++) {
      let w = ((number * kh + u) * kw + v) * cell,
        place = 0;
      for (let i = 0; i < rows; i++) {
        let pixel = (channel * image.rows + i * down + u * op.dilation[0]) * image.columns + v * op.dilation[1];
        for (let j = 0; j < columns; j++) {
          const dsum = dsums[place++];
          dx[pixel] += kernels[w] * dsum;
          dkernels[w] += x[pixel] * dsum;
          w += position;
          pixel += right;
        }
      }
    }
}

/** @type {Layer} */
const conv2d = {
  forward(op, weights, x) {
    const [filters, rows, columns] = op.output,
      kernels = /** @type {Float32Array} */ (weightOf(weights, op, 'weights')),
      biases = weightOf(weights, op, 'biases') ?? new Float32Array(filters),
      ownBiases = biases.length / filters, // one, or one for each unit
      image = padded(op, x),
      sums = new Float64Array(rows * columns),
      y = new Float32Array(filters * sums.length);
    for (let k = 0; k < filters; k++) {
      if (ownBiases === 1) sums.fill(biases[k]);
      else sums.set(biases.subarray(k * ownBiases, (k + 1) * ownBiases));
      const channels = channelsRead(op, k);
      channels.forEach((channel, c) => addPartialMap(op, kernels, k * channels.length + c, image, channel, sums));
      y.set(sums, k * sums.length);
    }
    return y;
  },
  backward(op, weights, x, y, dy, gradients) {
    const [filters, rows, columns] = op.output,
      kernels = /** @type {Float32Array} */ (weightOf(weights, op, 'weights')),
      area = rows * columns,
      image = padded(op, x),
      dx = new Float64Array(image.x.length),
      dkernels = new Float64Array(kernels.length);
    for (let k = 0; k < filters; k++) {
      const dsums = dy.subarray(k * area, (k + 1) * area),
        channels = channelsRead(op, k);
      channels.forEach((channel, c) =>
        addPartialGradients(op, kernels, k * channels.length + c, image, channel, dsums, dx, dkernels),
      );
    }
    gradients[`${op.name}.weights`] = new Float32Array(dkernels);
    putBiasGradient(op, weights, dy, gradients);
    return cropped(op, dx);
  },
};

/* --- core/numerics/dense.py */

/** @type {Layer} */
const dense = {
  forward(op, weights, x) {
    const W = /** @type {Float32Array} */ (weightOf(weights, op, 'weights')),
      b = weightOf(weights, op, 'biases'),
      y = new Float32Array(op.output[0]);
    for (let unit = 0, w = 0; unit < y.length; unit++) {
      let sum = b ? b[unit] : 0;
      for (let i = 0; i < x.length; i++) sum += W[w++] * x[i];
      y[unit] = sum;
    }
    return y;
  },
  backward(op, weights, x, y, dy, gradients) {
    const W = /** @type {Float32Array} */ (weightOf(weights, op, 'weights')),
      dW = new Float32Array(W.length),
      dx = new Float64Array(x.length);
    for (let unit = 0, w = 0; unit < dy.length; unit++)
      for (let i = 0; i < x.length; i++, w++) {
        dW[w] = dy[unit] * x[i];
        dx[i] += dy[unit] * W[w];
      }
    gradients[`${op.name}.weights`] = dW;
    putBiasGradient(op, weights, dy, gradients);
    return new Float32Array(dx);
  },
};

/** @type {Layer} */
const flatten = { forward: (op, weights, x) => x, backward: (op, weights, x, y, dy) => dy };

/* --- core/numerics/pooling.py */

/**
 * The cells of one pooling window that lie inside the map, row by row: [top, left, bottom, right), clipped.
 * @param {Op} op
 * @param {number} i row of the window
 * @param {number} j column
 */
export function windowOn(op, i, j) {
  const top = i * op.stride[0] - op.pads[0][0],
    left = j * op.stride[1] - op.pads[1][0];
  return {
    top: Math.max(top, 0),
    left: Math.max(left, 0),
    bottom: Math.min(top + op.window[0], op.input[1]),
    right: Math.min(left + op.window[1], op.input[2]),
  };
}

/**
 * Calls visit(place of the output, places of the window's cells in x, how many) for every window of every map.
 * @param {Op} op
 * @param {(place: number, cells: Int32Array, count: number) => void} visit
 */
function eachWindow(op, visit) {
  const [channels, rows, columns] = op.output,
    [, height, width] = op.input,
    cells = new Int32Array(op.window[0] * op.window[1]);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const { top, left, bottom, right } = windowOn(op, i, j);
      for (let c = 0; c < channels; c++) {
        let count = 0;
        for (let row = top; row < bottom; row++)
          for (let column = left; column < right; column++) cells[count++] = (c * height + row) * width + column;
        visit((c * rows + i) * columns + j, cells, count);
      }
    }
}

/** @type {Record<string, (x: Float32Array, cells: Int32Array, count: number) => number>} */
const POOLED = {
  max(x, cells, count) {
    let largest = -Infinity;
    for (let n = 0; n < count; n++) if (x[cells[n]] > largest) largest = x[cells[n]];
    return largest;
  },
  sum(x, cells, count) {
    let sum = 0;
    for (let n = 0; n < count; n++) sum += x[cells[n]];
    return sum;
  },
  average: (x, cells, count) => POOLED.sum(x, cells, count) / count,
  l2(x, cells, count) {
    let squares = 0;
    for (let n = 0; n < count; n++) squares += x[cells[n]] ** 2;
    return Math.sqrt(squares);
  },
};

/**
 * What of dy reaches the n-th cell of the window, for a window whose output is y; max is not here, only one cell of it
 * gets dy.
 * @type {Record<string, (x: number, y: number, count: number) => number>}
 */
const POOL_SHARES = { sum: () => 1, average: (x, y, count) => 1 / count, l2: (x, y) => (y === 0 ? 0 : x / y) };

/** @type {Layer} */
const pool = {
  forward(op, weights, x) {
    const y = new Float32Array(sizeOf(op.output)),
      pooled = POOLED[op.mode];
    eachWindow(op, (place, cells, count) => {
      y[place] = pooled(x, cells, count);
    });
    return y;
  },
  backward(op, weights, x, y, dy) {
    const dx = new Float64Array(x.length),
      share = POOL_SHARES[op.mode];
    eachWindow(op, (place, cells, count) => {
      for (let n = 0; n < count; n++) {
        const cell = cells[n];
        if (share) dx[cell] += dy[place] * share(x[cell], y[place], count);
        else if (x[cell] === y[place]) {
          dx[cell] += dy[place]; // the first of several equal maxima
          break;
        }
      }
    });
    return new Float32Array(dx);
  },
};

/** @type {Layer} */
const globalAveragePool = {
  forward(op, weights, x) {
    const area = op.input[1] * op.input[2];
    return biasGradient(x, op.output[0]).map((sum) => sum / area);
  },
  backward(op, weights, x, y, dy) {
    const area = op.input[1] * op.input[2];
    return x.map((_, at) => dy[Math.floor(at / area)] / area);
  },
};

/* --- core/numerics/activations.py */

/**
 * The function of a number z, and its slope there; y is the function's value.
 * @type {Record<string, [(z: number, op: Op) => number, (z: number, y: number, op: Op) => number]>}
 */
export const FUNCTIONS = {
  linear: [(z) => z, () => 1],
  sigmoid: [sigmoidOf, (z, y) => y * (1 - y)],
  tanh: [(z) => Math.tanh(z), (z, y) => 1 - y * y],
  relu: [(z) => (z > 0 ? z : 0), (z) => (z > 0 ? 1 : 0)],
  leaky_relu: [(z, op) => (z > 0 ? z : op.slope * z), (z, y, op) => (z > 0 ? 1 : op.slope)],
  elu: [
    (z, op) => (z > 0 ? z : op.alpha * Math.expm1(z)),
    (z, y, op) => (z > 0 ? 1 : op.alpha * Math.exp(Math.min(z, 0))),
  ],
};

/** @param {number} z */
export function sigmoidOf(z) {
  const e = Math.exp(-Math.abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
}

/** @type {Layer} */
const elementwise = {
  forward(op, weights, x) {
    const [f] = FUNCTIONS[op.function],
      y = new Float32Array(x.length);
    for (let at = 0; at < x.length; at++) y[at] = f(x[at], op);
    return y;
  },
  backward(op, weights, x, y, dy) {
    const [, slope] = FUNCTIONS[op.function];
    return dy.map((d, at) => d * slope(x[at], y[at], op));
  },
};

/**
 * For each output of maxout, the place in x of the largest of its pieces; among equal ones the first.
 * @param {Op} op
 * @param {Float32Array} x
 */
function winners(op, x) {
  const area = sizeOf(op.input.slice(1));
  return Int32Array.from({ length: sizeOf(op.output) }, (_, at) => {
    const first = Math.floor(at / area) * op.pieces * area + (at % area);
    let winner = first;
    for (let piece = 1; piece < op.pieces; piece++)
      if (x[first + piece * area] > x[winner]) winner = first + piece * area;
    return winner;
  });
}

/** @type {Layer} */
const maxout = {
  forward: (op, weights, x) => Float32Array.from(winners(op, x), (winner) => x[winner]),
  backward(op, weights, x, y, dy) {
    const dx = new Float32Array(x.length);
    winners(op, x).forEach((winner, at) => (dx[winner] = dy[at]));
    return dx;
  },
};

/** Softmax over the channels of each cell. @type {Layer} */
const softmax = {
  forward(op, weights, x) {
    const area = sizeOf(op.input.slice(1)),
      y = new Float32Array(x.length);
    for (let cell = 0; cell < area; cell++) {
      let top = -Infinity,
        all = 0;
      for (let at = cell; at < x.length; at += area) top = Math.max(top, x[at]);
      for (let at = cell; at < x.length; at += area) all += Math.exp(x[at] - top);
      for (let at = cell; at < x.length; at += area) y[at] = Math.exp(x[at] - top) / all;
    }
    return y;
  },
  backward(op, weights, x, y, dy) {
    const area = sizeOf(op.input.slice(1)),
      dx = new Float32Array(x.length);
    for (let cell = 0; cell < area; cell++) {
      let shared = 0;
      for (let at = cell; at < x.length; at += area) shared += dy[at] * y[at];
      for (let at = cell; at < x.length; at += area) dx[at] = y[at] * (dy[at] - shared);
    }
    return dx;
  },
};

/* --- core/numerics/batch_norm.py `fixed` and dropout.py, both as in evaluation */

/**
 * For each channel, [mean, root, gamma, beta]: y = (x - mean) / root * gamma + beta.
 * @param {Op} op
 * @param {Weights} weights
 * @returns {number[][]}
 */
export function normalising(op, weights) {
  const [mean, variance, gamma, beta] = ['running_mean', 'running_variance', 'gamma', 'beta'].map(
    (part) => /** @type {Float32Array} */ (weightOf(weights, op, part)),
  );
  return Array.from(mean, (m, c) => [m, Math.sqrt(variance[c] + op.epsilon), gamma[c], beta[c]]);
}

/** @type {Layer} */
const batchNorm = {
  forward(op, weights, x) {
    const y = new Float32Array(x.length),
      area = sizeOf(op.input.slice(1));
    normalising(op, weights).forEach(([mean, root, gamma, beta], c) => {
      for (let at = c * area; at < (c + 1) * area; at++) y[at] = ((x[at] - mean) / root) * gamma + beta;
    });
    return y;
  },
  backward(op, weights, x, y, dy, gradients) {
    const dx = new Float32Array(x.length),
      area = sizeOf(op.input.slice(1)),
      dgamma = new Float64Array(op.input[0]);
    normalising(op, weights).forEach(([mean, root, gamma], c) => {
      for (let at = c * area; at < (c + 1) * area; at++) {
        dgamma[c] += (dy[at] * (x[at] - mean)) / root;
        dx[at] = (dy[at] * gamma) / root;
      }
    });
    gradients[`${op.name}.gamma`] = new Float32Array(dgamma);
    gradients[`${op.name}.beta`] = biasGradient(dy, op.input[0]);
    return dx;
  },
};

/**
 * What dropout multiplies by when it is off.
 * @param {Op} op
 */
export const dropoutFactor = (op) => (op.mode === 'classic' ? 1 - op.rate : 1);

/** @type {Layer} */
const dropout = {
  forward: (op, weights, x) => x.map((value) => value * dropoutFactor(op)),
  backward: (op, weights, x, y, dy) => dy.map((value) => value * dropoutFactor(op)),
};

/** @type {Record<string, Layer>} */
const LAYERS = {
  conv2d,
  locally_connected: conv2d,
  dense,
  flatten,
  bias,
  batch_norm: batchNorm,
  pool,
  global_average_pool: globalAveragePool,
  dropout,
};

/**
 * @param {Op} op not a block
 * @returns {Layer}
 */
export function layerOf(op) {
  if (op.kind === 'activation') return { maxout, softmax }[op.function] ?? elementwise;
  return LAYERS[op.kind];
}
