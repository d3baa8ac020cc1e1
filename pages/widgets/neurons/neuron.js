/* Sliders, a plane of inputs and a curve; all from weightedSum and BENDS. */
import { element, mounted, onResize, say } from '../../ui/browser/base.js';
import { svgElement } from '../../ui/browser/svg.js';
import { menu, slider } from '../../ui/browser/sliders.js';
import { live, paintPlane, plot, shades, steer, overPlane } from '../../ui/browser/plot.js';
import { BENDS, weightedSum } from '../../ui/browser/network_maths.js';

const FAR = 3;

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words } = data;
    own.now ??= structuredClone({
      w: data.start.weights,
      b: data.start.bias,
      x: data.start.input,
      activation: data.start.activation,
    });
    const now = own.now;
    const draw = () => {
      const room = root.clientWidth || 600,
        side = Math.min(300, room - 4),
        wide = room > 660;
      const canvas = element('canvas', {}),
        over = svgElement('svg', { viewBox: `${-FAR} ${-FAR} ${2 * FAR} ${2 * FAR}` });
      const spot = svgElement('circle', { r: 0.13, fill: 'var(--ink)', stroke: 'var(--paper)', 'stroke-width': 0.06 });
      over.append(spot);
      const plane = element('div', { class: 'plane', style: `--side: ${side}px` }, canvas, over);
      const image = plot({
        width: wide ? Math.min(440, room - side - 40) : room,
        height: wide ? side : 230,
        x: [-6, 6],
        y: [-1.6, 3.2],
        names: ['z', 'y = f(z)'],
      });
      const equation = element('p', { class: 'equation' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const colours = shades(root);
      const refresh = (whole) => {
        const [f] = BENDS[now.activation],
          z = weightedSum(now.x, now.w, now.b),
          y = f(z);
        if (whole) {
          const path = paintPlane(
            canvas,
            60,
            -FAR,
            FAR,
            (a, c) => {
              const s = weightedSum([a, c], now.w, now.b);
              return now.activation === 'sigmoid' ? 2 * f(s) - 1 : f(s);
            },
            colours,
            (a, c) => weightedSum([a, c], now.w, now.b),
          );
          over.replaceChildren(...overPlane(path, FAR), spot);
          image.clear();
          image.line(
            Array.from({ length: 241 }, (_, k) => [-6 + k / 20, f(-6 + k / 20)]),
            'output',
          );
        } else image.area.querySelectorAll('.dot').forEach((one) => one.remove());
        image.dot(Math.max(-6, Math.min(6, z)), y, 'output', 6);
        spot.setAttribute('cx', now.x[0]);
        spot.setAttribute('cy', String(-now.x[1]));
        const term = (k) => [
          element('b', { class: 'kernel' }, bracket(now.w[k])),
          ' · ',
          element('b', { class: 'input' }, bracket(now.x[k])),
        ];
        equation.replaceChildren(
          'z = ',
          ...term(0),
          ' + ',
          ...term(1),
          ' + ',
          element('b', { class: 'kernel' }, bracket(now.b)),
          ` = ${say(z, 4)},   y = f(z) = `,
          element('b', { class: 'output' }, say(y, 4)),
        );
        root.dataset.value = String(y);
        root.dataset.z = String(z);
        announcement.textContent = words.announcement.replace('{z}', say(z, 4)).replace('{y}', say(y, 4));
        if (whole) tables.forEach((one) => one.refresh());
      };
      const answer = (x) => BENDS[now.activation][0](weightedSum(x, now.w, now.b)),
        upTo = (end) => Array.from({ length: 2 * end + 1 }, (_, k) => k - end);
      const tables = [
        live(own, words.planeTable, () => [
          ['x₂ ↓  x₁ →', ...upTo(FAR)],
          upTo(FAR)
            .reverse()
            .map((x2) => [x2, ...upTo(FAR).map((x1) => answer([x1, x2]))]),
        ]),
        live(own, words.curveTable, () => [['z', 'y = f(z)'], upTo(6).map((z) => [z, BENDS[now.activation][0](z)])]),
      ];
      const inverse = (a, c) => {
        const shown = plane.getBoundingClientRect().width || side;
        return [Math.round(((a / shown) * 2 - 1) * FAR * 10) / 10, Math.round((1 - (c / shown) * 2) * FAR * 10) / 10];
      };
      steer(plane, words.planeLabel, {
        inverse,
        x: [-FAR, FAR],
        y: [-FAR, FAR],
        at: () => now.x,
        step: 0.1,
        go: (a, c) => {
          now.x = [+a.toFixed(1), +c.toFixed(1)];
          refresh(false);
        },
      });
      const weight = (name, get, set) =>
        slider({ name, least: -4, most: 4, value: get(), tone: 'kernel' }, (v) => {
          set(v);
          refresh(true);
        }).node;
      const sliders = element(
        'div',
        { class: 'sliders' },
        weight(
          'w₁',
          () => now.w[0],
          (v) => {
            now.w[0] = v;
          },
        ),
        weight(
          'w₂',
          () => now.w[1],
          (v) => {
            now.w[1] = v;
          },
        ),
        weight(
          'b',
          () => now.b,
          (v) => {
            now.b = v;
          },
        ),
        menu(
          {
            name: words.activation,
            choices: data.activations.map((name) => [name, words[name]]),
            value: now.activation,
          },
          (v) => {
            now.activation = v;
            refresh(true);
          },
        ),
      );
      const panel = (title, node) => element('div', { class: 'panel' }, element('h4', {}, title), node);
      root.replaceChildren(
        sliders,
        element('div', { class: 'row' }, panel(words.plane, plane), panel(words.curve, image.node)),
        equation,
        element('p', { class: 'tip' }, words.tip),
        ...tables.map((one) => one.node),
        announcement,
      );
      refresh(true);
    };
    draw();
    onResize(own, root, draw);
  });

function bracket(n) {
  return n < 0 ? `(${say(n, 4)})` : say(n, 4);
}
