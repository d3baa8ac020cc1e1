/* Signal, kernel and output as bars in one grid of columns; sliding the kernel shows the products that core summed. */
import { asTable, element, focusedIn, mounted, onResize, redraw, say } from '../../ui/browser/base.js';
import { svgElement } from '../../ui/browser/svg.js';

const brackets = (n) => (n < 0 ? `(${say(n)})` : say(n));

/**
 * Bars from column `from` on, their zero line between top and top + high.
 * @param {number[]} values
 * @param {{ from: number, top: number, high: number, wide: number, most: number, tone: string, letters: string | null,
 *   lit?: (k: number) => boolean, quiet?: (k: number) => boolean }} options
 */
function strip(values, { from, top, high, wide, most, tone, lit, quiet, letters }) {
  const group = svgElement('g'),
    low = values.some((v) => v < 0),
    zero = top + (low ? high / 2 : high),
    scale = (low ? high / 2 : high) - 16;
  values.forEach((value, k) => {
    const x = (from + k) * wide,
      size = Math.max(1.5, (Math.abs(value) / (most || 1)) * scale),
      up = value >= 0;
    const dim = quiet?.(k) ? ' quiet' : '';
    group.append(
      svgElement('rect', {
        class: tone + dim + (lit && !lit(k) ? ' quiet' : ''),
        x: x + wide * 0.14,
        y: up ? zero - size : zero,
        width: wide * 0.72,
        height: size,
        rx: 2,
      }),
    );
    if (letters)
      group.append(
        svgElement(
          'text',
          { x: x + wide / 2, y: up ? zero - size - 4 : zero + size + 12, class: dim.trim(), style: letters },
          say(value, 3),
        ),
      );
  });
  group.prepend(
    svgElement('line', { class: 'line', x1: from * wide, x2: (from + values.length) * wide, y1: zero, y2: zero }),
  );
  return group;
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const { bordered, kernel, result, inside, first, words } = data;
    const span = kernel.length,
      columns = bordered.length;
    own.at = Math.min(own.at ?? 0, result.length - 1);
    const draw = () => {
      const room = root.clientWidth || 700,
        wide = Math.min(64, room / columns),
        high = 84,
        gap = 40;
      const longest = Math.max(...[...bordered, ...kernel, ...result].map((v) => say(v, 3).length));
      const size = Math.min(13, (wide / longest) * 1.7),
        letters = size >= 8 ? `font-size: ${size}px` : null;
      const tops = [22, 22 + high + gap, 22 + 2 * (high + gap)],
        most = (values) => Math.max(...values.map(Math.abs));
      const image = svgElement('svg', {
        class: 'strips',
        width: Math.max(wide * columns, Math.min(room, 180)),
        height: tops[2] + high + 22,
        tabindex: 0,
        role: 'application',
        'aria-label': words.map,
      });
      const title = (text, top) => svgElement('text', { class: 'title', x: 2, y: top - 10 }, text);
      const shift = (span - 1) / 2,
        at = own.at;
      bordered.forEach((_, k) => {
        if (k < inside[0] || k >= inside[1])
          image.append(
            svgElement('rect', { class: 'beyond', x: k * wide + 1, y: tops[0], width: wide - 2, height: high }),
          );
      });
      image.append(
        strip(bordered, {
          from: 0,
          top: tops[0],
          high,
          wide,
          most: most(bordered),
          tone: 'input',
          letters,
          lit: (k) => k >= at && k < at + span,
          quiet: () => false,
        }),
        strip(kernel, { from: at, top: tops[1], high, wide, most: most(kernel), tone: 'kernel', letters }),
        strip(result, {
          from: shift,
          top: tops[2],
          high,
          wide,
          most: most(result),
          tone: 'output',
          letters,
          lit: (k) => k === at,
        }),
        svgElement('rect', {
          class: 'frame',
          x: at * wide + 1,
          y: tops[0] - 2,
          width: span * wide - 2,
          height: tops[1] + high - tops[0] + 4,
          rx: 5,
        }),
        svgElement('rect', {
          class: 'chosen',
          x: (at + shift) * wide + 1,
          y: tops[2] - 2,
          width: wide - 2,
          height: high + 4,
          rx: 5,
        }),
      );
      image.append(
        title(`${words.signal} (${inside[1] - inside[0]})`, tops[0]),
        title(`${words.kernel} (${span})`, tops[1]),
        title(`${words.output} (${result.length})`, tops[2]),
      );
      if (letters) {
        for (let k = inside[0]; k < inside[1]; k++)
          image.append(
            svgElement(
              'text',
              { class: 'index', x: (k + 0.5) * wide, y: tops[0] + high + 14 },
              `x${sub(k - inside[0])}`,
            ),
          );
        result.forEach((_, k) =>
          image.append(
            svgElement(
              'text',
              { class: 'index', x: (k + shift + 0.5) * wide, y: tops[2] + high + 14 },
              `y${sub(k + first)}`,
            ),
          ),
        );
      }
      const go = (to) => {
        const held = Math.max(0, Math.min(result.length - 1, to));
        if (held !== own.at) {
          own.at = held;
          draw();
        }
      };
      image.onpointermove = image.onpointerdown = (event) =>
        go(Math.round((event.clientX - image.getBoundingClientRect().left) / wide - 0.5 - shift));
      image.onkeydown = (event) => {
        const to = {
          ArrowRight: own.at + 1,
          ArrowDown: own.at + 1,
          ArrowLeft: own.at - 1,
          ArrowUp: own.at ? own.at - 1 : result.length - 1,
          Home: 0,
          End: result.length - 1,
        }[event.key];
        if (to !== undefined) {
          event.preventDefault();
          go(to);
        }
      };
      const terms = kernel.map((w, k) => [bordered[at + k], w]);
      const sum = element(
        'p',
        { class: 'equation' },
        element('b', { class: 'output' }, 'y', element('sub', {}, say(at + first))),
        ' = ',
      );
      terms.forEach(([a, b], k) =>
        sum.append(
          k ? ' + ' : '',
          element('b', { class: 'input' }, brackets(a)),
          '\u202F·\u202F',
          element('b', { class: 'kernel' }, brackets(b)),
        ),
      );
      sum.append(' = ', element('b', { class: 'output' }, say(result[at], 7)));
      const announcement = element(
        'output',
        { class: 'only-heard', 'aria-live': 'polite' },
        `y ${at + first}: ${say(result[at], 7)}`,
      );
      const held = focusedIn(root)?.classList?.contains('strips');
      redraw(
        root,
        element('div', { class: 'scroll' }, image),
        sum,
        element('p', { class: 'tip' }, words.keys),
        announcement,
        asTable(words.table, [result]),
      );
      if (held) image.focus();
      root.dataset.cell = at + first;
      root.dataset.value = result[at];
      root.dataset.terms = JSON.stringify(terms);
    };
    const sub = (n) => [...say(n)].map((one) => '₀₁₂₃₄₅₆₇₈₉'[one] ?? '₋').join('');
    draw();
    onResize(own, root, draw);
  });
