/* What every widget may use. A widget ends in
     export default (component) => mounted(component, (own, data, root) => { ... draw into root ... });
   `own` is an object that stays while data change; own.tell(name, value) tells Python. Streamlit mounts one module: a
   widget's script below all that it imports (pages/ui/component.py). */

/** @typedef {[number, number]} Cell row and column of a cell */
/** @typedef {string | Node} Child what an element may contain; text is text, never HTML */
const _kept = new WeakMap();

/**
 * @param {{ parentElement: HTMLElement, data: any, setStateValue: (name: string, value: unknown) => void }} component
 * @param {(own: any, data: any, root: HTMLElement) => void} draw
 */
export function mounted({ parentElement, data, setStateValue }, draw) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector('.widget'));
  let own = _kept.get(parentElement);
  const isNew = !own;
  if (isNew) {
    own = {};
    _kept.set(parentElement, own);
  }
  own.tell = setStateValue;
  draw(own, data, root);
  if (isNew && location.pathname.endsWith('/lesson')) keepSettings(root);
}

const SETTINGS = 'input[type=range], input[type=checkbox], select';

/**
 * In a lesson, sliders, boxes and menus of a widget keep their settings in this tab: after a reload, and when the
 * reader comes back to the lesson.
 * @param {HTMLElement} root
 */
function keepSettings(root) {
  const host = /** @type {ShadowRoot} */ (root.getRootNode()).host ?? root;
  const name = host.closest('[class*=st-key-]')?.className.match(/st-key-\S+/)?.[0];
  if (!name) return;
  /** @returns {Record<string, Record<string, any>>} */
  const stored = () => {
    try {
      return JSON.parse(sessionStorage.getItem('convscope-settings') ?? '{}');
    } catch {
      return {};
    }
  };
  const settings = () => /** @type {HTMLInputElement[]} */ ([...root.querySelectorAll(SETTINGS)]);
  for (const [at, value] of Object.entries(stored()[name] ?? {})) {
    const setting = settings()[Number(at)];
    if (!setting) continue;
    const property = setting.type === 'checkbox' ? 'checked' : 'value';
    if (setting[property] === value) continue;
    setting[property] = /** @type {never} */ (value);
    for (const event of ['input', 'change']) setting.dispatchEvent(new Event(event, { bubbles: true }));
  }
  /** @param {Event} event */
  const keep = (event) => {
    const setting = /** @type {HTMLInputElement} */ (event.target),
      at = settings().indexOf(setting);
    if (at < 0) return;
    const all = stored();
    (all[name] ??= {})[at] = setting.type === 'checkbox' ? setting.checked : setting.value;
    try {
      sessionStorage.setItem('convscope-settings', JSON.stringify(all));
    } catch {
      /* storage is not available in a private window */
    }
  };
  for (const event of ['input', 'change']) root.addEventListener(event, keep, { capture: true });
}

/**
 * element('div', { class: 'row', 'aria-label': 'x' }, child, 'text', ...); an attribute that is null or undefined is
 * left out. A widget is below a heading of level 2, so its own are of level 3.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== null && value !== undefined) made.setAttribute(name, value);
  if (tag === 'h4') made.setAttribute('aria-level', '3');
  made.append(...children.flat());
  return made;
}

/**
 * 32.5 as it is, 0.1 + 0.2 as 0.3, with a real minus sign.
 * @param {number | string} value
 * @returns {string}
 */
export function say(value, digits = 6) {
  return String(+Number(value).toPrecision(digits)).replaceAll('-', '\u2212').replace('Infinity', '\u221e');
}

/**
 * How large cells may be so that `columns` of them fit into `room` pixels, and how large their letters: 0 where the
 * longest text, of `longest` letters, does not fit.
 * @param {number} room
 * @param {number} columns
 * @param {number} longest
 */
export function cellSize(room, columns, longest, most = 44) {
  const size = Math.max(3, Math.min(most, Math.floor((room - 8) / columns) - 1));
  const letters = Math.min(15, Math.floor((size - 4) / Math.max(1, longest * 0.6)));
  return { size, letters: letters >= 8 ? letters : 0 };
}

/**
 * A grid of numbers. `most` is the largest |value|, `size` and `letters` come from cellSize, `tone` is a colour of
 * the grammar (for counts), beyond(i, j) is true for cells outside the image. mark([[i, j], ...], 'input') outlines
 * cells in that colour and forgets the last outline.
 * @param {number[][]} rows
 * @param {{ scale?: 'signed' | 'count' | 'grey' | 'plain' | string, most?: number, size: number, letters: number,
 *   tone?: string, beyond?: (i: number, j: number) => boolean, low?: number }} options
 * @returns {{ node: HTMLElement, cells: HTMLElement[][], mark: (places: number[][], colour: string) => void }}
 */
