/* Both networks drawn with their numbers, and their outputs along x1. */
import { element, mounted, onResize, say } from '../../ui/browser/base.js';
import { svgElement } from '../../ui/browser/svg.js';
import { menu, slider } from '../../ui/browser/sliders.js';
import { live, plot, steer } from '../../ui/browser/plot.js';
import { collapsedWeights, through, weightedSum } from '../../ui/browser/network_maths.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words } = data;
    own.now ??= structuredClone({
      w: data.start.first,
      u: data.start.second,
      x: data.start.input,
      activation: data.start.activation,
    });
    const now = own.now;
    const layers = () => [
      { w: now.w, b: [0, 0] },
      { w: [now.u], b: [0] },
    ];
    const two = (x) => through(layers(), now.activation, x).logits[0];
    const one = (x) => weightedSum(x, collapsedWeights(now.w, now.u), 0);
    const draw = () => {
      const room = root.clientWidth || 600,
        wide = room > 700;
      const image = plot({
        width: wide ? Math.min(400, room - 330) : room,
        height: 250,
        x: [-3, 3],
        y: [-12, 12],
        names: ['x₁', 'z'],
      });
      const nets = element('div', {}),
        readout = element('p', { class: 'equation' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const refresh = () => {
        const along = Array.from({ length: 121 }, (_, k) => -3 + k / 20);
        image.clear();
        image.line(
          along.map((a) => [a, one([a, now.x[1]])]),
          'gradient wide',
        );
        image.line(
          along.map((a) => [a, two([a, now.x[1]])]),
          'output',
        );
        image.dot(now.x[0], two(now.x), 'output', 6);
        const hidden = through(layers(), now.activation, now.x).heard[1].x,
          v = collapsedWeights(now.w, now.u);
        nets.replaceChildren(
          element('h4', {}, words.two),
          net(now.x, now.w, hidden, now.u, two(now.x)),
          element('h4', {}, words.one),
          net(now.x, null, null, v, one(now.x)),
        );
        const straight = now.activation === 'linear';
        readout.replaceChildren('v₁ = ', ...sum(0), `, v₂ = `, ...sum(1), '. ', straight ? words.same : words.differs);
        root.dataset.value = String(two(now.x));
        root.dataset.one = String(one(now.x));
        announcement.textContent = words.announcement
          .replace('{two}', say(two(now.x), 4))
          .replace('{one}', say(one(now.x), 4));
        tables.forEach((table) => table.refresh());
      };
      const tables = [
        live(own, words.netTable, () => [[words.number, words.two, words.one], numbersOf(now, two(now.x), one(now.x))]),
        live(own, words.lineTable, () => [
          ['x₁', words.two, words.one],
          Array.from({ length: 13 }, (_, k) => k / 2 - 3).map((a) => [a, two([a, now.x[1]]), one([a, now.x[1]])]),
        ]),
      ];
      const sum = (i) => [
        element(
          'b',
          { class: 'kernel' },
          `${wrapped(now.w[0][i])}·${wrapped(now.u[0])} + ${wrapped(now.w[1][i])}·${wrapped(now.u[1])} = ` +
            say(collapsedWeights(now.w, now.u)[i], 4),
        ),
      ];
      steer(image.node, words.label, {
        inverse: (a) => [
          Math.round(
            image.inverse(
              (a * image.node.width.baseVal.value) / (image.node.getBoundingClientRect().width || 1),
              0,
            )[0] * 10,
          ) / 10,
          now.x[1],
        ],
        x: [-3, 3],
        y: [-3, 3],
        at: () => now.x,
        step: 0.25,
        go: (a, b) => {
          now.x = [+a.toFixed(2), +b.toFixed(2)];
          refresh();
        },
      });
      const weight = (name, row, k) =>
        slider({ name, least: -4, most: 4, step: 0.25, value: row[k], tone: 'kernel' }, (v) => {
          row[k] = v;
          refresh();
        }).node;
      const sliders = element(
        'div',
        { class: 'sliders' },
        weight('w₁₁', now.w[0], 0),
        weight('w₁₂', now.w[0], 1),
        weight('w₂₁', now.w[1], 0),
        weight('w₂₂', now.w[1], 1),
        weight('u₁', now.u, 0),
        weight('u₂', now.u, 1),
      );
      root.replaceChildren(
        element(
          'div',
          { class: 'sliders' },
          menu(
            {
              name: words.activation,
              choices: ['linear', 'relu', 'tanh'].map((n) => [n, words[n]]),
              value: now.activation,
            },
            (v) => {
              now.activation = v;
              refresh();
            },
          ),
        ),
        element(
          'div',
          { class: 'row' },
          element('div', { class: 'panel' }, nets),
          element('div', { class: 'panel' }, image.node),
        ),
        readout,
        element('details', {}, element('summary', {}, words.weights), sliders),
        element('p', { class: 'tip' }, words.tip),
        ...tables.map((table) => table.node),
        announcement,
      );
      refresh();
    };
    draw();
    onResize(own, root, draw);
  });

function wrapped(n) {
  return n < 0 ? `(${say(n, 4)})` : say(n, 4);
}

/* All values of both drawings by name: two layers beside one layer. */
function numbersOf({ w, u, x, activation }, two, one) {
  const hidden = through(
      [
        { w, b: [0, 0] },
        { w: [u], b: [0] },
      ],
      activation,
      x,
    ).heard[1].x,
    v = collapsedWeights(w, u),
    low = '₁₂';
  return [
    ...x.map((n, i) => [`x${low[i]}`, n, n]),
    ...w.flatMap((row, h) => row.map((n, i) => [`w${low[h]}${low[i]}`, n, ''])),
    ...hidden.map((n, h) => [`h${low[h]}`, n, '']),
    ...u.map((n, h) => [`u${low[h]}`, n, '']),
    ...v.map((n, i) => [`v${low[i]}`, '', n]),
    ['z', two, one],
  ];
}

/* A small network as a drawing: inputs, hidden units (or none), one output; the number on each wire is its weight. */
function net(x, w, hidden, u, z) {
  const width = 300,
    height = 130,
    ys = [34, 98],
    svg = svgElement('svg', { class: 'plot', width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' });
  const wire = (x1, y1, x2, y2, value, at) =>
    svg.append(
      svgElement('path', {
        class: 'curve kernel',
        d: `M${x1} ${y1}L${x2} ${y2}`,
        style: `stroke-width: ${Math.min(6, 0.75 + Math.abs(value))}; opacity: .55`,
      }),
      svgElement(
        'text',
        { x: x1 + (x2 - x1) * at, y: y1 + (y2 - y1) * at - 5, 'text-anchor': 'middle' },
        say(value, 3),
      ),
    );
  const node = (cx, cy, value, kind) =>
    svg.append(
      svgElement('circle', { class: `curve ${kind}`, cx, cy, r: 21, style: 'fill: var(--paper)' }),
      svgElement('text', { x: cx, y: cy + 4, 'text-anchor': 'middle' }, say(value, 4)),
    );
  if (w) {
    w.forEach((row, h) => row.forEach((value, i) => wire(30, ys[i], 150, ys[h], value, i === h ? 0.5 : 0.28)));
    u.forEach((value, h) => wire(150, ys[h], 270, 66, value, 0.5));
    hidden.forEach((value, h) => node(150, ys[h], value, 'thin'));
  } else u.forEach((value, i) => wire(30, ys[i], 270, 66, value, 0.5));
  x.forEach((value, i) => node(30, ys[i], value, 'input'));
  node(270, 66, z, 'output');
  return svg;
}
