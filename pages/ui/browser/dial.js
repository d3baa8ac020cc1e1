/* A slider and what hangs on it: bars, the four cells, formulas with numbers, curves with a marker. All frames were
   computed before. */
import { element, focusedIn, mounted, onResize, redraw } from './base.js';
import { svgElement } from './svg.js';

/* A number line with the cases above it; accepted(n) marks the first n as said yes. */
function caseStrip(cases, words, wide) {
  const high = 64,
    edge = 8,
    at = (score) => edge + score * (wide - 2 * edge);
  const line = svgElement('line', { y1: 6, y2: high - 18, class: 'threshold' });
  const svg = svgElement(
    'svg',
    { width: wide, height: high, role: 'img', 'aria-label': words.strip },
    svgElement('line', { x1: at(0), x2: at(1), y1: high - 18, y2: high - 18, class: 'axis' }),
  );
  for (const tick of [0, 0.25, 0.5, 0.75, 1])
    svg.append(svgElement('text', { x: at(tick), y: high - 3, class: 'tick', 'text-anchor': 'middle' }, String(tick)));
  const crosses = cases.map(([score, yes]) => {
    const x = at(score),
      y = 26;
    svg.append(
      yes
        ? svgElement('circle', { cx: x, cy: y, r: 7, class: 'yes' })
        : svgElement('path', { d: `M${x} ${y - 8} l8 8 l-8 8 l-8 -8 z`, class: 'no' }),
    );
    const cross = svgElement('path', { d: `M${x - 5} ${y - 21} l10 8 m0 -8 l-10 8`, class: 'cross' });
    svg.append(cross);
    return cross;
  });
  svg.append(line);
  const show = (position, accepted) => {
    line.setAttribute('x1', String(at(position)));
    line.setAttribute('x2', String(at(position)));
    cases.forEach(([, yes], k) => {
      crosses[k].style.display = k < accepted === Boolean(yes) ? 'none' : '';
    });
  };
  return { svg, show };
}

/* The end of an axis: the next half step of a power of ten. */
function even(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return (Math.ceil((2 * value) / power) / 2) * power;
}

/* Round numbers from 0 to `end`, about five of them. */
function marks(end) {
  const power = 10 ** Math.floor(Math.log10(end / 5)),
    step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= (end / 5) * 0.999) ?? end;
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, k) => k * step);
}

/* One curve with axes; mark(point) moves the ring; near(event) gives where a pointer is, in the units of the axes. */
function curveChart(chart, size) {
  const left = 46,
    low = 40,
    up = 8,
    right = chart.right || 1,
    top = chart.top ? even(chart.top) : 1;
  const px = (x) => left + (x / right) * (size - left - 12),
    py = (y) => size - low - (y / top) * (size - low - up);
  const told = (v, percent) => (percent ? `${+(100 * v).toPrecision(3)} %` : String(+v.toPrecision(3)));
  const svg = svgElement('svg', { width: size, height: size, role: 'img', 'aria-label': chart.title, class: 'curve' });
  for (const y of marks(top)) {
    svg.append(
      svgElement('line', { x1: px(0), x2: px(right), y1: py(y), y2: py(y), class: 'rule' }),
      svgElement('text', { x: left - 5, y: py(y) + 4, class: 'tick', 'text-anchor': 'end' }, told(y, chart.percent)),
    );
  }
  for (const x of marks(right))
    svg.append(
      svgElement(
        'text',
        { x: px(x), y: size - low + 15, class: 'tick', 'text-anchor': 'middle' },
        told(x, chart.percent && !chart.counted),
      ),
    );
  svg.append(
    svgElement('text', { x: (left + size) / 2, y: size - 7, class: 'tick', 'text-anchor': 'middle' }, chart.x),
  );
  if (chart.diagonal)
    svg.append(svgElement('line', { x1: px(0), y1: py(0), x2: px(right), y2: py(top), class: 'guess' }));
  if (chart.level !== undefined)
    svg.append(
      svgElement('line', { x1: px(0), x2: px(right), y1: py(chart.level), y2: py(chart.level), class: 'guess' }),
    );
  svg.append(
    svgElement('polyline', { points: chart.points.map(([x, y]) => `${px(x)},${py(y)}`).join(' '), class: 'line' }),
  );
  if (chart.points.length < 40)
    for (const [x, y] of chart.points) svg.append(svgElement('circle', { cx: px(x), cy: py(y), r: 3, class: 'dot' }));
  const ring = svgElement('circle', { r: 7, class: 'ring' });
  svg.append(ring);
  const mark = (point) => {
    ring.style.display = point ? '' : 'none';
    if (point) {
      ring.setAttribute('cx', String(px(point[0])));
      ring.setAttribute('cy', String(py(point[1])));
    }
  };
  const distance = (event, point) => {
    const box = svg.getBoundingClientRect();
    return point
      ? Math.hypot(event.clientX - box.left - px(point[0]), event.clientY - box.top - py(point[1]))
      : Infinity;
  };
  return {
    node: element('figure', {}, element('figcaption', {}, `${chart.title} (${chart.y})`), svg),
    svg,
    mark,
    distance,
  };
}

