/* The layers as a list to step through and rearrange; a new order is sent to Python, which computes the shapes. */
import { element, focusedIn, mounted } from '../../ui/browser/base.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { rows, words } = data,
      last = rows.length - 1;
    own.at = Math.min(own.at ?? 0, last);
    const readout = element('p', { class: 'equation' }),
      announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
    const list = element('div', { class: 'layers', tabindex: '0', role: 'application', 'aria-label': words.label });
    const written = (shape) => (shape ? `(${shape.join(', ')})` : words.stuck);
    const items = rows.map((row, k) =>
      element(
        'div',
        { class: `layer${row.shape ? '' : ' stuck'}`, draggable: k ? 'true' : null, 'aria-hidden': 'true' },
        element('span', { class: 'name' }, row.name),
        element('b', { class: row.shape ? 'output' : 'kernel' }, written(row.shape)),
      ),
    );
    list.append(...items);
    const rearrange = (positions) => own.tell('order', { positions, when: Date.now() });
    const move = (from, to) => {
      if (from < 1 || to < 1 || from > last || to > last || from === to) return;
      const positions = rows.slice(1).map((_, k) => k);
      positions.splice(to - 1, 0, ...positions.splice(from - 1, 1));
      own.at = to;
      rearrange(positions);
    };
    const choose = (k) => {
      own.at = Math.min(last, Math.max(0, k));
      items.forEach((item, position) => item.classList.toggle('here', position === own.at));
      const row = rows[own.at],
        before = own.at ? rows[own.at - 1].shape : null;
      readout.textContent = `${before ? `${written(before)} → ` : ''}${written(row.shape)}: ${row.why}`;
      announcement.textContent = `${row.name}: ${readout.textContent}`;
      earlier.disabled = own.at < 2;
      later.disabled = !own.at || own.at === last;
      remove.disabled = !own.at;
      root.dataset.cell = own.at;
      root.dataset.value = `${own.at}: ${written(row.shape)}`;
    };
    const button = (title, act) => {
      const made = element('button', { type: 'button' }, title);
      made.onclick = act;
      return made;
    };
    const earlier = button(words.earlier, () => move(own.at, own.at - 1)),
      later = button(words.later, () => move(own.at, own.at + 1));
    const remove = button(words.remove, () =>
      rearrange(
        rows
          .slice(1)
          .map((_, k) => k)
          .filter((k) => k !== own.at - 1),
      ),
    );
    const again = button(words.again, () => rearrange(null));
    const placeOf = (event) => items.findIndex((item) => event.composedPath().includes(item));
    list.onpointermove = list.onpointerdown = (event) => {
      const k = placeOf(event);
      if (k >= 0) choose(k);
    };
    list.onkeydown = (event) => {
      const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
      if (event.key === 'Delete' && own.at) {
        event.preventDefault();
        remove.click();
      }
      if (!step) return;
      event.preventDefault();
      if (event.altKey) move(own.at, own.at + step);
      else choose(own.at + step);
    };
    items.forEach((item, k) => {
      item.ondragstart = (event) => {
        own.from = k;
        event.dataTransfer.effectAllowed = 'move';
      };
      item.ondragover = (event) => {
        event.preventDefault();
        item.classList.add('drop');
      };
      item.ondragleave = () => item.classList.remove('drop');
      item.ondrop = (event) => {
        event.preventDefault();
        item.classList.remove('drop');
        move(own.from, Math.max(k, 1));
      };
    });
    const table = element(
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
            [words.layer, words.shape, words.why].map((title) => element('th', { scope: 'col' }, title)),
          ),
          rows.map((row) =>
            element(
              'tr',
              {},
              [row.name, written(row.shape), row.why].map((text) => element('td', {}, text)),
            ),
          ),
        ),
      ),
    );
    table.open = root.querySelector('details')?.open ?? false;
    const focused = focusedIn(root) === root.querySelector('.layers');
    root.replaceChildren(
      list,
      readout,
      element('div', { class: 'buttons' }, earlier, later, remove, again),
      element('p', { class: 'tip' }, words.keys),
      announcement,
      table,
    );
    choose(own.at);
    if (focused) list.focus();
  });
