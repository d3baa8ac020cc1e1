/* Histograms and statistics of each layer before the first training step, computed by core. */
import { element, mounted } from '../../ui/browser/base.js';

const COLUMNS = ['spread', 'size', 'flat', 'difference', 'later'];

export default (component) =>
  mounted(component, (own, data, root) => {
    const { layers, words } = data;
    own.at = Math.min(own.at ?? 0, layers.length - 1);
    const minus = (text) => text.replaceAll('-', '\u2212');
    const bars = (shares, ends, tone, title) => {
      const top = Math.max(...shares) || 1;
      return element(
        'div',
        {},
        element('div', { class: 'what' }, title),
        element(
          'div',
          { class: 'bars', 'aria-hidden': 'true', style: `--tone: var(--${tone})` },
          shares.map((share) => element('span', { style: `height: ${share ? Math.max(2, (share / top) * 100) : 0}%` })),
        ),
        element('div', { class: 'ends' }, ...ends.map((end) => element('span', {}, minus(end)))),
      );
    };
    const cards = layers.map((one) =>
      element(
        'div',
        { class: 'layer' },
        element('h4', {}, one.name),
        element(
          'div',
          { class: 'pair' },
          bars(one.outputs, one.output_ends, 'output', words.outputs),
          bars(one.gradients, one.gradient_ends, 'gradient', words.gradients),
        ),
      ),
    );
    const box = element(
      'div',
      { class: 'layers', tabindex: '0', role: 'application', 'aria-label': words.label },
      ...cards,
    );
    const readout = element('p', { class: 'equation' }),
      announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
    const show = (to) => {
      own.at = Math.max(0, Math.min(layers.length - 1, to));
      cards.forEach((card, k) => card.classList.toggle('here', k === own.at));
      const one = layers[own.at];
      readout.replaceChildren(
        element('b', {}, one.name),
        ': ',
        COLUMNS.map((name) => `${words[name]} ${minus(one.numbers[name])}`).join(' · '),
      );
      announcement.textContent = readout.textContent;
      root.dataset.layer = one.name;
      root.dataset.value = JSON.stringify(one.numbers);
    };
    box.onkeydown = (event) => {
      const to = {
        ArrowRight: own.at + 1,
        ArrowDown: own.at + 1,
        ArrowLeft: own.at - 1,
        ArrowUp: own.at - 1,
        Home: 0,
        End: layers.length - 1,
      }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        show(to);
      }
    };
    box.onpointermove = box.onpointerdown = (event) => {
      const index = cards.findIndex((card) => event.composedPath().includes(card));
      if (index >= 0 && index !== own.at) show(index);
    };
    const head = element(
      'tr',
      {},
      [words.layer, ...COLUMNS.map((name) => words[name])].map((one) => element('th', { scope: 'col' }, one)),
    );
    const rows = layers.map((one) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, one.name),
        COLUMNS.map((name) => element('td', {}, minus(one.numbers[name]))),
      ),
    );
    root.replaceChildren(
      box,
      readout,
      element(
        'div',
        { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': words.layer },
        element('table', {}, head, rows),
      ),
      element('p', { class: 'tip' }, words.keys),
      announcement,
    );
    show(own.at);
  });
