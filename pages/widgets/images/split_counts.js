/* Class counts, computed by core for every setting of the sliders. */
import { element, mounted } from '../../ui/browser/base.js';
import { slider } from '../../ui/browser/sliders.js';
import '../../ui/browser/plot.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words, axes, classes } = data;
    own.at ??= axes.map(({ at }) => at);
    const table = element('table', { style: 'min-width:min(100%,34rem)' }),
      field = element('div', { class: 'scroll' }, table),
      readout = element('p', { class: 'equation' }),
      announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
    const tones = ['input', 'kernel', 'output'],
      parts = [words.parts, words.checks, words.test];
    const refresh = () => {
      const counts = data.counts[own.at.join(',')];
      const bar = (n, most, tone) =>
        element(
          'td',
          {},
          element(
            'span',
            { style: `display:flex;align-items:center;gap:.4rem;justify-content:flex-end` },
            element('span', {
              class: `bar ${tone}`,
              style: `width:calc(${(n / Math.max(1, most)).toFixed(3)} * min(5rem, 12vw));height:12px`,
              'aria-hidden': 'true',
            }),
            String(n),
          ),
        );
      const total = (part) => part.reduce((a, b) => a + b, 0);
      table.replaceChildren(
        element(
          'tr',
          {},
          ...[words.class, ...parts].map((t, k) =>
            element('th', { scope: 'col' }, k ? `${t}: ${total(counts[k - 1])}` : t),
          ),
        ),
        ...classes.map((name, c) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, name),
            ...counts.map((part, k) => bar(part[c], Math.max(...part), tones[k])),
          ),
        ),
      );
      readout.textContent = words.spread
        .replace('{low}', Math.min(...counts[0]))
        .replace('{high}', Math.max(...counts[0]));
      announcement.textContent = readout.textContent;
      Object.assign(root.dataset, { value: JSON.stringify(counts), at: own.at.join(',') });
    };
    const shown =
      ({ values }) =>
      (v) =>
        typeof values[v] === 'string' ? words[values[v]] : String(values[v]);
    const sliders = axes.map((axis, n) =>
      slider(
        {
          name: words[axis.name],
          least: 0,
          most: axis.values.length - 1,
          step: 1,
          value: own.at[n],
          told: shown(axis),
        },
        (v) => {
          own.at[n] = v;
          refresh();
        },
      ),
    );
    root.replaceChildren(
      element('div', { class: 'sliders' }, ...sliders.map((one) => one.node)),
      field,
      readout,
      element('p', { class: 'tip' }, words.tip),
      announcement,
    );
    field.tabIndex = 0;
    field.setAttribute('role', 'region');
    field.setAttribute('aria-label', words.class);
    refresh();
  });