function fourCells(words, counts) {
  const cell = (k, good) =>
    element(
      'td',
      { class: good ? 'good' : 'bad' },
      element('b', {}, counts[k]),
      ` ${words.short[k]}`,
      element('span', { class: 'small' }, words.cells[k]),
    );
  const head = (text, scope) => element(text ? 'th' : 'td', text ? { scope } : {}, text);
  return element(
    'table',
    { class: 'four' },
    element(
      'tr',
      {},
      words.heads.map((text) => head(text, 'col')),
    ),
    element('tr', {}, head(words.rows[0], 'row'), cell(0, true), cell(1, false)),
    element('tr', {}, head(words.rows[1], 'row'), cell(2, false), cell(3, true)),
  );
}

function shareBar({ label, share, good, bad, value }) {
  const filled = element('div', { class: 'filled' });
  filled.style.width = `${100 * (share ?? 0)}%`;
  return element(
    'div',
    { class: 'bar' },
    element('div', { class: 'ends' }, element('b', {}, label), element('span', {}, value)),
    element('div', { class: share === null ? 'track empty' : 'track', 'aria-hidden': 'true' }, filled),
    element('div', { class: 'ends' }, element('span', {}, good), element('span', {}, bad)),
  );
}

function allFrames(words, columns, frames) {
  const rows = frames.map((one) =>
    element(
      'tr',
      {},
      one.row.map((value) => element('td', {}, value)),
    ),
  );
  return element(
    'details',
    {},
    element('summary', {}, words.table),
    element(
      'div',
      { class: 'scroll tall', tabindex: '0', role: 'region', 'aria-label': words.table },
      element(
        'table',
        {},
        element(
          'tr',
          {},
          columns.map((name) => element('th', { scope: 'col' }, name)),
        ),
        rows,
      ),
    ),
  );
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const { frames, words } = data,
      sent = JSON.stringify(data);
    if (own.sent !== sent) {
      const before = own.frames?.[own.at].value;
      const same = frames.findIndex((frame) => frame.value === before);
      own.sent = sent;
      own.frames = frames;
      own.at = same < 0 ? data.start : same;
    }
    const draw = () => {
      const room = root.clientWidth || 600,
        size = Math.min(330, room - 4, room > 700 ? Math.floor((room - 40) / Math.max(2, data.charts.length)) : 330);
      const slider = element('input', {
        type: 'range',
        min: 0,
        max: frames.length - 1,
        step: 1,
        'aria-label': data.label,
      });
      const reading = element('output', { class: 'reading' });
      const strip = data.strip && caseStrip(data.strip, words, Math.min(room, 720));
      const charts = data.charts.map((chart) => curveChart(chart, size));
      const cells = element('div', { class: 'panel' }),
        bars = element('div', { class: 'panel bars' }),
        lines = element('dl', { class: 'lines' });
      const show = (at) => {
        own.at = at;
        const frame = frames[at];
        slider.value = at;
        slider.setAttribute(
          'aria-valuetext',
          `${frame.value}: ${frame.lines.map(([name, , value]) => `${name} ${value}`).join(', ')}`,
        );
        reading.textContent = frame.value;
        strip?.show(frame.position, frame.accepted);
        charts.forEach((chart, k) => chart.mark(frame.marks[k]));
        if (frame.counts) cells.replaceChildren(fourCells(words, frame.counts));
        bars.replaceChildren(...(frame.bars || []).map(shareBar));
        lines.replaceChildren(
          ...frame.lines.map(([name, formula, value]) =>
            element(
              'div',
              {},
              element('dt', {}, name),
              element('dd', {}, formula ? `${formula} = ` : '', element('b', {}, value)),
            ),
          ),
        );
        root.dataset.value = frame.value;
        root.dataset.at = at;
      };
      slider.oninput = () => show(Number(slider.value));
      charts.forEach((chart, k) => {
        chart.svg.onpointermove = chart.svg.onpointerdown = (event) => {
          const far = frames.map((frame) => chart.distance(event, frame.marks[k])),
            best = far.indexOf(Math.min(...far));
          if (far[best] < 60 && best !== own.at) show(best);
        };
      });
      const focused = focusedIn(root)?.matches('input[type=range]');
      redraw(
        root,
        element('label', { class: 'dial' }, element('span', {}, data.label, ' ', reading), slider),
        ...(strip ? [element('div', { class: 'scroll' }, strip.svg)] : []),
        element('div', { class: 'row' }, ...(frames[0].counts ? [cells] : []), ...(frames[0].bars ? [bars] : [])),
        lines,
        element('div', { class: 'row' }, ...charts.map((chart) => chart.node)),
        element('p', { class: 'tip' }, words.pick, data.strip ? ` ${words.strip}` : ''),
        allFrames(words, data.columns, frames),
      );
      show(Math.min(own.at, frames.length - 1));
      if (focused) slider.focus();
    };
    draw();
    onResize(own, root, draw);
  });
