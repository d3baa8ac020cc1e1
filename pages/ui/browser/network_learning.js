/* What a network learns by: the losses of core/numerics/losses.py for one image, and the steps of
   core/numerics/optimizers.py. tests/widgets/test_network_engine.py compares both with core. */
import { sigmoidOf } from './network_layers.js';

/** @typedef {import('./network_layers.js').Weights} Weights */
/** @typedef {import('./network_layers.js').Arrays} Arrays */
/**
 * One of core/recipe/losses.py as JSON. `offsets` is what logit adjustment adds to the logits: losses.prior_offsets.
 * @typedef {{ kind: string, label_smoothing?: number, gamma?: number, targets?: string, classes?: string,
 *   offsets?: number[] }} Loss
 */
/** @typedef {{ value: number, seed: number[] }} Measured the loss of an image, and its gradient */
/** @typedef {(z: number[], label: number, loss: Loss) => Measured} Measure from the outputs z */

const LEAST = 2 ** -126; // the smallest normal float32
/** @type {Record<string, number>} */
const LOWEST = { signed: -1, 'one-hot': 0 };

/**
 * The loss of one image, d(loss)/d(output), and the probability of each class; a single output z stands for two
 * classes.
 * @param {unknown} network
 * @param {Loss} loss
 * @param {ArrayLike<number>} output of the last layer
 * @param {number} label
 */
export function lossOf(network, loss, output, label) {
  const z = Array.from(output),
    { value, seed } = MEASURES[loss.kind](z, label, loss);
  return { loss: value, probabilities: probabilitiesOf(loss, z), seed: Float32Array.from(seed) };
}

/** @param {number[]} z */
function logSoftmax(z) {
  const top = Math.max(...z),
    all = Math.log(z.reduce((sum, one) => sum + Math.exp(one - top), 0));
  return z.map((one) => one - top - all);
}

/** -sum t log p. @type {Measure} */
function crossEntropy(z, label, { label_smoothing = 0 }) {
  const logP = logSoftmax(z),
    t = z.map((_, k) => (1 - label_smoothing) * Number(k === label) + label_smoothing / z.length);
  return { value: -t.reduce((sum, tk, k) => sum + tk * logP[k], 0), seed: logP.map((one, k) => Math.exp(one) - t[k]) };
}

/** -(1 - p)^gamma log p. @type {Measure} */
function focal(z, label, { gamma = 2 }) {
  const logP = logSoftmax(z),
    p = Math.exp(logP[label]),
    q = Math.max(-Math.expm1(logP[label]), LEAST),
    slope = gamma * q ** (gamma - 1) * p * logP[label] - q ** gamma;
  return {
    value: -(q ** gamma) * logP[label],
    seed: logP.map((one, k) => slope * (Number(k === label) - Math.exp(one))),
  };
}

/** log(1 + exp(z)) - t z, averaged over the outputs. @type {Measure} */
function binaryCrossEntropy(z, label) {
  const t = z.length === 1 ? [label] : z.map((_, k) => Number(k === label)),
    softplus = (/** @type {number} */ one) => Math.max(one, 0) + Math.log1p(Math.exp(-Math.abs(one)));
  return {
    value: z.reduce((sum, one, k) => sum + softplus(one) - t[k] * one, 0) / z.length,
    seed: z.map((one, k) => (sigmoidOf(one) - t[k]) / z.length),
  };
}

/** (y - t)^2, over the classes the mean or half the sum. @type {Measure} */
function squaredError(y, label, { targets = 'signed', classes = 'mean' }) {
  const factor = classes === 'mean' ? 2 / y.length : 1,
    difference = y.map((one, k) => one - (k === label ? 1 : LOWEST[targets]));
  return {
    value: (factor / 2) * difference.reduce((sum, d) => sum + d * d, 0),
    seed: difference.map((d) => factor * d),
  };
}

/** -log p of a network that ends in softmax. @type {Measure} */
function negativeLogLikelihood(p, label) {
  const clipped = Math.max(p[label], LEAST);
  return { value: -Math.log(clipped), seed: p.map((_, k) => (k === label && p[k] >= LEAST ? -1 / clipped : 0)) };
}

/** @type {Record<string, Measure>} */
const MEASURES = {
  cross_entropy: crossEntropy,
  focal,
  logit_adjusted: (z, label, { offsets }) =>
    crossEntropy(
      z.map((one, k) => one + (offsets?.[k] ?? 0)),
      label,
      {
        kind: 'cross_entropy',
      },
    ),
  binary_cross_entropy: binaryCrossEntropy,
  squared_error: squaredError,
  negative_log_likelihood: negativeLogLikelihood,
};

/**
 * `probabilities` of core/numerics/losses.py: they sum to 1.
 * @param {Loss} loss
 * @param {number[]} outputs
 */
