/* Bars of values that core computed; a sentence describes the one in focus. */
import { element, focusedIn, mounted } from '../../ui/browser/base.js';

function counted(value, { digits, percent }) {
  const made = (percent ? 100 * value : value).toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return made.replace('-', '\u2212') + (percent ? '\u00a0%' : '');
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const { labels, values, columns, words } = data,
      most = Math.max(...values.map(Math.abs)) || 1;
    own.at = Math.min(own.at ?? data.start, labels.length - 1);
    const list = element('div', { class: 'bars', tabindex: '0', role: 'application', 'aria-label': data.title });
    const rows = labels.map((label, k) => {
      const bar = element('span', {
        class: 'bar',
        style: `width: ${((100 * Math.abs(values[k])) / most).toFixed(2)}%; background: var(--${data.tone})`,
      });
      const row = element(
        'div',
        { class: 'bar-row', 'aria-hidden': 'true' },
        element('span', { class: 'bar-label' }, label),
        element('span', { class: 'bar-room' }, bar),
        element('span', { class: 'bar-number' }, counted(values[k], data)),
      );
      row.onpointermove = row.onpointerdown = () => go(k);
      list.append(row);
      return row;
    });
    const readout = element('p', { class: 'equation told' }),
      announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
    const go = (to) => {
      own.at = to < 0 ? labels.length - 1 : Math.min(to, labels.length - 1);
      rows.forEach((row, k) => row.classList.toggle('chosen', k === own.at));
      const known = { label: labels[own.at], value: counted(values[own.at], data) };
      for (const one of columns) known[one.name] = counted(one.values[own.at], one);
      const text = data.sentence.replace(/\{(\w+)\}/g, (whole, name) => known[name] ?? whole);
      readout.textContent = announcement.textContent = text;
      root.dataset.value = text;
    };
    list.onkeydown = (event) => {
      const to = {
        ArrowDown: own.at + 1,
        ArrowRight: own.at + 1,
        ArrowUp: own.at - 1,
        ArrowLeft: own.at - 1,
        Home: 0,
        End: labels.length - 1,
      }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        go(to);
      }
    };
    const head = element(
      'tr',
      {},
      element('th', { scope: 'col', 'aria-label': 'name' }, ''),
      [data.value_label, ...columns.map((one) => one.label)].map((label) => element('th', { scope: 'col' }, label)),
    );
    const body = labels.map((label, k) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, label),
        element('td', {}, counted(values[k], data)),
        columns.map((one) => element('td', {}, counted(one.values[k], one))),
      ),
    );
    const open = root.querySelector('details')?.open ?? false,
      focused = focusedIn(root)?.classList?.contains('bars');
    const table = element(
      'details',
      {},
      element('summary', {}, words.table),
      element(
        'div',
        { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': words.table },
        element('table', {}, head, body),
      ),
    );
    table.open = open;
    root.replaceChildren(
      element('div', { class: 'panel' }, element('h4', {}, data.title), list),
      readout,
      element('p', { class: 'tip' }, words.keys),
      announcement,
      table,
    );
    if (focused) list.focus();
    go(own.at);
  });
