/* Bars that follow the sliders. */
import { element, mounted, say } from '../../ui/browser/base.js';
import { slider } from '../../ui/browser/sliders.js';
import { live } from '../../ui/browser/plot.js';
import { shares } from '../../ui/browser/network_maths.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words, names } = data;
    own.z ??= [...data.logits];
    own.shift ??= 0;
    own.chosen ??= 0;
    const bars = element('div', { class: 'bars' }),
      equation = element('p', { class: 'equation' }),
      announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
    const power = (v) => ['e', element('sup', {}, say(v, 4))];
    const refresh = () => {
      const z = own.z.map((v) => v + own.shift),
        p = shares(z);
      bars.replaceChildren(
        ...p.flatMap((v, k) => [
          element('span', {}, `${k === own.chosen ? '▸ ' : ''}${names[k]}`),
          element('div', { class: 'bar', style: `width: ${(100 * v).toFixed(2)}%` }),
          element('span', {}, v.toFixed(4)),
        ]),
      );
      const e = z.map(Math.exp),
        all = e.reduce((a, b) => a + b, 0);
      equation.replaceChildren(
        `p(${names[own.chosen]}) = `,
        ...power(z[own.chosen]),
        ' / (',
        ...z.flatMap((v, k) => [k ? ' + ' : '', ...power(v)]),
        `) = ${say(e[own.chosen], 4)} / ${say(all, 4)} = `,
        element('b', { class: 'output' }, p[own.chosen].toFixed(4)),
      );
      root.dataset.value = JSON.stringify(p);
      Object.assign(root.dataset, { chosen: own.chosen, shift: own.shift });
      announcement.textContent = words.announcement.replace(
        '{p}',
        p.map((v, k) => `${names[k]} ${v.toFixed(3)}`).join(', '),
      );
      table.refresh();
    };
    const table = live(own, words.table, () => {
      const z = own.z.map((v) => v + own.shift),
        p = shares(z);
      return [[words.answer, words.logit, 'eᶻ', words.probability], z.map((v, k) => [names[k], v, Math.exp(v), p[k]])];
    });
    const rows = own.z.map((v, k) =>
      slider({ name: names[k], least: -5, most: 5, value: v, tone: 'input' }, (to) => {
        own.z[k] = to;
        own.chosen = k;
        refresh();
      }),
    );
    const shift = slider({ name: words.shift, least: -10, most: 10, step: 1, value: own.shift }, (to) => {
      own.shift = to;
      refresh();
    });
    bars.tabIndex = 0;
    bars.setAttribute('role', 'application');
    bars.setAttribute('aria-label', words.label);
    const change = (k, by) => {
      own.chosen = (k + own.z.length) % own.z.length;
      own.z[own.chosen] = +Math.max(-5, Math.min(5, own.z[own.chosen] + by)).toFixed(1);
      rows[own.chosen].set(own.z[own.chosen]);
      refresh();
    };
    bars.onkeydown = (event) => {
      const to = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
      if (to) {
        event.preventDefault();
        change(own.chosen + to[0], to[1]);
      }
    };
    bars.onpointermove = (event) => {
      const box = bars.getBoundingClientRect();
      const k = Math.min(
        own.z.length - 1,
        Math.max(0, Math.floor(((event.clientY - box.top) / box.height) * own.z.length)),
      );
      if (k !== own.chosen) change(k, 0);
    };
    root.replaceChildren(
      element('div', { class: 'sliders' }, ...rows.map((row) => row.node), shift.node),
      bars,
      equation,
      element('p', { class: 'tip' }, words.tip),
      table.node,
      announcement,
    );
    refresh();
  });
