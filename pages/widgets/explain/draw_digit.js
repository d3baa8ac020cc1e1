/* A pad of 28 x 28 cells with a soft pen; the ink goes to Python when the pen is lifted, never while it moves. */
import { asTable, element, mounted, onResize } from '../../ui/browser/base.js';
import { inkPad } from '../../ui/browser/ink_pad.js';
import { button, menu } from '../../ui/browser/sliders.js';
import { folded, paintImage, shades } from '../../ui/browser/plot.js';

const SIDE = 28;

const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const textOf = (ink) => btoa(String.fromCharCode(...ink));

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words } = data;
    own.data = data;
    own.example ??= -1;
    own.ink ??= data.ink ? bytesOf(data.ink) : new Uint8Array(SIDE * SIDE);
    if (own.built === words.draw && root.firstChild) {
      own.answer(data);
      return;
    }
    own.built = words.draw;

    const draw = () => {
      const room = root.clientWidth || 600,
        unit = Math.max(8, Math.min(11, Math.floor((room - 6) / SIDE)));
      const verdict = element('output', { class: 'equation draw-verdict', 'aria-live': 'polite' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const bars = element('div', { class: 'bars' }),
        seen = element('canvas', { class: 'thumb draw-seen', role: 'img', 'aria-label': words.sees });
      const maps = element('div', { class: 'draw-maps' }),
        tables = element('div', {}),
        colours = shades(root);

      const send = () => own.tell('ink', own.ink.some((v) => v) ? textOf(own.ink) : '');
      const pad = inkPad({
        paper: { rows: SIDE, columns: SIDE, values: own.ink },
        colour: () => [255],
        words,
        width: SIDE * unit,
        moved: () => {
          penButton.textContent = pad.isDown() ? words.lift : words.lower;
          Object.assign(root.dataset, {
            pen: pad.node.dataset.pen,
            down: pad.isDown(),
            ink: own.ink.reduce((a, b) => a + b, 0),
          });
        },
        lifted: send,
        hear: (text) => {
          announcement.textContent = text;
        },
      });
      const penButton = button(words.lower, () => {
        pad.press();
        pad.node.focus();
      });
      penButton.onpointerdown = (event) => event.preventDefault();

      const mapsOf = ({ levels, step, shape: [count, rows, columns] }) => {
        const all = Int8Array.from(bytesOf(levels));
        return Array.from({ length: count }, (_, k) => ({
          columns,
          flat: [...all.slice(k * rows * columns, (k + 1) * rows * columns)].map((v) => v * step),
        }));
      };
      const rowsOf = (flat, columns) =>
        Array.from({ length: flat.length / columns }, (_, r) => flat.slice(r * columns, (r + 1) * columns));
      const clean = () => {
        own.ink.fill(0);
        pad.paint();
        send();
      };
      const example = () => {
        own.example = (own.example + 1) % data.examples.length;
        own.ink.set(bytesOf(data.examples[own.example]));
        pad.paint();
        send();
      };

      own.answer = ({ verdict: result }) => {
        const p = result?.probabilities ?? Array(10).fill(0),
          order = [...p.keys()].sort((a, b) => p[b] - p[a]),
          percent = (v) => (100 * v).toFixed(1);
        bars.replaceChildren(
          ...p.flatMap((v, k) => [
            element('span', {}, `${result && k === order[0] ? '▸ ' : ''}${k}`),
            element('div', { class: 'bar', style: `width: ${percent(v)}%` }),
            element('span', {}, result ? `${percent(v)} %` : '–'),
          ]),
        );
        const words_ = result
          ? words.verdict
              .replace('{digit}', order[0])
              .replace('{sure}', percent(p[order[0]]))
              .replace('{second}', order[1])
              .replace('{rest}', percent(p[order[1]]))
          : words.nothing;
        if (verdict.textContent !== words_) verdict.textContent = words_;
        const sight = result ? [...bytesOf(result.seen)] : Array(SIDE * SIDE).fill(0),
          all = result ? mapsOf(result.maps) : [],
          most = Math.max(1e-9, ...all.flatMap((one) => one.flat));
        paintImage(seen, sight, SIDE, 255, colours, true);
        maps.replaceChildren(
          ...all.map(({ flat, columns }, k) => {
            const one = element('canvas', {
              class: 'thumb',
              role: 'img',
              'aria-label': words.map.replace('{map}', k + 1),
            });
            paintImage(one, flat, columns, most, colours);
            return one;
          }),
        );
        Object.assign(root.dataset, { value: result ? order[0] : '', sure: result ? p[order[0]].toFixed(4) : '' });
        const images = [
          [words.sees, rowsOf(sight, SIDE)],
          ...all.map(({ flat, columns }, k) => [
            words.map.replace('{map}', k + 1),
            rowsOf(
              flat.map((v) => +v.toFixed(2)),
              columns,
            ),
          ]),
        ];
        list(p, images);
      };
      const list = (p, images) => {
        const open = [...tables.children].map((one) => one.hasAttribute('open')),
          chosen = Math.min(own.listed ?? 0, images.length - 1),
          room_ = element('div', {});
        const fill = (k) => {
          own.listed = k;
          const one = asTable(images[k][0], images[k][1]);
          one.open = true;
          room_.replaceChildren(one);
        };
        const shown = folded(
          words.table,
          [words.digit, words.probability],
          p.map((v, k) => [k, v]),
        );
        const choose = menu({ name: words.which, choices: images.map(([name], k) => [k, name]), value: chosen }, (k) =>
          fill(+k),
        );
        const many = element('details', {}, element('summary', {}, words.images), choose, room_);
        many.ontoggle = () => {
          if (many.open && !room_.firstChild) fill(chosen);
        };
        shown.open = open[0] ?? false;
        many.open = open[1] ?? false;
        tables.replaceChildren(shown, many);
      };

      root.replaceChildren(
        element(
          'div',
          { class: 'row' },
          element(
            'div',
            { class: 'panel' },
            element('h4', { class: 'input' }, words.draw),
            pad.node,
            element(
              'div',
              { class: 'buttons draw-buttons' },
              button(words.clear, clean),
              button(words.example, example),
              penButton,
            ),
          ),
          element('div', { class: 'panel draw-bars' }, element('h4', { class: 'output' }, words.bars), bars),
          element('div', { class: 'panel' }, element('h4', { class: 'input' }, words.sees), seen),
          element('div', { class: 'panel draw-all' }, element('h4', { class: 'output' }, words.maps), maps),
        ),
        verdict,
        element('p', { class: 'tip' }, words.tip),
        tables,
        announcement,
      );
      pad.paint();
      own.answer(own.data);
    };
    draw();
    onResize(own, root, draw);
  });
