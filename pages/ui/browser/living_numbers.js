/* A network in the browser: its weights now and at remembered steps, what it answers, and what one training step does.
   The arithmetic is network_engine.js; nothing is drawn here. */
import { backward, changedWeights, forward, readWeights } from './network_engine.js';
import { lossOf, optimizerStep } from './network_learning.js';

/** @typedef {import('./network_layers.js').Weights} NetWeights */
/** @typedef {{ knocked_out: [string, number][], silenced: string[], noise: number, seed: number }} NetChanges */

/** @returns {NetChanges} */
export const unchanged = () => ({ knocked_out: [], silenced: [], noise: 0, seed: 0 });

/** @param {NetChanges} changes */
export const isChanged = ({ knocked_out, silenced, noise }) =>
  Boolean(knocked_out.length || silenced.length || noise > 0);

/**
 * The op of core/network/description.py with this name, also inside blocks.
 * @param {any[]} ops
 * @param {string} name
 * @returns {any}
 */
function opNamed(ops, name) {
  for (const op of ops) {
    const found =
      op.name === name ? op : (op.rows ?? []).map((/** @type {any[]} */ row) => opNamed(row, name)).find(Boolean);
    if (found) return found;
  }
  return null;
}

/** @param {Uint8Array} bytes */
export const textOfBytes = (bytes) => btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(''));

/** @param {string} text base64 */
export const bytesOfText = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

/**
 * A sent network (pages/widgets/explain/living_network.py) with its weights, unpacked when they are first used.
 * @param {any} sent
 */
export function livingNumbers(sent) {
  const { network } = sent;
  for (const group of sent.groups) group.op = opNamed(network.ops, group.main);
  const remote = !sent.weights;
  const packed = [...sent.history.map((/** @type {any} */ one) => one.weights), sent.weights],
    steps = [...sent.history.map((/** @type {any} */ one) => one.step), sent.step];
  /** @type {NetWeights[]} */
  const unpacked = [];
  const at = (/** @type {number} */ place) =>
    remote ? {} : (unpacked[place] ??= readWeights(packed[place].manifest, packed[place].data));
  const { shift, divisor } = sent.scaling;
  const inputSize = network.input_shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);

  /**
   * Grey levels, channel by channel -> what the network reads.
   * @param {Uint8Array} image
   */
  const scaled = (image) => {
    const x = new Float32Array(inputSize),
      each = inputSize / shift.length;
    for (let k = 0; k < inputSize; k++) {
      const n = Math.floor(k / each);
      x[k] = Math.fround(Math.fround(image[k] - Math.fround(shift[n])) / Math.fround(divisor[n]));
    }
    return x;
  };

  /**
   * @param {NetWeights} weights
   * @param {Float32Array} x
   */
  const answer = (weights, x) => judged(x, forward(network, weights, x));

  /** @type {(x: Float32Array, outputs: Record<string, Float32Array>) => any} */
  const judged = (x, outputs) => {
    const last = outputs[sent.groups[sent.groups.length - 1].shown];
    return { x, outputs, last, probabilities: lossOf(network, sent.loss, last, 0).probabilities };
  };

  /**
   * What a host answered for an image, as `answer` would.
   * @param {{ manifest: any, data: string }} told the outputs of the shown layers
   * @param {Float32Array} x
   */
  const received = (told, x) => {
    const outputs = Object.entries(readWeights(told.manifest, told.data));
    return judged(x, Object.fromEntries(outputs.map(([name, { data }]) => [name, data])));
  };

  /**
   * One step of the recipe's optimiser on one image: the loss before, the gradients, the weights after. `slots` are
   * changed; empty ones at first, so that only this image moves the weights and no momentum of earlier ones.
   * @param {NetWeights} weights
   * @param {Float32Array} x
   * @param {number} label
   * @param {any} slots
   * @param {number} step
   */
  const trained = (weights, x, label, slots, step) => {
    const { outputs, last } = answer(weights, x),
      { loss, seed } = lossOf(network, sent.loss, last, label),
      gradients = backward(network, weights, x, outputs, seed);
    /** @type {NetWeights} */
    const after = {};
    for (const [name, { shape, data }] of Object.entries(weights)) after[name] = { shape, data: data.slice() };
    optimizerStep(sent.optimizer, after, gradients.weights, slots, step, sent.rate);
    return { loss, gradients, after };
  };
  const loss = (/** @type {Float32Array} */ last, /** @type {number} */ label) =>
    lossOf(network, sent.loss, last, label).loss;
  const changed = (/** @type {NetWeights} */ weights, /** @type {NetChanges} */ changes) =>
    isChanged(changes) ? changedWeights(network, weights, changes) : weights;
  return { sent, network, remote, steps, at, scaled, received, answer, trained, loss, changed };
}
