/* Curves that core computed; the browser only draws them. */
import { asTable, element, mounted, say } from '../../ui/browser/base.js';
import { svgElement } from '../../ui/browser/svg.js';

const W = 400,
  H = 260,
  EDGE = 14;

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words, steps, training, validation } = data,
      last = steps.length - 1;
    own.at = Math.min(own.at ?? data.start, last);
    const x = (v) => EDGE + v * (W - 2 * EDGE),
      y = (v) => H / 2 - (v * (H / 2 - EDGE)) / 1.8;
    const path = (pairs) => pairs.map(([a, b]) => `${a.toFixed(1)},${b.toFixed(1)}`).join(' ');
    const line = (colour, dash = '') =>
      svgElement('polyline', {
        fill: 'none',
        'stroke-width': 2.5,
        'stroke-dasharray': dash,
        style: `stroke: var(--${colour})`,
      });
    const image = svgElement('svg', { viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': words.image });
    const truth = line('ink', '3 4'),
      fit = line('output');
    truth.setAttribute('points', path(data.grid.map((v, k) => [x(v), y(data.wave[k])])));
    image.append(
      truth,
      fit,
      ...data.judges.map(([a, b]) =>
        svgElement('circle', { cx: x(a), cy: y(b), r: 2.5, style: 'fill: var(--kernel)' }),
      ),
      ...data.points.map(([a, b]) =>
        svgElement('circle', {
          cx: x(a),
          cy: y(b),
          r: 5.5,
          style: 'fill: var(--input); stroke: var(--paper); stroke-width: 1.5px',
        }),
      ),
    );
    const top = Math.min(1.2, Math.max(...validation)),
      across = (k) => EDGE + (k / last) * (W - 2 * EDGE),
      up = (v) => H - EDGE - (Math.min(v, top) / top) * (H - 3 * EDGE);
    const errors = svgElement('svg', {
      viewBox: `0 0 ${W} ${H}`,
      tabindex: '0',
      role: 'application',
      'aria-label': words.label,
    });
    const curves = [
      ['input', training, ''],
      ['kernel', validation, '7 4'],
    ].map(([colour, values, dash]) => {
      const made = line(colour, dash);
      made.setAttribute('points', path(values.map((v, k) => [across(k), up(v)])));
      return made;
    });
    const upright = (k, style) => svgElement('line', { x1: across(k), x2: across(k), y1: EDGE, y2: H - EDGE, style });
    const here = upright(own.at, 'stroke: var(--output); stroke-width: 2px');
    errors.append(
      ...curves,
      upright(data.best, 'stroke: var(--ink); stroke-dasharray: 2 3'),
      upright(data.stopped, 'stroke: var(--ink); stroke-width: 2px; stroke-dasharray: 8 4'),
      here,
    );
    const readout = element('p', { class: 'equation' }),
      announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
    const show = (to) => {
      own.at = Math.max(0, Math.min(last, to));
      fit.setAttribute(
        'points',
        path(data.grid.map((v, k) => [x(v), Math.max(0, Math.min(H, y(data.drawn[own.at][k])))])),
      );
      here.setAttribute('x1', String(across(own.at)));
      here.setAttribute('x2', String(across(own.at)));
      readout.textContent = words.step
        .replace('{step}', steps[own.at])
        .replace('{training}', say(training[own.at], 3))
        .replace('{validation}', say(validation[own.at], 3));
      announcement.textContent = readout.textContent;
      root.dataset.step = steps[own.at];
      root.dataset.value = validation[own.at];
    };
    errors.onpointermove = (event) => {
      const box = errors.getBoundingClientRect();
      show(Math.round(((event.clientX - box.left) / box.width) * last));
    };
    errors.onkeydown = (event) => {
      const to = {
        ArrowRight: own.at + 1,
        ArrowUp: own.at + 1,
        ArrowLeft: own.at - 1,
        ArrowDown: own.at - 1,
        Home: 0,
        End: last,
      }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        show(to);
      }
    };
    const panel = (title, node) => element('div', { class: 'panel' }, element('h4', {}, title), node);
    const legend = element(
      'p',
      { class: 'tip' },
      element('b', { class: 'input' }, `━ ${words.training}`),
      '  ',
      element('b', { class: 'kernel' }, `╍ ${words.validation}`),
      '  ',
      element('b', { class: 'output' }, `━ ${words.image}`),
      `  ┈ ${words.truth}`,
    );
    root.replaceChildren(
      element('div', { class: 'two' }, panel(words.image, image), panel(words.errors, errors)),
      readout,
      element(
        'p',
        { class: 'tip' },
        `┊ ${words.best.replace('{step}', steps[data.best])} · ╎ ${words.stop.replace('{step}', steps[data.stopped])}`,
      ),
      legend,
      element('p', { class: 'tip' }, words.keys),
      announcement,
      asTable(
        words.table,
        steps.map((step, k) => [step, training[k], validation[k]]),
      ),
    );
    show(own.at);
  });
