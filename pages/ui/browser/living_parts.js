/* What an opened map is made of: its input maps, the kernel for each, and what each adds. The arithmetic is that of
   network_cells.js. */
import { cell, partialMaps } from './network_cells.js';

/**
 * @typedef {{ values: Float32Array, rows: number, columns: number }} Picture
 * @typedef {{ source: string, map: number, values: Picture & { all: Float32Array }, kernel: Picture | null,
 *   partial: Picture | null, field: number[] | null, rest?: number }} Part
 *   `source`: the group that the input map belongs to, or 'input'; `field`: [top, left, bottom, right] that the chosen
 *   cell reads of it
 */

/**
 * @param {{ net: any, now: any, group: any, groups: any[], map: number, cell: number[] | null }} wanted
 * @returns {Part[]}
 */
export function partsOf({ net, now, group, groups, map, cell: chosen }) {
  /** @type {(source: string, k: number) => Picture & { all: Float32Array }} */
  const inputMap = (source, k) => {
    const all = source === 'input' ? now.x : now.outputs[source],
      shape = source === 'input' ? net.network.input_shape : groups.find((one) => one.shown === source).shape;
    if (shape.length === 1) return { values: all, rows: shape[0], columns: 1, all };
    const size = shape[1] * shape[2];
    return { values: all.subarray(k * size, (k + 1) * size), rows: shape[1], columns: shape[2], all };
  };
  const [source] = group.sources;
  const field = chosen ? windowOf(group, chosen) : null;
  const plain = (/** @type {string} */ from, /** @type {number} */ k) => ({
    source: from,
    map: k,
    values: inputMap(from, k),
    kernel: null,
    partial: null,
    field,
  });
  if (net.remote && ['conv2d', 'locally_connected', 'dense'].includes(group.kind)) return [plain(source, 0)];
  switch (group.kind) {
    case 'conv2d':
    case 'locally_connected': {
      const { shape, data } = now.weights[`${group.main}.weights`],
        [rows, columns] = [shape[2], shape[3]],
        unshared = shape.length === 6 ? shape[4] * shape[5] : 1,
        at = chosen && unshared > 1 ? chosen[0] * shape[5] + chosen[1] : 0;
      return partialMaps(net.network, now.weights, now.x, now.outputs, group.main, map).map(
        (/** @type {any} */ one, /** @type {number} */ k) => {
          const first = (map * shape[1] + k) * rows * columns,
            values = Float32Array.from({ length: rows * columns }, (_, n) => data[(first + n) * unshared + at]);
          return { ...plain(source, one.map), kernel: { values, rows, columns }, partial: one };
        },
      );
    }
    case 'dense': {
      const { shape, data } = now.weights[`${group.main}.weights`],
        whole = source === 'input' ? net.network.input_shape : groups.find((one) => one.shown === source).shape,
        maps = whole.length === 1 ? 1 : whole[0],
        size = shape[1] / maps;
      return Array.from({ length: maps }, (_, k) => {
        const values = inputMap(source, k),
          weights = data.subarray(map * shape[1] + k * size, map * shape[1] + (k + 1) * size),
          products = values.values.map((v, n) => v * weights[n]);
        const { rows, columns } = values;
        return {
          ...plain(source, k),
          field: null,
          kernel: { values: weights, rows, columns },
          partial: { values: products, rows, columns },
        };
      });
    }
    case 'residual':
      return group.sources.map((/** @type {string} */ from) => plain(from, map));
    case 'branches': {
      let first = 0;
      for (const from of group.sources) {
        const count = from === 'input' ? net.network.input_shape[0] : groups.find((one) => one.shown === from).shape[0];
        if (map < first + count) return [plain(from, map - first)];
        first += count;
      }
      return [];
    }
    default:
      return [plain(source, map)];
  }
}

/**
 * [top, left, bottom, right] of the input map that a cell reads, which may lie beyond the border; null if it reads all.
 * @param {any} group
 * @param {number[]} cell
 */
function windowOf({ op, shape }, [row, column]) {
  const size = op.kernel_size ?? op.window;
  if (!size) return shape.length === 3 ? [row, column, row + 1, column + 1] : null;
  const top = row * op.stride[0] - op.pads[0][0],
    left = column * op.stride[1] - op.pads[1][0],
    reach = size.map((/** @type {number} */ n, /** @type {number} */ k) => (n - 1) * (op.dilation?.[k] ?? 1) + 1);
  return [top, left, top + reach[0], left + reach[1]];
}

/**
 * The arithmetic of one cell before what follows the group's main layer.
 * @param {{ net: any, now: any, group: any, map: number, cell: number[] }} wanted
 */
export function cellOf({ net, now, group, map, cell: [row, column] }) {
  return cell(net.network, now.weights, now.x, now.outputs, group.main, [map, row, column]);
}
