/* The paths that core computed, up to the current step, over a relief given as a grid of heights. */
import { asTable, element, mounted, say } from '../../ui/browser/base.js';
import { svgElement } from '../../ui/browser/svg.js';

const COLOURS = {
  sgd: 'blue',
  momentum: 'orange',
  nesterov: 'red',
  adagrad: 'green',
  rmsprop: 'violet',
  adadelta: 'gray',
  adam: 'text',
};
const DASHES = {
  sgd: '',
  momentum: '7 4',
  nesterov: '2 3',
  adagrad: '10 3 2 3',
  rmsprop: '5 2',
  adadelta: '1 4',
  adam: '',
};
const WIDTH = 720;

const colour = (kind) => `var(--st-${COLOURS[kind]}-color)`;

/* Heights in bands: the edges between bands are contour lines. */
function relief(rows, high) {
  const flat = rows.flat(),
    low = Math.min(...flat),
    top = Math.max(...flat),
    made = svgElement('g', { 'aria-hidden': 'true' });
  const wide = WIDTH / rows[0].length,
    tall = high / rows.length;
  rows.forEach((row, i) =>
    row.forEach((value, j) => {
      const band = Math.floor(Math.sqrt((value - low) / (top - low || 1)) * 14) / 14;
      made.append(
        svgElement('rect', {
          x: j * wide,
          y: i * tall,
          width: wide + 0.5,
          height: tall + 0.5,
          style: `fill: color-mix(in oklab, var(--ink) ${(band * 55).toFixed(0)}%, var(--paper))`,
        }),
      );
    }),
  );
  return made;
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const {
        runners,
        words,
        reach: [across, up],
      } = data,
      high = (WIDTH * up) / across;
    const last = runners.length ? runners[0].heights.length - 1 : 0;
    own.step = Math.min(own.step ?? Math.min(30, last), last);
    clearInterval(own.running);
    const position = ([x, y]) => [
      Math.max(-9999, Math.min(9999, ((x + across) / (2 * across)) * WIDTH)),
      Math.max(-9999, Math.min(9999, ((up - y) / (2 * up)) * high)),
    ];
    const land = svgElement('svg', {
      class: 'land',
      viewBox: `0 0 ${WIDTH} ${high}`,
      tabindex: '0',
      role: 'application',
      'aria-label': words.label,
    });
    land.append(relief(data.relief, high));
    const lines = runners.map(({ kind }) => {
      const line = svgElement('polyline', {
        fill: 'none',
        'stroke-width': 3,
        'stroke-dasharray': DASHES[kind],
        style: `stroke: ${colour(kind)}`,
      });
      const dot = svgElement('circle', {
          r: 6,
          style: `fill: ${colour(kind)}; stroke: var(--paper); stroke-width: 2px`,
        }),
        name = svgElement('text', {});
      land.append(line, dot, name);
      return { line, dot, name };
    });
    const readout = element('b'),
      announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' }),
      body = element('tbody');
    const show = (step) => {
      own.step = Math.max(0, Math.min(last, step));
      runners.forEach((one, k) => {
        const made = one.path.slice(0, own.step + 1).map(position),
          [x, y] = made[made.length - 1];
        lines[k].line.setAttribute('points', made.map((point) => point.map((n) => n.toFixed(1)).join(',')).join(' '));
        lines[k].dot.setAttribute('cx', x);
        lines[k].dot.setAttribute('cy', y);
        lines[k].name.setAttribute('x', Math.min(x + 8, WIDTH - 14));
        lines[k].name.setAttribute('y', y - 8);
        lines[k].name.textContent = k + 1;
      });
      readout.textContent = words.step.replace('{k}', own.step).replace('{last}', last);
      body.replaceChildren(
        ...runners.map((one, k) => {
          const [x, y] = one.path[own.step],
            far = Math.max(Math.abs(x), Math.abs(y)) > 1e6,
            dash = element('span', {
              class: 'dash',
              style: `border-color: ${colour(one.kind)}; border-top-style: ${DASHES[one.kind] ? 'dashed' : 'solid'}`,
            });
          return element(
            'tr',
            {},
            element('td', { class: 'left' }, dash, `${k + 1} ${one.name}`),
            element('td', {}, say(one.rate, 3)),
            element('td', {}, `${say(x.toFixed(3), 3)}, ${say(y.toFixed(3), 3)}`),
            element('td', {}, far ? words.far : say(one.heights[own.step], 4)),
          );
        }),
      );
      const heights = runners.map((one) => `${one.name}: ${say(one.heights[own.step], 3)}`);
      announcement.textContent = `${readout.textContent}. ${heights.join('; ')}`;
      root.dataset.step = own.step;
      root.dataset.value = JSON.stringify(runners.map((one) => one.heights[own.step]));
    };
    land.onpointermove = (event) => {
      const box = land.getBoundingClientRect();
      show(Math.round(((event.clientX - box.left) / box.width) * last));
    };
    land.onkeydown = (event) => {
      const to = {
        ArrowRight: own.step + 1,
        ArrowUp: own.step + 1,
        ArrowLeft: own.step - 1,
        ArrowDown: own.step - 1,
        Home: 0,
        End: last,
        PageUp: own.step + 10,
        PageDown: own.step - 10,
      }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        show(to);
      }
    };
    const run = element('button', { type: 'button' }, `▶ ${words.play}`);
    run.onclick = () => {
      clearInterval(own.running);
      show(0);
      own.running = setInterval(() => {
        if (own.step >= last || !run.isConnected) clearInterval(own.running);
        else show(own.step + 1);
      }, 70);
    };
    const head = element(
      'tr',
      {},
      [words.who, words.rate, words.position, words.height].map((one) => element('th', { scope: 'col' }, one)),
    );
    /** @type {Node[]} */
    const parts = [
      land,
      element('div', { class: 'bar' }, run, readout),
      element(
        'div',
        { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': words.height },
        element('table', {}, element('thead', {}, head), body),
      ),
      element('p', { class: 'tip' }, `${words.image}. ${words.keys}`),
      announcement,
    ];
    if (runners.length)
      parts.push(
        asTable(
          `${words.table} (${runners.map((one) => one.name).join(', ')})`,
          data.runners[0].heights.map((_, k) => runners.map((one) => one.heights[k])),
        ),
      );
    root.replaceChildren(...parts);
    show(own.step);
  });
