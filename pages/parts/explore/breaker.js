/* One image under sliders, and what the network says of it: computed here where the network is small, else by Python
   when a slider is released. */
import { element, mounted, onResize } from '../../ui/browser/base.js';
import { broken } from '../../ui/browser/image_changes.js';
import { paintPaper } from '../../ui/browser/ink_pad.js';
import { forward, readWeights } from '../../ui/browser/network_engine.js';
import { lossOf } from '../../ui/browser/network_learning.js';
import { live, plot } from '../../ui/browser/plot.js';
import { button, slider } from '../../ui/browser/sliders.js';

const MOST_BARS = 10,
  AT_ONCE_MS = 12;

const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const floatsOf = (text) => new Float32Array(bytesOf(text).buffer);
const percent = (v) => `${(100 * v).toFixed(1)} %`;

/* What the network says of an image: its probabilities. */
function judge({ network, weights, loss, shift, divisor }, image) {
  const x = Float32Array.from(image, (v, k) => (Math.fround(v) - shift[k]) / divisor[k]),
    last = network.ops[network.ops.length - 1].name;
  return Array.from(lossOf(network, loss, forward(network, weights, x)[last], 0).probabilities);
}

const best = (p) => p.indexOf(Math.max(...p));

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words, shape, sliders } = data,
      [, rows, columns] = shape,
      clean = Object.fromEntries(sliders.map((one) => [one.name, one.clean]));
    own.data = data;
    if (own.of !== data.of) {
      own.of = data.of;
      own.image = bytesOf(data.image);
      own.fixed = { signs: new Int8Array(bytesOf(data.signs).buffer), noise: floatsOf(data.noise) };
      own.values = { ...clean };
      own.moved = sliders[0].name;
      own.lines = new Map();
      own.built = false;
    }
    if (own.weightsOf !== data.weights_of) {
      own.weightsOf = data.weights_of;
      own.lines = new Map();
      own.net = data.net && {
        ...data.net,
        weights: readWeights(data.net.weights.manifest, data.net.weights.data),
        shift: floatsOf(data.net.shift),
        divisor: floatsOf(data.net.divisor),
      };
    }
    if (own.built && root.firstChild) {
      own.refresh();
      return;
    }
    own.built = true;

    const changed = (values) => broken(own.image, shape, values, own.fixed);
    /* The line along one slider depends on all the others. */
    const keyOf = (name, values) => JSON.stringify([name, { ...values, [name]: null }]);
    const line = () => {
      const key = keyOf(own.moved, own.values);
      if (!own.lines.has(key)) {
        if (own.lines.size > 40) own.lines.clear();
        const one = sliders.find(({ name }) => name === own.moved);
        own.lines.set(key, { name: own.moved, at: one.values, p: one.values.map(() => null) });
      }
      return own.lines.get(key);
    };

    const draw = () => {
      const room = root.clientWidth || 600,
        unit = Math.max(2, Math.floor(Math.min(252, room - 8) / columns));
      const canvas = element('canvas', {
          class: 'broken-image',
          style: `width:${unit * columns}px;height:${unit * rows}px`,
        }),
        bars = element('div', { class: 'bars' }),
        verdict = element('output', { class: 'equation broken-verdict', 'aria-live': 'polite' }),
        breaks = element('p', { class: 'broken-where' }),
        curve = element('div', { class: 'broken-curve' });
      canvas.setAttribute('role', 'img');
      canvas.setAttribute('aria-label', words.image);
      const table = live(own, words.table, () => {
        const now = line(),
          said = (p) => (p === null ? '–' : data.class_names[best(p)]);
        return [
          [labelOf(now.name), words.p.replace('{class}', data.class_names[own.data.target]), words.says],
          now.at.map((v, k) => [v, now.p[k] === null ? '–' : percent(now.p[k][own.data.target]), said(now.p[k])]),
        ];
      });
      const labelOf = (name) => sliders.find((one) => one.name === name).label;

      const showAnswer = (p) => {
        const order = [...p.keys()].sort((a, b) => p[b] - p[a]),
          target = own.data.target,
          right = order[0] === target;
        const shown = p.length > MOST_BARS ? order.slice(0, MOST_BARS) : [...p.keys()];
        bars.replaceChildren(
          ...shown.flatMap((k) => [
            element('span', {}, `${k === order[0] ? '▸ ' : ''}${data.class_names[k]}`),
            element('div', { class: k === order[0] ? 'bar' : 'bar other', style: `width:${100 * p[k]}%` }),
            element('span', {}, percent(p[k])),
          ]),
        );
        verdict.textContent = (right ? words.right : words.wrong)
          .replace('{said}', data.class_names[order[0]])
          .replace('{sure}', percent(p[order[0]]))
          .replace('{class}', data.class_names[target])
          .replace('{p}', percent(p[target]));
        verdict.classList.toggle('wrong', !right);
        Object.assign(root.dataset, { said: data.class_names[order[0]], right: String(right) });
      };
      const showLine = () => {
        const now = line(),
          one = sliders.find(({ name }) => name === now.name),
          target = own.data.target;
        const drawing = plot({
          width: Math.max(260, Math.min(460, room > 900 ? room - 640 : room - 8)),
          height: 220,
          x: [one.least, one.most],
          y: [0, 1],
          names: [`${one.label}${one.unit ? ` (${one.unit})` : ''}`, ''],
        });
        const known = now.at.map((v, k) => [v, now.p[k]]).filter(([, p]) => p !== null);
        drawing.line(
          known.map(([v, p]) => [v, p[target]]),
          'output',
        );
        for (const [v, p] of known) drawing.dot(v, p[target], best(p) === target ? 'output' : 'kernel', 3);
        drawing.line(
          [
            [own.values[now.name], 0],
            [own.values[now.name], 1],
          ],
          'now',
        );
        drawing.node.setAttribute('role', 'img');
        drawing.node.setAttribute('aria-label', words.along.replace('{slider}', one.label));
        curve.replaceChildren(
          element('h4', {}, words.curve.replace('{class}', data.class_names[target])),
          drawing.node,
        );
        breaks.textContent = known.length === now.at.length ? whereItBreaks(now, one, target) : words.computing;
        table.refresh();
      };
      const whereItBreaks = ({ at, p }, { label, unit: named, clean: still }, target) => {
        const good = p.map((each) => best(each) === target),
          middle = at.indexOf(still);
        if (good.every(Boolean)) return words.never.replace('{slider}', label);
        if (!good[middle]) return words.already.replace('{slider}', label);
        let [low, high] = [middle, middle];
        while (low > 0 && good[low - 1]) low--;
        while (high < at.length - 1 && good[high + 1]) high++;
        const told = (k) => `${at[k]} ${named}`.trim().replace('-', '−').replace(' °', '°');
        return words.between.replace('{slider}', label).replace('{low}', told(low)).replace('{high}', told(high));
      };

      /* In the browser the line is computed in pieces, so that the sliders stay lively. */
      const compute = () => {
        cancelAnimationFrame(own.frame);
        const now = line();
        const piece = () => {
          const until = performance.now() + AT_ONCE_MS;
          for (let k = now.p.indexOf(null); k >= 0 && performance.now() < until; k = now.p.indexOf(null))
            now.p[k] = judge(own.net, changed({ ...own.values, [now.name]: now.at[k] }));
          showLine();
          if (now.p.includes(null)) own.frame = requestAnimationFrame(piece);
        };
        piece();
      };
      const ask = () => own.tell('asked', JSON.stringify({ of: own.of, values: own.values, moved: own.moved }));
      const look = () => {
        paintPaper(canvas, { rows, columns, values: changed(own.values) });
        if (!own.net) return;
        showAnswer(judge(own.net, changed(own.values)));
        compute();
      };
      own.refresh = () => {
        const { answer } = own.data;
        if (own.net) {
          look();
        } else if (answer?.of === own.of) {
          const values = Object.fromEntries(sliders.map(({ name }) => [name, answer.values[name]]));
          own.lines.set(keyOf(answer.moved, values), { name: answer.moved, at: answer.at, p: answer.line });
          if (keyOf('', values) === keyOf('', own.values)) showAnswer(answer.probabilities);
          showLine();
        }
      };

      const controls = sliders.map((one) => {
        const made = slider(
          {
            name: one.label,
            least: one.least,
            most: one.most,
            step: one.step,
            value: own.values[one.name],
            told: (v) => `${+v.toFixed(2)}${one.unit ? ` ${one.unit}` : ''}`.replace('-', '−'),
          },
          (v) => {
            own.values[one.name] = v;
            own.moved = one.name;
            look();
          },
        );
        const input = /** @type {HTMLInputElement} */ (made.node.querySelector('input'));
        input.onchange = () => !own.net && ask();
        input.onfocus = () => {
          if (own.moved === one.name) return;
          own.moved = one.name;
          if (own.net) compute();
        };
        return { ...made, one };
      });
      const setAll = (values) => {
        Object.assign(own.values, values);
        controls.forEach(({ set, one }) => set(own.values[one.name]));
        look();
      };
      const reset = button(words.reset, () => {
        setAll(clean);
        if (!own.net) ask();
      });
      const placeSquare = (event) => {
        const box = canvas.getBoundingClientRect(),
          within = (v, most) => Math.max(0, Math.min(most, Math.round(v)));
        own.moved = 'hidden_column';
        setAll({
          hidden: own.values.hidden || Math.round(rows / 4),
          hidden_row: within(((event.clientY - box.top) / box.height) * rows, rows),
          hidden_column: within(((event.clientX - box.left) / box.width) * columns, columns),
        });
      };
      canvas.onpointerdown = (event) => {
        canvas.setPointerCapture(event.pointerId);
        placeSquare(event);
      };
      canvas.onpointermove = (event) => event.buttons && placeSquare(event);
      canvas.onpointerup = () => !own.net && ask();

      root.replaceChildren(
        element(
          'div',
          { class: 'row' },
          element(
            'div',
            { class: 'panel' },
            element('h4', { class: 'input' }, words.image),
            canvas,
            element('p', { class: 'tip', style: `max-width:${unit * columns}px` }, words.tip),
          ),
          element(
            'div',
            { class: 'panel broken-answer' },
            element('h4', { class: 'output' }, words.answer),
            bars,
            verdict,
          ),
          element('div', { class: 'panel' }, curve, breaks),
        ),
        element('div', { class: 'sliders' }, ...controls.map(({ node }) => node)),
        element('div', { class: 'buttons' }, reset),
        table.node,
      );
      look();
      if (!own.net) {
        own.refresh();
        if (!own.data.answer) ask();
      }
    };
    draw();
    onResize(own, root, draw);
  });
