/* Three strips, one below the other: the signal, the tone in its window, the responses. Core computed all of them. */
import { element, mounted, onResize, say } from '../../ui/browser/base.js';
import { svgElement } from '../../ui/browser/svg.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { signal, probes, tones, responses, words } = data,
      window = tones[0].length,
      positions = responses[0].length;
    own.probe ??= data.start;
    own.at ??= 0;
    const draw = () => {
      const width = Math.min(root.clientWidth || 600, 760),
        high = 96,
        step = (width - 12) / signal.length;
      const strip = () =>
        svgElement('svg', { width, height: high, viewBox: `0 0 ${width} ${high}`, 'aria-hidden': 'true' });
      const x = (k) => 6 + (k + 0.5) * step,
        y = (value, most) => high / 2 - (value / most) * (high / 2 - 5);
      const line = (values, from, most, colour) =>
        svgElement('polyline', {
          points: values.map((v, k) => `${x(k + from)},${y(v, most)}`).join(' '),
          fill: 'none',
          style: `stroke: var(--${colour})`,
          'stroke-width': 2,
        });
      const zero = () =>
        svgElement('line', { x1: 6, x2: width - 6, y1: high / 2, y2: high / 2, style: 'stroke: var(--rule)' });
      const box = (from, count, colour) =>
        svgElement('rect', {
          x: x(from) - step / 2,
          y: 2,
          width: count * step,
          height: high - 4,
          rx: 4,
          style: `fill: color-mix(in oklab, var(--${colour}) 14%, transparent); stroke: var(--${colour})`,
        });
      const [top, middle, bottom] = [strip(), strip(), strip()],
        most = Math.max(...signal.map(Math.abs));
      const readout = element('p', { class: 'equation', 'aria-hidden': 'true' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const names = ['input', 'kernel', 'output'].map((colour) => element('h4', { class: colour, 'aria-level': '3' }));
      const slider = element('input', {
        type: 'range',
        min: 0,
        max: probes.length - 1,
        value: own.probe,
        'aria-label': words.pitch,
        class: 'pitch',
      });
      const show = () => {
        const f = probes[own.probe],
          value = responses[own.probe][own.at];
        top.replaceChildren(zero(), box(own.at, window, 'kernel'), line(signal, 0, most, 'input'));
        middle.replaceChildren(zero(), line(tones[own.probe], own.at, 1.05, 'kernel'));
        const half = Math.floor(window / 2);
        bottom.replaceChildren(
          zero(),
          ...responses[own.probe].map((v, k) =>
            svgElement('rect', {
              x: x(k + half) - step * 0.4,
              width: Math.max(1, step * 0.8) * (positions === 1 ? 4 : 1),
              y: Math.min(y(v, data.most), high / 2),
              height: Math.max(0.5, Math.abs(y(v, data.most) - high / 2)),
              style: `fill: var(--output); opacity: ${k === own.at ? 1 : 0.45}`,
            }),
          ),
          ...(positions > 1 ? [box(own.at + half, 1, 'output')] : []),
        );
        names[0].textContent = words.signal;
        names[1].textContent = words.probe.replace('{f}', f);
        names[2].textContent = words.answer;
        const sentence = words.summary.replace('{f}', f).replace('{at}', own.at).replace('{value}', say(value, 4));
        readout.textContent = sentence;
        announcement.textContent = sentence;
        slider.value = own.probe;
        slider.setAttribute('aria-valuetext', String(f));
        root.dataset.cell = `${own.probe},${own.at}`;
        root.dataset.value = `${own.probe},${own.at},${value}`;
      };
      const go = (probe, at) => {
        own.probe = Math.min(probes.length - 1, Math.max(0, probe));
        own.at = Math.min(positions - 1, Math.max(0, at));
        show();
      };
      slider.oninput = () => go(Number(slider.value), own.at);
      const strips = element(
        'div',
        { class: 'strips', tabindex: '0', role: 'application', 'aria-label': words.label },
        names[0],
        top,
        names[1],
        middle,
        names[2],
        bottom,
      );
      strips.onpointermove = strips.onpointerdown = (event) => {
        const edges = top.getBoundingClientRect(),
          k = Math.floor((event.clientX - edges.left - 6) / step);
        go(own.probe, positions > 1 ? k - Math.floor(window / 2) : 0);
      };
      strips.onkeydown = (event) => {
        const by = {
          ArrowUp: [1, 0],
          ArrowDown: [-1, 0],
          ArrowLeft: [0, -1],
          ArrowRight: [0, 1],
          Home: [0, -positions],
          End: [0, positions],
        }[event.key];
        if (by) {
          event.preventDefault();
          go(own.probe + by[0], own.at + by[1]);
        }
      };
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
              [words.waves, words.strongest].map((title) => element('th', { scope: 'col' }, title)),
            ),
            probes.map((f, k) =>
              element(
                'tr',
                {},
                [f, data.strongest[k]].map((v) => element('td', {}, say(v, 4))),
              ),
            ),
          ),
        ),
      );
      table.open = root.querySelector('details')?.open ?? false;
      root.replaceChildren(
        strips,
        element('label', { class: 'tip' }, `${words.pitch} `, slider),
        readout,
        element('p', { class: 'tip' }, words.keys),
        announcement,
        table,
      );
      show();
    };
    draw();
    onResize(own, root, draw);
  });
