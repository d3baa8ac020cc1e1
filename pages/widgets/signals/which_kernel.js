/* Outputs that core computed, each with a menu of kernels to choose from. */
import { asTable, element, mounted, redraw, say } from '../../ui/browser/base.js';
import { svgElement } from '../../ui/browser/svg.js';

function bars(values, columns, tone, title) {
  const wide = 26,
    high = 92,
    low = values.some((v) => v < 0),
    zero = low ? high / 2 : high - 4,
    most = Math.max(...values.map(Math.abs)) || 1;
  const image = svgElement('svg', {
    class: 'bars',
    viewBox: `0 0 ${columns * wide} ${high}`,
    width: columns * wide,
    role: 'img',
    'aria-label': `${title}: ${values.map((v) => say(v, 3)).join(', ')}`,
  });
  image.append(svgElement('line', { x1: 0, x2: columns * wide, y1: zero, y2: zero }));
  values.forEach((value, k) => {
    const size = Math.max(1, (Math.abs(value) / most) * ((low ? high / 2 : high) - 18));
    image.append(
      svgElement('rect', {
        class: tone,
        x: k * wide + 4,
        width: wide - 8,
        y: value < 0 ? zero : zero - size,
        height: size,
        rx: 2,
      }),
      svgElement('text', { x: (k + 0.5) * wide, y: value < 0 ? zero + size + 11 : zero - size - 3 }, say(value, 2)),
    );
  });
  return image;
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const { signal, outputs, kernels, answers, words } = data;
    if (own.round !== data.round) {
      own.round = data.round;
      own.chosen = outputs.map(() => '');
      own.checked = false;
    }
    const columns = Math.max(signal.length, ...outputs.map((one) => one.length));
    const verdict = element('output', { 'aria-live': 'polite' });
    const list = element('div', { class: 'outputs' });
    const right = () => own.chosen.filter((choice, k) => choice === String(answers[k])).length;
    const show = () => {
      const score = words.right.replace('{right}', right()).replace('{count}', outputs.length);
      verdict.textContent = !own.checked
        ? ''
        : right() === outputs.length
          ? score
          : `${score.replace('✓ ', '')}. ${words.hint}`;
      root.dataset.value = own.checked ? right() : '';
      root.dataset.round = data.round;
    };
    outputs.forEach((values, k) => {
      const title = words.output.replace('{number}', k + 1),
        menu = element(
          'select',
          { 'aria-label': `${title}: ${words.made}` },
          element('option', { value: '' }, words.choose),
          kernels.map((name, position) => element('option', { value: position }, name)),
        );
      menu.value = own.chosen[k];
      menu.onchange = () => {
        own.chosen[k] = menu.value;
        own.checked = false;
        show();
      };
      list.append(
        element(
          'div',
          {},
          element('p', { class: 'name output' }, title),
          bars(values, columns, 'output', title),
          element('label', {}, `${words.made} `, menu),
        ),
      );
    });
    const check = element('button', { type: 'button' }, words.check);
    check.onclick = () => {
      own.checked = true;
      show();
    };
    const padded = (values) => [...values, ...Array(columns - values.length).fill(0)];
    redraw(
      root,
      element('p', { class: 'name input' }, words.signal),
      bars(signal, columns, 'input', words.signal),
      list,
      element('div', { class: 'bar' }, check, verdict),
      asTable(words.table, [signal, ...outputs].map(padded)),
    );
    show();
  });
