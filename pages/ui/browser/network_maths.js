/* The small arithmetic of neurons that moves under a student's hand. tests/widgets/test_network_maths.py runs
   each function here and compares it with core. */

/** @typedef {{ w: number[][], b: number[] }} Layer a row of w and a number of b for each unit */
/** @typedef {(z: number) => number} Activation */
/** @typedef {(z: number, y: number) => number} Slope of an activation, from its input z and its output y */

/** @type {Record<string, [Activation, Slope]>} */
export const BENDS = {
  linear: [(z) => z, () => 1],
  sigmoid: [
    (z) => {
      const e = Math.exp(-Math.abs(z));
      return (z >= 0 ? 1 : e) / (1 + e);
    },
    (z, y) => y * (1 - y),
  ],
  tanh: [Math.tanh, (z, y) => 1 - y * y],
  relu: [(z) => Math.max(z, 0), (z) => (z > 0 ? 1 : 0)],
  leaky_relu: [(z) => (z > 0 ? z : 0.1 * z), (z) => (z > 0 ? 1 : 0.1)],
  elu: [(z) => (z > 0 ? z : Math.expm1(z)), (z) => (z > 0 ? 1 : Math.exp(z))],
};

/**
 * @param {number[]} x
 * @param {number[]} w
 * @param {number} b
 */
export function weightedSum(x, w, b) {
  return x.reduce((sum, value, k) => sum + value * w[k], b);
}

/**
 * Softmax.
 * @param {number[]} logits
 */
export function shares(logits) {
  const top = Math.max(...logits),
    e = logits.map((z) => Math.exp(z - top)),
    all = e.reduce((a, b) => a + b, 0);
  return e.map((v) => v / all);
}

/**
 * The forward pass: all layers but the last bend. Returns what each layer hears (x) and its sum before its bend (z).
 * @param {Layer[]} layers
 * @param {string} bend
 * @param {number[]} x
 */
export function through(layers, bend, x) {
  const [f] = BENDS[bend];
  /** @type {{ x: number[], z: number[] }[]} */
  const heard = [];
  let y = x;
  layers.forEach(({ w, b }, k) => {
    const z = w.map((row, unit) => weightedSum(y, row, b[unit]));
    heard.push({ x: y, z });
    y = k < layers.length - 1 ? z.map(f) : z;
  });
  return { heard, logits: y };
}

/**
 * Mean cross-entropy over points [[x1, x2], ...] with labels, and its gradient, shaped as the layers.
 * @param {Layer[]} layers
 * @param {string} bend
 * @param {number[][]} points
 * @param {number[]} labels
 */
export function lossAndGradients(layers, bend, points, labels) {
  const slope = BENDS[bend][1],
    f = BENDS[bend][0];
  const gradients = layers.map(({ w, b }) => ({ w: w.map((row) => row.map(() => 0)), b: b.map(() => 0) }));
  let loss = 0;
  points.forEach((x, n) => {
    const { heard, logits } = through(layers, bend, x),
      p = shares(logits);
    loss -= Math.log(Math.max(p[labels[n]], 1e-300)) / points.length;
    let d = p.map((v, k) => (v - (k === labels[n] ? 1 : 0)) / points.length);
    for (let k = layers.length - 1; k >= 0; k--) {
      const g = gradients[k],
        below = heard[k].x,
        down = below.map(() => 0);
      d.forEach((v, unit) => {
        g.b[unit] += v;
        below.forEach((value, i) => {
          g.w[unit][i] += v * value;
          down[i] += v * layers[k].w[unit][i];
        });
      });
      if (k) d = down.map((v, i) => v * slope(heard[k - 1].z[i], f(heard[k - 1].z[i])));
    }
  });
  return { loss, gradients };
}

/**
 * One step of Adam; `slots` is made at the first step. Layers and slots change in place.
 * @param {Layer[]} layers
 * @param {Layer[]} gradients
 * @param {{ m?: Layer[], v?: Layer[] }} slots
 * @param {number} count of steps, this one included
 * @param {number} rate
 */
export function adamStep(layers, gradients, slots, count, rate) {
  /** @type {(of: number[], g: number[], mean: number[], square: number[], k: number) => void} */
  const one = (of, g, mean, square, k) => {
    mean[k] = 0.9 * mean[k] + 0.1 * g[k];
    square[k] = 0.999 * square[k] + 0.001 * g[k] * g[k];
    of[k] -= (rate * (mean[k] / (1 - 0.9 ** count))) / (Math.sqrt(square[k] / (1 - 0.999 ** count)) + 1e-8);
  };
  const blank = () => gradients.map(({ w, b }) => ({ w: w.map((row) => row.map(() => 0)), b: b.map(() => 0) }));
  const m = (slots.m ??= blank()),
    v = (slots.v ??= blank());
  layers.forEach((layer, l) => {
    layer.w.forEach((row, u) => row.forEach((_, k) => one(row, gradients[l].w[u], m[l].w[u], v[l].w[u], k)));
    layer.b.forEach((_, k) => one(layer.b, gradients[l].b, m[l].b, v[l].b, k));
  });
}

/**
 * Two linear layers as one: w (hidden, inputs), u (hidden): inputs' weights.
 * @param {number[][]} w
 * @param {number[]} u
 */
export function collapsedWeights(w, u) {
  return w[0].map((_, i) => u.reduce((sum, value, h) => sum + value * w[h][i], 0));
}
