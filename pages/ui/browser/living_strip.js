/* The columns of a network as elements: names, feature maps as tiles, and the curves between them. Elements stay while
   the plan changes, so that columns glide apart. */
import { element, focusedIn, pathOf } from './base.js';
import { extent, paintMap } from './map_paint.js';
import { curve } from './network_layout.js';
import { svgElement } from './svg.js';

/** @typedef {import('./network_layout.js').Plan} Plan */
/** @typedef {import('./network_layout.js').Placed} Placed */

/**
 * @param {{ words: Record<string, any>, titles: Record<string, { name: string, does: string }>,
 *   open: (shown: string, map: number) => void, expand: (shown: string) => void, unfold: () => void }} options
 */
export function networkStrip({ words, titles, open, expand, unfold }) {
  const lines = svgElement('svg', { class: 'net-edges', 'aria-hidden': 'true' }),
    board = element('div', { class: 'net-board' }, lines),
    cue = element('p', { class: 'net-cue', 'aria-hidden': 'true' }, words.sideways),
    node = element('div', { class: 'net-strip', role: 'group', 'aria-label': words.columns }, board, cue);
  /* Fades an edge beyond which there are more columns. */
  const edges = () => {
    const beyond = node.scrollWidth - node.clientWidth - node.scrollLeft;
    node.classList.toggle('more-left', node.scrollLeft > 4);
    node.classList.toggle('more-right', beyond > 4);
    cue.hidden = node.scrollWidth <= node.clientWidth + 4;
  };
  node.onscroll = edges;
  /** @type {Map<string, HTMLElement>} */
  const kept = new Map();
  /** @type {Plan | null} */
  let plan = null;

  /** @type {(key: string, make: () => HTMLElement, used: Set<string>) => HTMLElement} */
  const one = (key, make, used) => {
    used.add(key);
    let found = kept.get(key);
    if (!found) {
      found = make();
      found.dataset.key = key;
      kept.set(key, found);
      board.append(found);
    }
    return found;
  };
  const put = (/** @type {HTMLElement} */ it, /** @type {Record<string, number>} */ place) => {
    for (const [side, value] of Object.entries(place)) it.style.setProperty(side, `${value.toFixed(1)}px`);
  };
  const map =
    (/** @type {Placed} */ { group }, /** @type {number} */ k) =>
    () => {
      const label = words.map
        .replace('{layer}', titles[group.shown].name)
        .replace('{map}', String(k + 1))
        .replace('{maps}', String(group.shape[0]));
      const made = element('button', { type: 'button', class: 'net-tile', tabindex: '-1', 'aria-label': label });
      made.append(element('canvas', { 'aria-hidden': 'true' }));
      made.onclick = () => open(group.shown, k);
      return made;
    };
  const units = (/** @type {Placed} */ placed) => () => {
    const { group } = placed,
      label = words.units.replace('{layer}', titles[group.shown].name).replace('{units}', String(group.shape[0]));
    const made = element('button', { type: 'button', class: 'net-tile strip', tabindex: '-1', 'aria-label': label });
    made.append(element('canvas', { 'aria-hidden': 'true' }));
    made.onclick = (event) => {
      const now = plan?.placed[group.shown],
        box = made.getBoundingClientRect();
      if (!now?.strip) return;
      const { columns, cell } = now.strip;
      const unit =
        event.detail === 0
          ? 0
          : Math.floor((event.clientY - box.top) / cell) * columns + Math.floor((event.clientX - box.left) / cell);
      open(group.shown, Math.max(0, Math.min(group.shape[0] - 1, unit)));
    };
    return made;
  };
  const head = (/** @type {Placed} */ { group }) => {
    const { name, does } = titles[group.shown];
    return element(
      'div',
      { class: 'net-head' },
      element('b', {}, name),
      element('span', { class: 'shape' }, group.shape.join(' × ')),
      element('i', {}, does),
    );
  };

  /** @param {Plan} next */
  const arrange = (next) => {
    plan = next;
    const used = new Set();
    put(board, { width: next.width, height: next.height });
    for (const placed of Object.values(next.placed)) {
      const { group, compact } = placed,
        middle = placed.x + placed.width / 2;
      const title = one(`head:${group.shown}`, () => head(placed), used);
      const above = placed.lanes === 1 ? next.top - 10 : placed.y - 3;
      title.classList.toggle('lane', placed.lanes > 1);
      const small = compact || next.panel !== null;
      title.classList.toggle('compact', small);
      title.classList.toggle('raised', small && group.column % 2 === 0);
      if (title.firstChild) title.firstChild.textContent = small ? group.main : titles[group.shown].name;
      put(title, { left: middle, top: above });
      placed.tiles.forEach((tile, k) =>
        put(one(`${group.shown}:${tile.map}`, map(placed, k), used), {
          left: tile.x,
          top: tile.y,
          width: placed.size,
          height: placed.size,
        }),
      );
      if (placed.strip)
        put(one(group.shown, units(placed), used), {
          left: placed.x,
          top: placed.y,
          width: placed.width,
          height: placed.height,
        });
      if (placed.hidden && !compact && !placed.strip) {
        const make = () => {
          const made = element('button', { type: 'button', class: 'net-more' });
          made.onclick = () => expand(group.shown);
          return made;
        };
        const more = one(`more:${group.shown}`, make, used);
        more.textContent = `+${placed.hidden}`;
        more.setAttribute('aria-label', words.more.replace('{count}', String(placed.hidden)));
        put(more, { left: middle, top: placed.y + placed.height + 4 });
      }
    }
    if (next.fold) {
      const { x, width, columns } = next.fold;
      const make = () => {
        const made = element('button', { type: 'button', class: 'net-fold' });
        made.onclick = unfold;
        return made;
      };
      const fold = one('fold', make, used);
      fold.textContent = words.folded.replace('{count}', String(columns.length));
      put(fold, { left: x, top: next.top + 20, width, height: next.height - next.top - 40 });
    }
    for (const [key, it] of kept)
      if (!used.has(key)) {
        it.remove();
        kept.delete(key);
      }
    lines.setAttribute('width', String(next.width));
    lines.setAttribute('height', String(next.height));
    lines.replaceChildren(
      ...next.edges.map((edge) => svgElement('path', { d: curve(edge), 'data-from': edge.from, 'data-to': edge.to })),
    );
    const tiles = inOrder();
    if (!tiles.some((tile) => tile.tabIndex === 0) && tiles[0]) tiles[0].tabIndex = 0;
    edges();
  };
  const inOrder = () =>
    /** @type {HTMLElement[]} */ ([...board.querySelectorAll('.net-tile')]).sort(
      (a, b) =>
        parseFloat(a.style.left) - parseFloat(b.style.left) || parseFloat(a.style.top) - parseFloat(b.style.top),
    );

  /**
   * Values of each shown layer. `scaleOf` may name another scale for a layer.
   * @param {Record<string, ArrayLike<number>>} values
   * @param {Record<string, Uint32Array>} colours
   * @param {(shown: string) => import('./map_paint.js').Scale | null} scaleOf
   */
  const paint = (values, colours, scaleOf) => {
    if (!plan) return;
    for (const placed of Object.values(plan.placed)) {
      const { group } = placed,
        all = /** @type {Float32Array} */ (values[group.shown]);
      if (!all) continue;
      const { most, negative } = extent(all),
        scale = scaleOf(group.shown) ?? (negative ? 'signed' : 'unsigned');
      if (placed.strip) {
        const canvas = /** @type {HTMLCanvasElement} */ (kept.get(group.shown)?.firstChild),
          { columns } = placed.strip,
          rows = Math.ceil((group.shape[0] - placed.hidden) / columns),
          cells = new Float32Array(rows * columns);
        cells.set(all.subarray(0, Math.min(all.length, cells.length)));
        paintMap(canvas, cells, rows, columns, scale, most, colours);
        continue;
      }
      const [, rows, columns] = group.shape,
        size = rows * columns;
      for (const { map: k } of placed.tiles) {
        const canvas = /** @type {HTMLCanvasElement} */ (kept.get(`${group.shown}:${k}`)?.firstChild);
        paintMap(canvas, all.subarray(k * size, (k + 1) * size), rows, columns, scale, most, colours);
      }
    }
  };

  /** @param {string | null} key */
  const follow = (key) => {
    board.classList.toggle('followed', Boolean(key));
    for (const path of lines.children) {
      const { from, to } = /** @type {SVGElement} */ (path).dataset;
      path.classList.toggle('on', key !== null && (from === key || to === key));
    }
  };
  board.onpointerover = (event) => {
    const tile = pathOf(event).find((it) => it.classList?.contains('net-tile'));
    follow(tile?.dataset.key ?? null);
  };
  board.onpointerleave = () => follow(null);
  board.addEventListener('focusin', (event) => follow(/** @type {HTMLElement} */ (event.target).dataset.key ?? null));
  board.addEventListener('focusout', () => follow(null));
  board.onkeydown = (event) => {
    const now = focusedIn(board);
    if (!now?.classList.contains('net-tile')) return;
    const tiles = inOrder(),
      box = now.getBoundingClientRect();
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key],
      across = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    let next = down && tiles[tiles.indexOf(now) + down];
    if (across) {
      const beyond = tiles.filter((it) => across * (it.getBoundingClientRect().left - box.left) > box.width * 0.8);
      const far = (/** @type {HTMLElement} */ it) => {
        const other = it.getBoundingClientRect();
        return Math.abs(other.left - box.left) * 4 + Math.abs(other.top - box.top);
      };
      next = beyond.sort((a, b) => far(a) - far(b))[0];
    }
    if (down || across) event.preventDefault();
    if (!next) return;
    now.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  };

  /** @type {(key: string) => HTMLElement | undefined} */
  const elementOf = (key) => kept.get(key);
  const tiles = () => /** @type {HTMLElement[]} */ ([...board.querySelectorAll('.net-tile')]);
  const curves = () => /** @type {SVGElement[]} */ ([...lines.children]);
  return { node, board, arrange, paint, elementOf, tiles, curves };
}
