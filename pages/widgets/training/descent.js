/* Paths that core computed; the sliders choose one, the arrow keys step along it. */
import { element, mounted, onResize, redraw, say } from '../../ui/browser/base.js';
import { svgElement } from '../../ui/browser/svg.js';
import { slider } from '../../ui/browser/sliders.js';
import { folded, plot } from '../../ui/browser/plot.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words, axes, flat } = data;
    own.at ??= axes.map(({ at }) => at);
    own.step ??= data.step;
    const draw = () => {
      const room = root.clientWidth || 600,
        width = Math.min(600, room),
        unit = (width - 56) / (data.x[1] - data.x[0]);
      const height = flat ? 290 : Math.round(unit * (data.y[1] - data.y[0])) + 50;
      const image = plot({
        width,
        height,
        x: data.x,
        y: data.y,
        names: flat ? [...data.names, words.loss] : data.names,
      });
      const readout = element('p', { class: 'equation' }),
        note = element('p', { class: 'tip' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' }),
        table = element('div', {});
      const path = () => data.paths[own.at.join(',')];
      const number = (v) => say(v, 4),
        point = (w) => (flat ? number(w[0]) : `(${w.map(number).join(', ')})`);
      const inside = ([a, b]) => a >= data.x[0] && a <= data.x[1] && b >= data.y[0] && b <= data.y[1];
      const refresh = () => {
        const { w, f, g, looks } = path();
        own.step = Math.max(0, Math.min(own.step, w.length - 1));
        const k = own.step,
          positions = w.map((one, n) => (flat ? [one[0], f[n]] : one));
        image.clear();
        if (flat) image.line(data.curve, '');
        else
          data.levels[axes[1].name === 'steepness' ? own.at[1] : 0].forEach((line) => image.line(line, 'thin faint'));
        if (data.lowest)
          image.area.append(
            svgElement('path', {
              class: 'curve',
              d: `M${image.px(data.lowest[0]) - 6} ${image.py(data.lowest[1])}h12m-6 -6v12`,
            }),
          );
        if (!flat) image.line(positions.slice(0, k + 1), 'kernel');
        else for (let n = 1; n <= k; n++) image.line([positions[n - 1], positions[n]], 'kernel thin');
        positions
          .slice(0, k + 1)
          .forEach(([a, b], n) => image.dot(a, b, n === k ? 'kernel' : 'kernel past', n === k ? 6.5 : 4));
        if (g && !flat) arrow(image, w[k], g[k]);
        const rate = axes[0].values[own.at[0]];
        const b = (kind, text) => element('b', { class: kind }, text);
        readout.replaceChildren(
          `${words.step} ${k}: w = `,
          b('kernel', point(w[k])),
          `, ${words.loss} = ${number(f[k])}`,
        );
        if (g && k + 1 < w.length)
          readout.append(
            '. ',
            b('kernel', point(w[k])),
            ` − ${number(rate)} · `,
            b('gradient', point(g[k]).replace(/^\u2212/, '(\u2212') + (flat && g[k][0] < 0 ? ')' : '')),
            ' = ',
            b('kernel', point(w[k + 1])),
          );
        if (looks) readout.append(`; ${words.samples}: ${k * looks}`);
        note.textContent = inside(positions[k]) ? (g && !flat ? words.gradient : '') : words.diverged;
        announcement.textContent = words.announcement
          .replace('{k}', k)
          .replace('{w}', point(w[k]))
          .replace('{f}', number(f[k]));
        /** @type {HTMLInputElement} */ (steps.node.querySelector('input')).max = String(w.length - 1);
        steps.set(k);
        redraw(
          table,
          folded(
            words.table,
            [words.step, ...data.names.slice(0, w[0].length), words.loss],
            w.map((one, n) => [n, ...one, f[n]]),
          ),
        );
        Object.assign(root.dataset, { value: JSON.stringify(w[k]), loss: f[k], step: k, at: own.at.join(',') });
      };
      const named =
        ({ values }) =>
        (v) =>
          typeof values[v] === 'string' ? words[values[v]] : say(values[v], 3);
      const sliders = axes.map((axis, n) =>
        slider(
          {
            name: words[axis.name],
            least: 0,
            most: axis.values.length - 1,
            step: 1,
            value: own.at[n],
            told: named(axis),
          },
          (v) => {
            own.at[n] = v;
            if (axis.name === 'batch') own.step = Math.round(own.share * (path().w.length - 1));
            refresh();
          },
        ),
      );
      const steps = slider(
        { name: words.step, least: 0, most: path().w.length - 1, step: 1, value: own.step, tone: 'kernel' },
        (v) => {
          own.step = v;
          own.share = v / (path().w.length - 1);
          refresh();
        },
      );
      own.share ??= own.step / (path().w.length - 1);
      const node = image.node;
      node.setAttribute('tabindex', '0');
      node.setAttribute('role', 'application');
      node.setAttribute('aria-label', words.label);
      node.onkeydown = (event) => {
        const to = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
        if (!to) return;
        event.preventDefault();
        own.step += to[0];
        own.at[0] = Math.max(0, Math.min(axes[0].values.length - 1, own.at[0] + to[1]));
        sliders[0].set(own.at[0]);
        refresh();
      };
      node.onpointermove = (event) => {
        const box = node.getBoundingClientRect(),
          scale = node.width.baseVal.value / (box.width || 1),
          a = (event.clientX - box.left) * scale,
          b = (event.clientY - box.top) * scale;
        const { w, f } = path();
        let best = own.step,
          near = Infinity;
        w.forEach((one, n) => {
          const d = Math.hypot(image.px(one[0]) - a, image.py(flat ? f[n] : one[1]) - b);
          if (d < near) {
            near = d;
            best = n;
          }
        });
        if (near < 60 && best !== own.step) {
          own.step = best;
          refresh();
        }
      };
      root.replaceChildren(
        element('div', { class: 'sliders' }, ...sliders.map((one) => one.node), steps.node),
        node,
        readout,
        note,
        element('p', { class: 'tip' }, words.tip),
        table,
        announcement,
      );
      refresh();
    };
    draw();
    onResize(own, root, draw);
  });

/* The gradient at w, drawn at most 70 pixels long. */
function arrow(image, w, g) {
  const a = [image.px(w[0]), image.py(w[1])],
    raw = [image.px(w[0] + g[0]) - a[0], image.py(w[1] + g[1]) - a[1]],
    long = Math.hypot(...raw);
  if (!Number.isFinite(long) || long < 1e-6) return;
  const share = Math.min(1, 70 / long),
    [x, y] = [a[0] + raw[0] * share, a[1] + raw[1] * share],
    turn = Math.atan2(raw[1], raw[0]);
  const wing = (by) => `${x - 9 * Math.cos(turn + by)} ${y - 9 * Math.sin(turn + by)}`;
  image.area.append(
    svgElement('path', {
      class: 'curve gradient',
      d: `M${a[0]} ${a[1]}L${x} ${y}M${wing(0.45)}L${x} ${y}L${wing(-0.45)}`,
    }),
  );
}
