/* Curves that core computed, with a line to read them off. Only screen positions are computed here. */
import { element, focusedIn, mounted, onResize } from '../../ui/browser/base.js';
import { svgElement } from '../../ui/browser/svg.js';

function written(value, digits, percent) {
  const made = (percent ? 100 * value : value).toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return made.replace('-', '\u2212') + (percent ? '\u00a0%' : '');
}

const DASHES = ['', '7 4', '2 4', '9 3 2 3'];

/* About five round numbers from low to high. */
function ticks(low, high) {
  const rough = (high - low) / 5 || 1,
    power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((many) => many * power >= rough) ?? 10),
    marks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-6; k++)
    marks.push(+(k * step).toPrecision(12));
  return marks;
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const { x, curves, words } = data;
    own.at = Math.min(own.at ?? data.start, x.length - 1);
    const draw = () => {
      const width = Math.min(root.clientWidth || 600, 760),
        height = 260,
        left = 52,
        right = data.even ? 22 : 14,
        top = 10,
        bottom = 44;
      const all = curves.flatMap((one) => one.values),
        high = Math.max(...all),
        low = data.from_zero ? Math.min(0, ...all) : Math.min(...all);
      const room = (high - low) * 0.06 || 1,
        lowest = data.from_zero && low === 0 ? 0 : low - room,
        highest = high + room;
      const across = (k) =>
        left + (width - left - right) * (data.even ? k / (x.length - 1) : (x[k] - x[0]) / (x[x.length - 1] - x[0]));
      const up = (v) => top + ((height - top - bottom) * (highest - v)) / (highest - lowest);
      const percent = curves.every((one) => one.percent);
      const svg = svgElement('svg', {
        width,
        height,
        viewBox: `0 0 ${width} ${height}`,
        'aria-hidden': 'true',
        class: 'plot',
      });
      const step = ticks(lowest, highest)[1] - ticks(lowest, highest)[0] || 1,
        decimals = Math.max(0, Math.ceil(-Math.log10((percent ? 100 : 1) * step) - 1e-9));
      for (const v of ticks(lowest, highest))
        svg.append(
          svgElement('line', { x1: left, x2: width - right, y1: up(v), y2: up(v), class: 'rule' }),
          svgElement('text', { x: left - 6, y: up(v) + 4, 'text-anchor': 'end' }, written(v, decimals, percent)),
        );
      const positions = data.even
        ? x.map((_, k) => k)
        : ticks(x[0], x[x.length - 1]).map((v) => ((v - x[0]) / (x[x.length - 1] - x[0])) * (x.length - 1));
      const values = data.even ? x : ticks(x[0], x[x.length - 1]),
        span = values.length > 1 ? Math.abs(values[1] - values[0]) : 1;
      const fine = data.even
        ? data.x_digits
        : Math.max(0, Math.ceil(-Math.log10((data.x_percent ? 100 : 1) * span) - 1e-9));
      positions.forEach((position, k) =>
        svg.append(
          svgElement(
            'text',
            {
              x: left + ((width - left - right) * position) / (x.length - 1),
              y: height - bottom + 18,
              'text-anchor': 'middle',
            },
            written(values[k], fine, data.x_percent),
          ),
        ),
      );
      svg.append(
        svgElement(
          'text',
          { x: (left + width - right) / 2, y: height - 6, 'text-anchor': 'middle', class: 'axis' },
          data.x_label,
        ),
      );
      curves.forEach((one, n) => {
        svg.append(
          svgElement('polyline', {
            points: one.values.map((v, k) => `${across(k).toFixed(1)},${up(v).toFixed(1)}`).join(' '),
            class: 'curve',
            'stroke-dasharray': DASHES[n],
            style: `stroke: var(--${one.tone})`,
          }),
        );
        if (data.even)
          one.values.forEach((v, k) =>
            svg.append(svgElement('circle', { cx: across(k), cy: up(v), r: 3, style: `fill: var(--${one.tone})` })),
          );
      });
      const cursor = svgElement('line', { y1: top, y2: height - bottom, class: 'cursor' });
      svg.append(cursor);
      const dots = curves.map((one) => {
        const dot = svgElement('circle', { r: 6, class: 'dot', style: `fill: var(--${one.tone})` });
        svg.append(dot);
        return dot;
      });
      const box = element(
        'div',
        { class: 'read-off', tabindex: '0', role: 'application', 'aria-label': `${data.title}. ${data.x_label}` },
        svg,
      );
      const legend = element('p', { class: 'legend' });
      const readout = element('p', { class: 'equation told' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const keys = curves.map((one, n) => {
        const line = svgElement(
          'svg',
          { width: 26, height: 10, 'aria-hidden': 'true' },
          svgElement('line', {
            x1: 0,
            x2: 26,
            y1: 5,
            y2: 5,
            class: 'curve',
            'stroke-dasharray': DASHES[n],
            style: `stroke: var(--${one.tone})`,
          }),
        );
        const number = element('b', {});
        legend.append(element('span', { class: 'key' }, line, ` ${one.label} `, number));
        return number;
      });
      const go = (to) => {
        own.at = Math.max(0, Math.min(x.length - 1, to));
        cursor.setAttribute('x1', String(across(own.at)));
        cursor.setAttribute('x2', String(across(own.at)));
        const known = { x: written(x[own.at], data.x_digits, data.x_percent) };
        curves.forEach((one, n) => {
          dots[n].setAttribute('cx', String(across(own.at)));
          dots[n].setAttribute('cy', up(one.values[own.at]));
          keys[n].textContent = known[one.name] = written(one.values[own.at], one.digits, one.percent);
        });
        const plain =
          `${data.x_label} ${known.x}: ` + curves.map((one) => `${one.label} ${known[one.name]}`).join(', ');
        readout.textContent = (data.sentence || plain).replace(/\{(\w+)\}/g, (whole, name) => known[name] ?? whole);
        announcement.textContent = readout.textContent;
        root.dataset.value = plain;
      };
      box.onpointermove = box.onpointerdown = (event) => {
        const at = event.clientX - svg.getBoundingClientRect().left;
        go(x.reduce((best, _, k) => (Math.abs(across(k) - at) < Math.abs(across(best) - at) ? k : best), 0));
      };
      box.onkeydown = (event) => {
        const to = {
          ArrowRight: own.at + 1,
          ArrowUp: own.at + 1,
          ArrowLeft: own.at - 1,
          ArrowDown: own.at - 1,
          Home: 0,
          End: x.length - 1,
          PageUp: own.at + 10,
          PageDown: own.at - 10,
        }[event.key];
        if (to !== undefined) {
          event.preventDefault();
          go(to);
        }
      };
      const head = element(
        'tr',
        {},
        [data.x_label, ...curves.map((one) => one.label)].map((label) => element('th', { scope: 'col' }, label)),
      );
      const body = x.map((value, k) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, written(value, data.x_digits, data.x_percent)),
          curves.map((one) => element('td', {}, written(one.values[k], one.digits, one.percent))),
        ),
      );
      const open = root.querySelector('details')?.open ?? false,
        focused = focusedIn(root)?.classList?.contains('read-off');
      const table = element(
        'details',
        {},
        element('summary', {}, words.table),
        element(
          'div',
          { class: 'scroll low', tabindex: '0', role: 'region', 'aria-label': words.table },
          element('table', {}, head, body),
        ),
      );
      table.open = open;
      root.replaceChildren(
        element('div', { class: 'panel' }, element('h4', { 'aria-level': 3 }, data.title), legend, box),
        readout,
        element('p', { class: 'tip' }, words.keys),
        announcement,
        table,
      );
      if (focused) box.focus();
      go(own.at);
    };
    draw();
    onResize(own, root, draw);
  });