function probabilitiesOf(loss, outputs) {
  const z = outputs.length === 1 ? [-outputs[0], outputs[0]] : outputs;
  switch (loss.kind) {
    case 'binary_cross_entropy':
      return sharesOf(z.map(sigmoidOf));
    case 'squared_error': {
      const low = LOWEST[loss.targets ?? 'signed'];
      return sharesOf(z.map((one) => Math.min(Math.max((one - low) / (1 - low), 0), 1)));
    }
    case 'negative_log_likelihood':
      return sharesOf(z.map((one) => Math.max(one, 0)));
  }
  return logSoftmax(z).map(Math.exp);
}

/** @param {number[]} values */
function sharesOf(values) {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => (total > 0 ? value / total : 1 / values.length));
}

/* --- optimisers */

/**
 * One of core/recipe/optimizers.py as JSON.
 * @typedef {{ kind: string, momentum: number, rho: number, beta1: number, beta2: number, epsilon: number,
 *   weight_decay: number }} Optimizer
 */
/**
 * The step of one number: its weight w, its gradient g, and what the optimiser remembers of it, s (one number per slot,
 * changed here). Returns the new weight.
 * @typedef {(w: number, g: number, s: Float64Array, rate: number, o: Optimizer, step: number) => number} Update
 */

/** @type {Record<string, { slots: string[], update: Update }>} */
const OPTIMIZERS = {
  sgd: { slots: [], update: (w, g, s, rate) => w - rate * g },
  momentum: {
    slots: ['velocity'],
    update(w, g, s, rate, o) {
      s[0] = o.momentum * s[0] - rate * g;
      return w + s[0];
    },
  },
  nesterov: {
    slots: ['velocity'],
    update(w, g, s, rate, o) {
      s[0] = o.momentum * s[0] - rate * g;
      return w + o.momentum * s[0] - rate * g;
    },
  },
  adagrad: {
    slots: ['squares'],
    update(w, g, s, rate, o) {
      s[0] += g * g;
      return w - (rate * g) / (Math.sqrt(s[0]) + o.epsilon);
    },
  },
  adadelta: {
    slots: ['mean_square', 'mean_square_step'],
    update(w, g, s, rate, o) {
      s[0] = o.rho * s[0] + (1 - o.rho) * g * g;
      const step = (Math.sqrt(s[1] + o.epsilon) / Math.sqrt(s[0] + o.epsilon)) * g;
      s[1] = o.rho * s[1] + (1 - o.rho) * step * step;
      return w - rate * step;
    },
  },
  rmsprop: {
    slots: ['mean_square'],
    update(w, g, s, rate, o) {
      s[0] = o.rho * s[0] + (1 - o.rho) * g * g;
      return w - (rate * g) / (Math.sqrt(s[0]) + o.epsilon);
    },
  },
  adam: { slots: ['first_moment', 'second_moment'], update: adam },
  adamw: { slots: ['first_moment', 'second_moment'], update: adam },
};

/** @type {Update} */
function adam(w, g, s, rate, o, step) {
  s[0] = o.beta1 * s[0] + (1 - o.beta1) * g;
  s[1] = o.beta2 * s[1] + (1 - o.beta2) * g * g;
  const mean = s[0] / (1 - o.beta1 ** step),
    square = s[1] / (1 - o.beta2 ** step);
  return w - (rate * mean) / (Math.sqrt(square) + o.epsilon);
}

/**
 * Weight decay applies neither to biases nor to the gamma and beta of batch norm.
 * @param {string} name
 */
const decays = (name) => !/\.(biases|gamma|beta)$/.test(name);

/**
 * One step, in place: changes the data of `weights` and of `slots`, which gets the missing slots as zeros under core's
 * names, such as velocity/conv1.weights.
 * @param {Optimizer} optimizer
 * @param {Weights} weights
 * @param {Arrays} gradients of the weights
 * @param {Weights} slots
 * @param {number} step from 1
 * @param {number} rate the learning rate of this step
 */
export function optimizerStep(optimizer, weights, gradients, slots, step, rate) {
  const { slots: names, update } = OPTIMIZERS[optimizer.kind],
    s = new Float64Array(names.length);
  for (const [name, g] of Object.entries(gradients)) {
    const { shape, data: w } = weights[name],
      shrink = optimizer.kind === 'adamw' && decays(name) ? 1 - rate * optimizer.weight_decay : 1,
      mine = names.map((slot) => (slots[`${slot}/${name}`] ??= { shape, data: new Float32Array(w.length) }).data);
    for (let at = 0; at < w.length; at++) {
      for (let n = 0; n < mine.length; n++) s[n] = mine[n][at];
      w[at] = update(w[at] * shrink, g[at], s, rate, optimizer, step);
      for (let n = 0; n < mine.length; n++) mine[n][at] = s[n];
    }
  }
}