export function grid(rows, { scale = 'signed', most, size, letters, tone, beyond, low = 0 }) {
  const node = element('div', { class: 'grid', style: `grid-template-columns: repeat(${rows[0].length}, ${size}px)` });
  const top = most || Math.max(...rows.flat().filter(Number.isFinite).map(Math.abs)) || 1;
  /** @type {HTMLElement[][]} */
  const cells = [];
  const toned = tone ? ` --tone: var(--${tone});` : '';
  rows.forEach((row, i) => {
    cells.push(
      row.map((value, j) => {
        const share = Math.min(1, scale === 'signed' ? Math.abs(value) / top : (value - low) / (top - low || 1)) || 0;
        const kind =
          scale === 'signed'
            ? value < 0
              ? ' down'
              : value > 0
                ? ' up'
                : ''
            : scale === 'grey' && share > 0.5
              ? ' bright'
              : '';
        const cell = element(
          'div',
          {
            class: `cell ${scale}${kind}${beyond?.(i, j) ? ' beyond' : ''}`,
            'aria-hidden': 'true',
            style: `--size: ${size}px; --letters: ${letters || 1}px; --v: ${share.toFixed(3)};${toned}`,
          },
          letters ? say(value, 4) : '',
        );
        node.append(cell);
        return cell;
      }),
    );
  });
  /** @type {HTMLElement[]} */
  let marked = [];
  /** @type {(places: number[][], colour: string) => void} */
  const mark = (places, colour) => {
    for (const cell of marked) {
      cell.classList.remove('focus');
      cell.style.removeProperty('--mark');
    }
    marked = places.map(([i, j]) => cells[i]?.[j]).filter(Boolean);
    for (const cell of marked) {
      cell.classList.add('focus');
      cell.style.setProperty('--mark', `var(--${colour})`);
    }
  };
  return { node, cells, mark };
}

/**
 * Pointer and arrow keys over a grid: go(i, j) for each cell that is pointed at or moved to; nothing leaves the
 * browser. Home and End go to the ends of a row, Page Up and Page Down to the first and last row.
 * @param {HTMLElement} node
 * @param {HTMLElement[][]} cells
 * @param {string} label for a screen reader
 * @param {() => number[]} at the present cell
 * @param {(i: number, j: number) => void} go
 * @param {(i: number, j: number) => void} [enter] for the Enter key
 */
export function walk(node, cells, label, at, go, enter) {
  node.tabIndex = 0;
  node.setAttribute('role', 'application');
  node.setAttribute('aria-label', label);
  const last = [cells.length - 1, cells[0].length - 1];
  const held = (/** @type {number[]} */ [i, j]) =>
    go(Math.min(last[0], Math.max(0, i)), Math.min(last[1], Math.max(0, j)));
  node.onpointermove = node.onpointerdown = (event) => {
    const found = pathOf(event).find((one) => one.classList?.contains('cell'));
    if (!found) return;
    const place = [...node.children].indexOf(found);
    if (place >= 0) held([Math.floor(place / (last[1] + 1)), place % (last[1] + 1)]);
  };
  node.onkeydown = (event) => {
    const [i, j] = at();
    const to = {
      ArrowUp: [i - 1, j],
      ArrowDown: [i + 1, j],
      ArrowLeft: [i, j - 1],
      ArrowRight: [i, j + 1],
      Home: [i, 0],
      End: [i, last[1]],
      PageUp: [0, j],
      PageDown: [last[0], j],
    }[event.key];
    if (to) {
      event.preventDefault();
      held(to);
    } else if (event.key === 'Enter' && enter) {
      event.preventDefault();
      enter(i, j);
    }
  };
}

/**
 * The same numbers as a table, folded away.
 * @param {string} words
 * @param {number[][]} rows
 */
export function asTable(words, rows) {
  const body = rows.map((row, i) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, String(i)),
      row.map((v) => element('td', {}, say(v))),
    ),
  );
  const top = element(
    'tr',
    {},
    element('th', { scope: 'col' }, 'i \\ j'),
    rows[0].map((_, j) => element('th', { scope: 'col' }, String(j))),
  );
  return element(
    'details',
    {},
    element('summary', {}, words),
    element(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': words },
      element('table', {}, top, body),
    ),
  );
}

/**
 * Draws again when the room changes: widths are measured, not guessed.
 * @param {any} own
 * @param {HTMLElement} root
 * @param {() => void} draw
 */
export function onResize(own, root, draw) {
  own.watching?.disconnect();
  let width = root.clientWidth;
  own.watching = new ResizeObserver(() => {
    if (Math.abs(root.clientWidth - width) > 8) {
      width = root.clientWidth;
      draw();
    }
  });
  own.watching.observe(root);
}

/**
 * Replaces what is in `node`; a table that was open stays open.
 * @param {HTMLElement} node
 * @param {...Child} children
 */
export function redraw(node, ...children) {
  const open = [...node.querySelectorAll('details')].map((one) => one.open);
  node.replaceChildren(...children);
  node.querySelectorAll('details').forEach((one, k) => {
    one.open = open[k] ?? false;
  });
}

/**
 * What has the focus in the same widget.
 * @param {Node} node
 */
export function focusedIn(node) {
  return /** @type {HTMLElement | null} */ (/** @type {ShadowRoot} */ (node.getRootNode()).activeElement);
}

/**
 * The elements under a pointer, the innermost first.
 * @param {Event} event
 */
export function pathOf(event) {
  return /** @type {HTMLElement[]} */ (event.composedPath());
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export function context2d(canvas, settings) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', settings));
}
