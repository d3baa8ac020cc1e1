/* The card of one cell: the patch, the kernel, their products, the sum with the bias, the activation, in the colours of
   the roles; and the way back from a number of the patch to the map or the pixel that it is. */
import { element, grid, say } from './base.js';
import { cellOf } from './living_parts.js';
import { receptiveField } from './network_cells.js';

const MOST_CHIPS = 16,
  MOST_SIDE = 7;

/**
 * @param {{ words: Record<string, any>, titles: Record<string, { name: string }>, groups: any[],
 *   labels: string[] | null, go: (change: any, back?: boolean) => void }} options `labels`: of the classes, if the last
 *   group has their scores
 */
export function cellCard({ words, titles, groups, labels, go }) {
  const node = element('div', { class: 'net-card', role: 'group', hidden: '' });
  const fill = (/** @type {string} */ text, /** @type {Record<string, any>} */ values) =>
    text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
  const role = (/** @type {string} */ name, /** @type {string} */ text) => element('b', { class: name }, text);
  const groupOf = (/** @type {any} */ state) => groups.find((group) => group.shown === state.open.shown);

  /** @type {(context: any) => void} */
  const draw = ({ net, now, state }) => {
    const focus = /** @type {HTMLElement | null} */ (/** @type {ShadowRoot} */ (node.getRootNode()).activeElement);
    const held = focus && node.contains(focus) ? focus.dataset.at : null;
    node.hidden = net.remote || !state.open || !state.cell;
    if (node.hidden) {
      node.replaceChildren();
      return;
    }
    const group = groupOf(state),
      { map } = state.open,
      found = cellOf({ net, now, group, map, cell: state.cell }),
      parts = found.parts;
    const heaviest = parts.reduce(
      (/** @type {number} */ best, /** @type {any} */ part, /** @type {number} */ k) =>
        Math.abs(part.sum) > Math.abs(parts[best].sum) ? k : best,
      0,
    );
    const chosen = Math.min(state.part ?? heaviest, parts.length - 1),
      part = parts[chosen];
    const [row, column] = state.cell;
    const title =
      labels && group === groups[groups.length - 1]
        ? fill(words.opened_score, { layer: group.main, class: labels[map] })
        : fill(group.shape.length === 1 ? words.unit : words.cell, {
            layer: group.main,
            map: map + 1,
            row: row + 1,
            column: column + 1,
          });
    node.setAttribute('aria-label', title);
    const weighed = Boolean(part?.kernel),
      kernelWords = group.kind === 'dense' ? words.weights_head : words.kernel_head;
    const patch = part ? rowsOf(part.patch) : null;
    const small = patch !== null && patch.length <= MOST_SIDE && patch[0].length <= MOST_SIDE;
    const size = patch && patch.length <= 3 ? 46 : 38;
    const figures = [];
    const source = (/** @type {any} */ one, /** @type {number} */ k) =>
      figure('input', sourceWords(one, k), rowsOf(one.patch), size, {
        source: sourceOf(group, one, k, state),
        part: one,
        net,
      });
    const sourceWords = (/** @type {any} */ one, /** @type {number} */ k) =>
      net.network.input_shape[0] === 1 && sourceOf(group, one, k, state).name === 'input'
        ? words.patch_image
        : fill(words.patch, { map: one.map + 1 });
    if (group.kind === 'residual') {
      parts.forEach((/** @type {any} */ one, /** @type {number} */ k) =>
        figures.push(...(k ? [sign('+')] : []), source(one, k)),
      );
    } else if (part && small) {
      figures.push(source(part, chosen));
      if (weighed)
        figures.push(
          sign('×'),
          figure('kernel', kernelWords, rowsOf(part.kernel), size),
          sign('='),
          figure('output', words.products, rowsOf(part.products), size),
        );
    }
    const follows = group.layers.at(-1) !== group.main,
      names = titles[group.shown].name.split(' + ').slice(1).join(' + '),
      size_ = (group.shape[1] ?? 1) * (group.shape[2] ?? 1),
      place = map * size_ + row * (group.shape[2] ?? 1) + column,
      value = now.outputs[group.shown][place];
    node.dataset.total = String(found.total);
    node.dataset.value = String(value);
    const equation = element('p', { class: 'equation' });
    equation.append(role('output', title), ' = ');
    if (weighed) {
      equation.append(
        parts.length > 1 ? `${fill(words.from_maps, { count: parts.length })} ` : 'Σ ',
        role('input', parts.length > 1 ? words.patch_short : words.patch_image),
        ' × ',
        role('kernel', kernelWords),
      );
      const sum = parts.reduce((/** @type {number} */ all, /** @type {any} */ one) => all + one.sum, 0);
      equation.append(` = ${say(sum, 5)}`);
      if (found.bias !== null && found.bias !== undefined)
        equation.append(' + ', role('kernel', `${words.bias} ${say(found.bias, 5)}`));
      equation.append(' = ', role('output', say(found.total, 5)));
    } else {
      const told = { pool: group.about.mode === 'max' ? words.largest : words.mean, residual: words.sum_of }[
        group.kind
      ];
      equation.append(told ? `${told}: ` : '', role('output', say(found.total ?? found.value, 5)));
    }
    if (follows) equation.append(`, ${names} → `, role('output', say(value, 5)));
    const chips =
      parts.length > 1 && weighed
        ? [
            element(
              'div',
              { class: 'net-chips' },
              ...order(parts)
                .slice(0, MOST_CHIPS)
                .map((k) => {
                  const chip = element(
                    'button',
                    { type: 'button', 'aria-pressed': String(k === chosen), 'data-at': `chip${k}` },
                    fill(words.adds, { map: parts[k].map + 1, sum: say(parts[k].sum, 3) }),
                  );
                  chip.onclick = () => go({ part: k, pixel: null }, true);
                  return chip;
                }),
            ),
          ]
        : [];
    node.replaceChildren(
      element('div', { class: 'net-figures' }, ...figures),
      element('div', { class: 'net-sums' }, equation, ...chips),
    );
    if (held) /** @type {HTMLElement | null} */ (node.querySelector(`[data-at='${held}']`))?.focus();
  };

  const order = (/** @type {any[]} */ parts) =>
    [...parts.keys()].sort((a, b) => Math.abs(parts[b].sum) - Math.abs(parts[a].sum));
  const sign = (/** @type {string} */ text) => element('span', { class: 'net-times', 'aria-hidden': 'true' }, text);
  const rowsOf = (/** @type {any} */ { values, rows, columns }) =>
    Array.from({ length: rows }, (_, r) => [...values.subarray(r * columns, (r + 1) * columns)]);
  /* The group and the map that a part is read from. */
  const sourceOf = (
    /** @type {any} */ group,
    /** @type {any} */ part,
    /** @type {number} */ k,
    /** @type {any} */ state,
  ) => {
    const maps = (/** @type {string} */ name) =>
      groups.find((one) => one.shown === name)?.shape[0] ?? group.op.input[0];
    if (group.kind === 'residual') return { name: group.sources[k], map: state.open.map };
    if (group.kind !== 'branches') return { name: group.sources[0], map: part.map };
    let map = state.open.map;
    const name = group.sources.find((/** @type {string} */ one) => map < maps(one) || ((map -= maps(one)), false));
    return { name, map };
  };

  /* A grid of numbers under its name; the numbers of a patch lead back to where they are from. */
  const figure = (
    /** @type {string} */ tone,
    /** @type {string} */ name,
    /** @type {number[][]} */ rows,
    /** @type {number} */ size,
    /** @type {any} */ leads = null,
  ) => {
    const most = Math.max(1e-12, ...rows.flat().map(Math.abs)),
      decimals = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(most)))),
      told = (/** @type {number} */ v) => (v === 0 ? '0' : v.toFixed(decimals).replace('-', '\u2212')),
      longest = Math.max(...rows.flat().map((v) => told(v).length)),
      letters = Math.max(9, Math.min(13, Math.floor((size - 3) / (longest * 0.56))));
    const made = grid(rows, { scale: 'signed', most, size, letters });
    made.cells.forEach((line, i) =>
      line.forEach((cell, j) => {
        cell.textContent = told(rows[i][j]);
        if (!leads) return;
        cell.tabIndex = 0;
        cell.setAttribute('role', 'button');
        cell.removeAttribute('aria-hidden');
        cell.setAttribute('aria-label', `${name} ${i + 1}, ${j + 1}: ${say(rows[i][j], 3)}`);
        cell.dataset.at = `${i},${j}`;
        const lead = () => follow(leads, i, j);
        cell.onclick = lead;
        cell.onkeydown = (event) => {
          if (event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          lead();
        };
      }),
    );
    return element('figure', { class: `net-figure ${tone}` }, element('figcaption', {}, name), made.node);
  };

  /* From cell (i, j) of the patch to the map it is in, or to the pixel. */
  const follow = (/** @type {any} */ { source, part, net }, /** @type {number} */ i, /** @type {number} */ j) => {
    const r = part.top + i * part.step[0],
      c = part.left + j * part.step[1],
      shape = source.name === 'input' ? net.network.input_shape : groups.find((one) => one.shown === source.name).shape;
    if (r < 0 || c < 0 || r >= (shape[1] ?? shape[0]) || c >= (shape[2] ?? 1)) return;
    if (source.name === 'input') go({ pixel: [r, c, source.map] });
    else if (shape.length === 1) go({ open: { shown: source.name, map: r }, cell: [0, 0], part: null, pixel: null });
    else go({ open: { shown: source.name, map: source.map }, cell: [r, c], part: null, pixel: null });
  };

  /** What the chosen cell sees of the image; null: all of it. */
  const field = (/** @type {any} */ { net, state }) => {
    return receptiveField(net.network, groupOf(state).main, state.cell);
  };
  const pixelWords = (/** @type {any} */ { now, state, net }) => {
    const [, rows, columns] = net.network.input_shape,
      [r, c, channel] = state.pixel,
      place = (channel * rows + r) * columns + c;
    return fill(words.pixel, { row: r + 1, column: c + 1, raw: state.image[place], value: say(now.x[place], 3) });
  };
  return { node, draw, field, pixelWords };
}
