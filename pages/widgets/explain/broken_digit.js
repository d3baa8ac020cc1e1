/* Small images in a row, the chosen one large and changed, its ten outputs, and all networks' answers. Images and
   outputs were computed before; only the largest output of ten is looked up here. */
import { context2d, element, mounted } from '../../ui/browser/base.js';
import { menu, slider } from '../../ui/browser/sliders.js';

function inkedImage(code, zoom) {
  const bytes = Uint8Array.from(atob(code), (letter) => letter.charCodeAt(0)),
    side = Math.sqrt(bytes.length);
  const canvas = element('canvas', {
    width: side,
    height: side,
    'aria-hidden': 'true',
    style: `width: ${side * zoom}px; height: ${side * zoom}px`,
  });
  const brush = context2d(canvas),
    pixels = brush.createImageData(side, side);
  bytes.forEach((grey, k) => pixels.data.set([grey, grey, grey, 255], 4 * k));
  brush.putImageData(pixels, 0, 0);
  return canvas;
}

const largest = (values) => values.indexOf(Math.max(...values));
const percent = (share) => `${Math.round(100 * share)}\u00a0%`;

export default (component) =>
  mounted(component, (own, data, root) => {
    const { images, outputs, truth, amounts, networks, words } = data,
      count = truth.length;
    own.digit ??= Math.min(data.digit, count - 1);
    own.amount ??= data.start;
    own.network ??= data.network;
    const list = element('div', { class: 'break-list', tabindex: '0', role: 'application', 'aria-label': words.list });
    const small = truth.map((_, k) => {
      const one = element('span', { class: 'break-one', 'aria-hidden': 'true' });
      one.onpointermove = one.onpointerdown = () => {
        if (own.digit !== k) go(k);
      };
      list.append(one);
      return one;
    });
    const large = element('div', {}),
      bars = element('div', { class: 'break-bars' }),
      answers = element('div', { class: 'scroll' });
    const readout = element('p', { class: 'equation break-told', 'aria-hidden': 'true' }),
      announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
    const table = element('div', {});
    const version = () => images[Math.min(own.network, images.length - 1)];
    const verdict = (scores) => largest(scores) === truth[own.digit];
    const mark = (scores) => (verdict(scores) ? `✓ ${words.right}` : `✗ ${words.wrong}`);
    const cells = (scores) => [
      element('td', {}, String(largest(scores))),
      element('td', {}, percent(Math.max(...scores))),
      element('td', { class: verdict(scores) ? '' : 'break-wrong' }, mark(scores)),
    ];
    const head = (first) =>
      element(
        'tr',
        {},
        [first, words.says, words.sure, ''].map((label) =>
          element('th', { scope: 'col', 'aria-label': label || words.right }, label),
        ),
      );
    const thumbs = () => small.forEach((one, k) => one.replaceChildren(inkedImage(version()[own.amount][k], 1.5)));
    const go = (to) => {
      own.digit = (to + count) % count;
      show();
    };
    const show = () => {
      small.forEach((one, k) => one.classList.toggle('chosen', k === own.digit));
      const every = outputs[own.amount][own.digit],
        scores = every[own.network],
        first = largest(scores);
      large.replaceChildren(inkedImage(version()[own.amount][own.digit], 8));
      bars.replaceChildren(
        ...scores.map((value, k) =>
          element(
            'div',
            { class: `break-bar${k === first ? ' first' : ''}`, 'aria-hidden': 'true' },
            element('span', {}, String(k)),
            element('span', {}, element('span', { class: 'break-fill', style: `width: ${(100 * value).toFixed(1)}%` })),
            element('span', {}, percent(value)),
          ),
        ),
      );
      answers.replaceChildren(
        element(
          'table',
          { class: 'break-answers' },
          head(words.network),
          ...every.map((one, k) => element('tr', {}, element('th', { scope: 'row' }, networks[k]), cells(one))),
        ),
      );
      const known = {
        truth: truth[own.digit],
        kind: data.kind,
        amount: amounts[own.amount],
        network: networks[own.network],
        said: first,
        sure: percent(scores[first]),
        verdict: verdict(scores) ? words.right : words.wrong,
        count: every.filter(verdict).length,
      };
      readout.textContent = announcement.textContent = words.summary.replace(/\{(\w+)\}/g, (_, name) => known[name]);
      const open = table.querySelector('details')?.open ?? false;
      const rows = amounts.map((amount, k) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, amount),
          ...outputs[k][own.digit].map((one) => element('td', {}, `${largest(one)} (${percent(Math.max(...one))})`)),
        ),
      );
      const folded = element(
        'details',
        {},
        element('summary', {}, words.table),
        element(
          'div',
          { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': words.table },
          element(
            'table',
            {},
            element(
              'tr',
              {},
              [data.kind, ...networks].map((label) => element('th', { scope: 'col' }, label)),
            ),
            ...rows,
          ),
        ),
      );
      folded.open = open;
      table.replaceChildren(folded);
      root.dataset.value = readout.textContent;
    };
    list.onkeydown = (event) => {
      const to = {
        ArrowRight: own.digit + 1,
        ArrowDown: own.digit + 1,
        ArrowLeft: own.digit - 1,
        ArrowUp: own.digit - 1,
        Home: 0,
        End: count - 1,
      }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        go(to);
      }
    };
    const dial = slider(
      { name: data.kind, least: 0, most: amounts.length - 1, step: 1, value: own.amount, told: (k) => amounts[k] },
      (k) => {
        own.amount = k;
        thumbs();
        show();
      },
    );
    const which = menu(
      { name: words.network, choices: networks.map((name, k) => [String(k), name]), value: String(own.network) },
      (k) => {
        own.network = Number(k);
        thumbs();
        show();
      },
    );
    root.replaceChildren(
      element('div', { class: 'panel' }, list, element('div', { class: 'break-controls' }, dial.node, which)),
      element(
        'div',
        { class: 'row' },
        element('div', { class: 'panel' }, element('h4', { class: 'input', 'aria-level': '3' }, words.image), large),
        element(
          'div',
          { class: 'panel break-wide' },
          element('h4', { class: 'output', 'aria-level': '3' }, words.outputs),
          bars,
        ),
        element('div', { class: 'panel' }, answers),
      ),
      readout,
      element('p', { class: 'tip' }, words.keys),
      announcement,
      table,
    );
    thumbs();
    show();
  });
