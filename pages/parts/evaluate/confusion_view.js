/* The confusion matrix: a table of buttons, each of which shows the images it counts. */

const element = (name, text, more = {}) => Object.assign(document.createElement(name), { textContent: text }, more);

export default function ({ parentElement, data, setTriggerValue }) {
  const table = parentElement.querySelector('table'),
    { counts, names, chosen } = data;
  const held = parentElement.querySelector('button:focus')?.dataset.cell;
  const long = names.some((name) => name.length > 3);
  table.classList.toggle('long', long);
  table.replaceChildren(element('caption', data.title));
  const head = element('tr', ''),
    body = element('tbody', '');
  head.append(element('td', 'truth ↓ said →', { className: 'corner' }));
  names.forEach((name) => {
    const cell = element('th', '', { scope: 'col' });
    cell.append(element('span', name));
    head.append(cell);
  });
  counts.forEach((row, truth) => {
    const line = element('tr', ''),
      all = row.reduce((sum, count) => sum + count, 0) || 1;
    line.append(element('th', names[truth], { scope: 'row' }));
    row.forEach((count, said) => {
      const here = truth === chosen[0] && said === chosen[1];
      const button = element('button', count, { type: 'button', tabIndex: here ? 0 : -1 });
      button.dataset.cell = `${truth},${said}`;
      button.setAttribute('aria-label', `true ${names[truth]}, predicted ${names[said]}: ${count} images`);
      button.setAttribute('aria-pressed', here);
      button.style.setProperty('--tint', `${Math.round(60 * Math.sqrt(count / all))}%`);
      button.onclick = () => setTriggerValue('cell', [truth, said]);
      button.onkeydown = (event) => {
        const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
        const next = way && table.querySelector(`[data-cell="${truth + way[0]},${said + way[1]}"]`);
        if (next) {
          event.preventDefault();
          next.focus();
        }
      };
      const cell = element('td', '');
      cell.append(button);
      line.append(cell);
    });
    body.append(line);
  });
  const top = element('thead', '');
  top.append(head);
  table.append(top, body);
  if (held) table.querySelector(`[data-cell="${held}"]`)?.focus();
}
