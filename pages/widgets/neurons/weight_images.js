/* Recorded weight images; the pointer reads one pixel of all ten. */
import { element, mounted, onResize, pathOf, say } from '../../ui/browser/base.js';
import { button, menu, slider } from '../../ui/browser/sliders.js';
import { live, paintImage, shades } from '../../ui/browser/plot.js';

const SIDE = 28,
  PIXELS = SIDE * SIDE;

function unpacked({ step, levels, count }) {
  const bytes = Int8Array.from(atob(levels), (c) => c.charCodeAt(0));
  return Array.from({ length: count }, (_, k) =>
    Array.from(bytes.subarray(k * PIXELS, (k + 1) * PIXELS), (v) => v * step),
  );
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words, steps } = data;
    own.arrays ??= {
      weights: data.weights.map(unpacked),
      means: unpacked(data.means),
      differences: unpacked(data.differences),
      images: unpacked(data.images),
    };
    own.at ??= steps.length - 1;
    own.pixel ??= [14, 14];
    own.digit ??= 14;
    own.below ??= 'nothing';
    const { weights, images } = own.arrays;
    const draw = () => {
      const room = root.clientWidth || 600,
        colours = shades(root),
        columns = room > 560 ? 10 : 5,
        size = Math.min(92, Math.floor((room - 6 * columns) / columns));
      const row = () =>
        Array.from({ length: 10 }, () =>
          element('canvas', { class: 'thumb', style: `width:${size}px;height:${size}px` }),
        );
      const framed = (canvases) =>
        canvases.map((canvas, k) =>
          element(
            'figure',
            { style: 'margin:0;text-align:center;font-size:13px;position:relative' },
            canvas,
            element('figcaption', {}, String(k)),
          ),
        );
      const layout = `display:grid;grid-template-columns:repeat(${columns},max-content);gap:4px;width:max-content`;
      const top = row(),
        under = row(),
        spots = top.map(() =>
          element('span', {
            style:
              `position:absolute;width:${Math.max(6, size / SIDE + 2)}px;height:${Math.max(6, size / SIDE + 2)}px;` +
              'border:2px solid var(--gradient);box-sizing:border-box;pointer-events:none',
          }),
        );
      const field = element('div', { style: layout }, ...framed(top)),
        other = element('div', { style: layout }, ...framed(under)),
        otherTitle = element('h4', {});
      [...field.children].forEach((figure, k) => figure.append(spots[k]));
      const digit = element('canvas', { class: 'thumb', style: `width:112px;height:112px`, role: 'img' }),
        bars = element('div', { class: 'bars', style: 'min-width:16rem' });
      const readout = element('p', { class: 'equation' }),
        alike = element('p', { class: 'tip' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const table = live(own, words.table, () => {
        const k = own.pixel[0] * SIDE + own.pixel[1],
          z = data.logits[own.at][own.digit],
          p = data.probabilities[own.at][own.digit];
        return [
          [words.digit, words.weight, words.logit, words.probability],
          z.map((v, c) => [c, weights[own.at][c][k], v, p[c]]),
        ];
      });
      const read = () => {
        const [i, j] = own.pixel,
          k = i * SIDE + j,
          w = weights[own.at].map((image) => image[k]);
        spots.forEach((spot) => {
          spot.style.left = `${(j * size) / SIDE - 2}px`;
          spot.style.top = `${(i * size) / SIDE - 2}px`;
        });
        readout.replaceChildren(
          words.pixel
            .replace('{i}', i + 1)
            .replace('{j}', j + 1)
            .replace('{x}', say(images[own.digit][k], 2)),
          '; ',
          ...w.flatMap((v, c) => [
            c ? ', ' : '',
            `w${'₀₁₂₃₄₅₆₇₈₉'[c]} `,
            element('b', { class: 'kernel' }, say(+v.toFixed(3), 3)),
          ]),
        );
        announcement.textContent = words.announcement
          .replace('{i}', i + 1)
          .replace('{j}', j + 1)
          .replace('{w}', w.map((v) => say(+v.toFixed(2))).join(', '));
        Object.assign(root.dataset, { value: JSON.stringify(w), step: steps[own.at], pixel: own.pixel });
        table.refresh();
      };
      const refresh = () => {
        const most = Math.max(1e-9, ...weights[own.at].flat().map(Math.abs));
        top.forEach((canvas, k) => paintImage(canvas, weights[own.at][k], SIDE, most * 0.75, colours));
        const shown = own.arrays[own.below];
        other.hidden = otherTitle.hidden = !shown;
        other.style.display = shown ? 'grid' : 'none';
        if (shown) {
          otherTitle.textContent = words[own.below];
          const high = Math.max(...shown.flat().map(Math.abs));
          under.forEach((canvas, k) => paintImage(canvas, shown[k], SIDE, high, colours));
        }
        paintImage(digit, images[own.digit], SIDE, 1, colours, true);
        digit.setAttribute('aria-label', `${words.digit} ${data.labels[own.digit]}`);
        const z = data.logits[own.at][own.digit],
          p = data.probabilities[own.at][own.digit];
        bars.replaceChildren(
          ...z.flatMap((v, k) => [
            element('span', {}, k === data.labels[own.digit] ? `▸ ${k}` : `${k}`),
            element('div', { class: 'bar', style: `width:${(100 * p[k]).toFixed(1)}%` }),
            element('span', {}, `${v.toFixed(2).replace('-', '\u2212')} → ${p[k].toFixed(3)}`),
          ]),
        );
        const [accuracy, a, b] = [data.accuracy, data.like_means, data.like_differences].map(
          (values) => values[own.at],
        );
        const likeness = own.at ? words.alike.replace('{a}', a.toFixed(2)).replace('{b}', b.toFixed(2)) : '';
        alike.textContent = `${words.accuracy.replace('{p}', (100 * accuracy).toFixed(1))}. ${likeness}`;
        read();
      };
      field.tabIndex = 0;
      field.setAttribute('role', 'application');
      field.setAttribute('aria-label', words.label);
      const go = (i, j) => {
        own.pixel = [Math.max(0, Math.min(SIDE - 1, i)), Math.max(0, Math.min(SIDE - 1, j))];
        read();
      };
      field.onpointermove = field.onpointerdown = (event) => {
        const canvas = pathOf(event).find((one) => one.tagName === 'CANVAS');
        if (!canvas) return;
        const box = canvas.getBoundingClientRect();
        go(
          Math.floor(((event.clientY - box.top) / box.height) * SIDE),
          Math.floor(((event.clientX - box.left) / box.width) * SIDE),
        );
      };
      field.onkeydown = (event) => {
        const [i, j] = own.pixel,
          to = { ArrowUp: [i - 1, j], ArrowDown: [i + 1, j], ArrowLeft: [i, j - 1], ArrowRight: [i, j + 1] }[event.key];
        if (to) {
          event.preventDefault();
          go(...to);
        }
      };
      const step = slider(
        { name: words.step, least: 0, most: steps.length - 1, step: 1, value: own.at, told: (k) => say(steps[k]) },
        (k) => {
          own.at = k;
          refresh();
        },
      );
      root.replaceChildren(
        element(
          'div',
          { class: 'sliders' },
          step.node,
          menu(
            {
              name: words.compare,
              choices: ['nothing', 'means', 'differences'].map((n) => [n, words[n]]),
              value: own.below,
            },
            (v) => {
              own.below = v;
              refresh();
            },
          ),
        ),
        alike,
        element('h4', { class: 'kernel' }, words.weights),
        field,
        otherTitle,
        other,
        readout,
        element(
          'div',
          { class: 'row', style: 'margin-top:.8rem' },
          element(
            'div',
            { class: 'panel' },
            element('h4', { class: 'input' }, words.input),
            digit,
            element(
              'div',
              { class: 'buttons' },
              button(words.another, () => {
                own.digit = (own.digit + 3) % images.length;
                refresh();
              }),
            ),
          ),
          element('div', { class: 'panel' }, element('h4', { class: 'output' }, words.answers), bars),
        ),
        element('p', { class: 'tip' }, words.tip),
        table.node,
        announcement,
      );
      refresh();
    };
    draw();
    onResize(own, root, draw);
  });
