/* An opened map: the input maps, what each of them adds through its kernel, the sum with the bias, the activation. */
import { element, say } from './base.js';
import { partsOf } from './living_parts.js';
import { extent, paintMap } from './map_paint.js';
import { button } from './sliders.js';
import { svgElement } from './svg.js';

const MOST_PARTS = 7,
  LARGE_RESULT = 112,
  SMALL_RESULT = 86,
  CAPTION = 14,
  TOP = 64;

/** @typedef {{ x: number, y: number, size: number }} Spot */

/**
 * @param {{ words: Record<string, any>, titles: Record<string, { name: string }>, groups: any[],
 *   labels: string[] | null, remote: boolean, go: (change: any, back?: boolean) => void }} options
 *   `labels`: of the classes, if the last group has their scores; `remote`: the weights are not here
 */
export function openedPanel({ words, titles, groups, labels, remote, go }) {
  const node = element('div', { class: 'net-panel', role: 'group' });
  const fill = (/** @type {string} */ text, /** @type {Record<string, any>} */ values) =>
    text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
  let open = /** @type {any} */ (null),
    acts = /** @type {any} */ ({}),
    parts = /** @type {any[]} */ ([]),
    height = 0,
    result = LARGE_RESULT,
    built = '',
    first = 0;

  const groupOf = () => groups.find((group) => group.shown === open?.shown);
  const kind = () => {
    const group = groupOf();
    if (['conv2d', 'locally_connected'].includes(group.kind)) return 'conv';
    return { dense: 'dense', pool: 'pool', residual: 'sum', branches: 'join' }[group.kind] ?? 'each';
  };
  const weighs = () => !remote && ['conv', 'dense'].includes(kind());
  const sumWords = () => {
    const group = groupOf();
    if (labels && group === groups[groups.length - 1])
      return fill(words.opened_score, { layer: group.main, class: labels[open.map] });
    const alone = kind() === 'conv' && sources() === 1;
    return fill(alone ? words.opened_conv_one : words[`opened_${kind()}`], {
      layer: group.main,
      map: open.map + 1,
      maps: group.shape[0],
    });
  };

  /* What the columns of the panel are, in one or two words each. */
  const captions = (/** @type {any[]} */ rows) => {
    const one = rows.length === 1,
      dense = kind() === 'dense',
      flat = dense && groupOf().sources.every((/** @type {string} */ name) => shapeOf(name)?.length === 1);
    const image = rows[0].source === 'input' && one && !flat;
    return {
      sources: image ? words.cap_image : flat ? words.cap_values : one ? words.cap_input : words.cap_inputs,
      kernels: dense ? words.weights_head : one ? words.kernel_head : words.cap_kernels,
      partials: dense ? words.products : one ? words.cap_partial : words.cap_partials,
    };
  };
  const shapeOf = (/** @type {string} */ name) =>
    name === 'input' ? groupOf().op.input : groups.find((one) => one.shown === name)?.shape;

  /* Where everything lies, for `count` rows. */
  const geometry = (/** @type {number} */ count) => {
    const pitch = Math.min(count === 1 ? 120 : 66, (height - 2 * CAPTION) / count),
      size = Math.max(22, Math.min(count === 1 ? 68 : 50, pitch - 14)),
      kernel = weighs() ? Math.round(size * 0.8) : 0;
    const x = { source: 0, kernel: size + 24, partial: size + 24 + kernel + 30, sum: 0, result: 0 };
    x.sum = weighs() ? x.partial + size + 52 : size + 50;
    x.result = x.sum + 46;
    const middle = TOP + height / 2;
    const y = Array.from({ length: count }, (_, k) => middle + (k - (count - 1) / 2) * pitch);
    return { size, kernel, x, y, middle, width: x.result + result + 6 };
  };
  const countOf = (/** @type {number} */ all) => (all > MOST_PARTS + 1 ? MOST_PARTS + 1 : all);
  const sources = () => {
    const group = groupOf(),
      total = (/** @type {string} */ name) => groups.find((one) => one.shown === name)?.shape;
    if (kind() === 'sum') return group.sources.length;
    if (!weighs()) return 1;
    const shape = group.sources.map(total)[0];
    if (!shape) return group.op.input[0];
    return shape.length === 1 ? 1 : shape[0];
  };

  const prepare = (/** @type {any} */ now, /** @type {number} */ tall, /** @type {number} */ room) => {
    if (now?.shown !== open?.shown) first = 0;
    open = now;
    height = tall;
    result = room < 420 ? SMALL_RESULT : LARGE_RESULT;
    node.hidden = !open;
  };
  const width = () => (open ? geometry(countOf(sources())).width : 0);

  const canvas = (/** @type {string} */ role, /** @type {string} */ label, /** @type {Spot} */ { x, y, size }) => {
    const painted = element('canvas', { 'aria-hidden': 'true' });
    const box = element('div', {
      class: `net-cell ${role}`,
      role: 'img',
      'aria-label': label,
      style: `left:${x}px;top:${y - size / 2}px;width:${size}px;height:${size}px`,
    });
    box.append(painted);
    return box;
  };
  const path = (/** @type {number[]} */ [x1, y1, x2, y2], /** @type {string} */ role) => {
    const bend = (x2 - x1) / 2;
    return svgElement('path', { class: role, d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` });
  };
  const sign = (/** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y) =>
    element('span', { class: 'net-sign', 'aria-hidden': 'true', style: `left:${x}px;top:${y}px` }, text);

  /** @type {{ sources: HTMLElement[], kernels: HTMLElement[], partials: HTMLElement[], before: HTMLElement | null,
   *   after: HTMLElement, bias: HTMLElement | null, knock: HTMLElement | null, silence: HTMLElement | null } | null} */
  let made = null;
  let rest = /** @type {HTMLElement | null} */ (null);

  const build = (/** @type {any} */ context) => {
    const group = groupOf(),
      rows = shownParts(),
      place = geometry(rows.length),
      { x, y, size, kernel, middle } = place;
    const lines = svgElement('svg', { class: 'net-lines', width: place.width, height: TOP + height });
    const head = element('div', { class: 'net-panel-head' }, element('i', {}, sumWords()));
    const knock = weighs() ? button(words.knock, () => acts.toggleOut()) : null;
    const silence =
      weighs() && context.now.weights[`${group.main}.biases`] ? button('', () => acts.toggleBias()) : null;
    head.append(
      element(
        'div',
        { class: 'net-panel-buttons' },
        button('‹', () => acts.neighbour(-1), { 'aria-label': words.previous, title: words.previous }),
        button('›', () => acts.neighbour(1), { 'aria-label': words.next, title: words.next }),
        ...(knock ? [knock] : []),
        ...(silence ? [silence] : []),
        button('✕', () => acts.close(), { 'aria-label': words.close, title: words.close }),
      ),
    );
    const cells = /** @type {any} */ ({ sources: [], kernels: [], partials: [], knock, silence, bias: null });
    const parts_ = element('div', { class: 'net-parts' });
    rows.forEach((part, k) => {
      const label = part.rest
        ? fill(words.rest_label, { count: part.rest })
        : fill(words.source, { map: part.map + 1 });
      const source = canvas(part.source === 'input' ? 'input' : 'output', label, { x: x.source, y: y[k], size });
      cells.sources.push(source);
      parts_.append(source);
      if (part.rest) {
        rest = button(`+${part.rest}`, () => {
          first = (first + MOST_PARTS) % parts.length;
          built = '';
          draw(context);
        });
        rest.classList.add('net-rest');
        rest.setAttribute('aria-label', label);
        source.replaceChildren(rest);
      }
      if (!weighs()) {
        lines.append(path([x.source + size, y[k], x.sum - 17, middle], 'output'));
        return;
      }
      const weight = canvas('kernel', fill(words.kernel, { map: part.map + 1 }), {
        x: x.kernel,
        y: y[k],
        size: kernel,
      });
      const partial = canvas('output', fill(words.partial, { map: part.map + 1 }), { x: x.partial, y: y[k], size });
      cells.kernels.push(weight);
      cells.partials.push(partial);
      lines.append(path([x.source + size, y[k], x.sum - 17, middle], 'hidden'));
      lines.append(path([x.partial + size, y[k], x.sum - 17, middle], 'output'));
      if (!part.rest) {
        parts_.append(weight, sign('×', x.kernel - 12, y[k]));
        lines.append(path([x.source + size, y[k], x.kernel, y[k]], 'input'));
        lines.append(path([x.kernel + kernel, y[k], x.partial, y[k]], 'kernel'));
      } else lines.append(path([x.source + size, y[k], x.partial, y[k]], 'input'));
      parts_.append(partial);
    });
    const caption = (/** @type {string} */ text, /** @type {number} */ left, /** @type {number} */ top) =>
      parts_.append(element('span', { class: 'net-caption', style: `left:${left}px;top:${top}px` }, text));
    const below = (/** @type {number} */ box) => y[rows.length - 1] + box / 2 + CAPTION - 4,
      names_ = captions(rows);
    caption(names_.sources, x.source + size / 2, below(size));
    if (weighs()) {
      caption(names_.kernels, x.kernel + kernel / 2, below(size));
      caption(names_.partials, x.partial + size / 2, below(size));
    }
    const symbol = { pool: group.about.mode === 'max' ? 'max' : 'mean', join: '→', each: 'ƒ' }[kind()] ?? 'Σ';
    parts_.append(element('span', { class: 'net-sum', style: `left:${x.sum}px;top:${middle}px` }, symbol));
    if (weighs()) {
      cells.bias = element('span', { class: 'net-bias', style: `left:${x.sum}px;top:${middle + 52}px` });
      lines.append(path([x.sum, middle + 40, x.sum, middle + 17], 'kernel'));
      parts_.append(cells.bias);
    }
    const follows = !remote && group.layers.at(-1) !== group.main,
      drop = follows ? result / 2 + 18 : 0;
    const after = canvas('output result', fill(words.after, { layer: titles[group.shown].name, map: open.map + 1 }), {
      x: x.result,
      y: middle + drop,
      size: result,
    });
    cells.after = after;
    cells.before = null;
    lines.append(path([x.sum + 17, middle, x.result, middle - drop], 'output'));
    if (follows) {
      const [, ...names] = titles[group.shown].name.split(' + '),
        before = canvas('output result', fill(words.before, { function: names.join(' + ') }), {
          x: x.result,
          y: middle - drop,
          size: result,
        });
      cells.before = before;
      parts_.append(before, sign(`${names.join(' + ')} ↓`, x.result + result / 2, middle));
      caption(weighs() ? words.cap_sum : group.main, x.result + result / 2, middle - drop - result / 2 - CAPTION + 4);
      walked(before, group, 'before');
    }
    walked(after, group, 'after');
    parts_.append(after);
    const last = follows
      ? fill(words.cap_after, { function: titles[group.shown].name.split(' + ').slice(1).join(' + ') })
      : weighs()
        ? words.cap_sum
        : words.cap_result;
    caption(last, x.result + result / 2, middle + drop + result / 2 + CAPTION - 4);
    made = cells;
    node.replaceChildren(lines, head, parts_);
    node.setAttribute('aria-label', sumWords());
  };

  /* A result's cells are chosen with the pointer or the arrow keys. */
  const walked = (/** @type {HTMLElement} */ box, /** @type {any} */ group, /** @type {string} */ which) => {
    const [, rows = 1, columns = 1] = group.shape;
    box.tabIndex = 0;
    box.setAttribute('role', 'application');
    box.dataset.which = which;
    const choose = (/** @type {number} */ r, /** @type {number} */ c, /** @type {boolean} */ back) =>
      go(
        {
          cell: [Math.max(0, Math.min(rows - 1, r)), Math.max(0, Math.min(columns - 1, c))],
          part: null,
          pixel: null,
        },
        back,
      );
    box.onclick = (event) => {
      const edge = box.getBoundingClientRect();
      choose(
        Math.floor(((event.clientY - edge.top) / edge.height) * rows),
        Math.floor(((event.clientX - edge.left) / edge.width) * columns),
        Boolean(at()),
      );
    };
    box.onkeydown = (event) => {
      const [r, c] = at() ?? [Math.floor(rows / 2), Math.floor(columns / 2)];
      const to = { ArrowUp: [r - 1, c], ArrowDown: [r + 1, c], ArrowLeft: [r, c - 1], ArrowRight: [r, c + 1] }[
        event.key
      ];
      if (!to && event.key !== 'Enter') return;
      event.preventDefault();
      event.stopPropagation();
      const [down, across] = to ?? [r, c];
      choose(down, across, Boolean(at()));
    };
  };
  let cellNow = /** @type {number[] | null} */ (null);
  const at = () => cellNow;

  /* The parts in view; the last stands for all others. */
  const shownParts = () => {
    if (parts.length <= MOST_PARTS + 1) return parts;
    const seen = Array.from({ length: MOST_PARTS }, (_, k) => parts[(first + k) % parts.length]),
      others = parts.filter((/** @type {any} */ one) => !seen.includes(one)),
      values = new Float32Array(seen[0].partial.values.length);
    for (const one of others)
      one.partial.values.forEach((/** @type {number} */ v, /** @type {number} */ k) => (values[k] += v));
    return [...seen, { ...seen[0], rest: others.length, partial: { ...seen[0].partial, values } }];
  };

  const draw = (/** @type {any} */ context) => {
    node.hidden = !open;
    if (!open || !context.plan?.panel) {
      built = '';
      return;
    }
    const { net, now, state, colours, plan } = context,
      group = groupOf();
    node.style.left = `${plan.panel.x}px`;
    node.style.width = `${plan.panel.width}px`;
    node.style.height = `${plan.height}px`;
    cellNow = state.cell;
    parts = partsOf({ net, now, group, groups, map: open.map, cell: state.cell });
    const key = `${open.shown}:${open.map}:${height}:${result}:${first}`;
    if (key !== built) {
      const focus = /** @type {HTMLElement | null} */ (/** @type {ShadowRoot} */ (node.getRootNode()).activeElement)
        ?.dataset?.which;
      build(context);
      built = key;
      if (focus) focusOn(focus);
    }
    if (!made) return;
    const rows = shownParts(),
      most = Math.max(1e-12, ...rows.map((one) => (one.partial ? extent(one.partial.values).most : 0))),
      heaviest = Math.max(1e-12, ...rows.map((one) => (one.kernel ? extent(one.kernel.values).most : 0)));
    const paint = (
      /** @type {HTMLElement} */ box,
      /** @type {any} */ { values, rows: count, columns },
      /** @type {string} */ scale,
      /** @type {number} */ top,
    ) => {
      const painted = box.querySelector('canvas');
      if (painted) paintMap(painted, values, count, columns, /** @type {any} */ (scale), top, colours);
    };
    const cells = made;
    rows.forEach((part, k) => {
      if (!part.rest) {
        const { most: top, negative } = extent(part.values.all);
        const grey = part.source === 'input' && net.network.input_shape[0] === 1 && !negative;
        paint(cells.sources[k], part.values, grey ? 'grey' : negative ? 'signed' : 'unsigned', top);
        frame(cells.sources[k], part.field, part.values);
      }
      if (!part.kernel) return;
      if (!part.rest) paint(cells.kernels[k], part.kernel, 'signed', heaviest);
      paint(cells.partials[k], part.partial, 'signed', most);
      if (state.cell && group.kind !== 'dense')
        frame(cells.partials[k], [state.cell[0], state.cell[1], state.cell[0] + 1, state.cell[1] + 1], part.partial);
    });
    const show = (/** @type {HTMLElement | null} */ box, /** @type {string} */ layer) => {
      const all = now.outputs[layer];
      if (!box || !all) return;
      const [, count = 1, columns = 1] = group.shape,
        size = count * columns,
        values = all.subarray(open.map * size, (open.map + 1) * size),
        { most: top, negative } = extent(all);
      paint(box, { values, rows: count, columns }, negative ? 'signed' : 'unsigned', top);
      box.dataset.value = size === 1 ? say(values[0], 3) : '';
      frame(box, state.cell && size > 1 ? [state.cell[0], state.cell[1], state.cell[0] + 1, state.cell[1] + 1] : null, {
        rows: count,
        columns,
      });
    };
    show(made.before, group.main);
    show(made.after, group.shown);
    if (made.bias) {
      const biases = now.weights[`${group.main}.biases`];
      made.bias.hidden = !biases;
      if (biases)
        made.bias.replaceChildren(
          `+ ${words.bias}`,
          element('br'),
          say(biases.data[Math.min(open.map, biases.data.length - 1)], 3),
        );
    }
    const { knocked_out: out, silenced } = state.changes;
    const isOut = out.some((/** @type {any} */ [layer, map]) => layer === group.main && map === open.map);
    if (made.knock) made.knock.textContent = isOut ? words.restore : words.knock;
    if (made.silence) made.silence.textContent = silenced.includes(group.main) ? words.sound : words.silence;
  };

  const frame = (
    /** @type {HTMLElement} */ box,
    /** @type {number[] | null} */ field,
    /** @type {{ rows: number, columns: number }} */ { rows, columns },
  ) => {
    box.querySelector('.net-frame')?.remove();
    if (!field) return;
    const [top, left, bottom, right] = field;
    box.append(
      element('span', {
        class: 'net-frame',
        style:
          `top:${(100 * top) / rows}%;left:${(100 * left) / columns}%;` +
          `height:${(100 * (bottom - top)) / rows}%;width:${(100 * (right - left)) / columns}%`,
      }),
    );
  };
  const reveal = () => node.querySelector('.net-panel-head')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  const focusOn = (/** @type {string} */ which) =>
    /** @type {HTMLElement | null} */ (node.querySelector(`[data-which=${which}]`))?.focus({ preventScroll: true });
  return {
    node,
    prepare,
    width,
    draw,
    words: sumWords,
    focus: () => focusOn('after'),
    reveal,
    acts: (/** @type {any} */ given) => (acts = given),
  };
}
