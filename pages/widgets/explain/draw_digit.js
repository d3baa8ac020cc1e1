/* A pad of 28 x 28 cells with a soft pen; the ink goes to Python when the pen is lifted, never while it moves. */
import { asTable, element, mounted, onResize } from '../../ui/browser/base.js';
import { button, menu } from '../../ui/browser/sliders.js';
import { folded, paintImage, shades } from '../../ui/browser/plot.js';

const SIDE = 28,
  REACH = 1.65,
  CORE = 0.65;

const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const textOf = (ink) => btoa(String.fromCharCode(...ink));

/* Ink along a line between two points, in cells: full within CORE of the line, none beyond REACH. */
function stroke(ink, [x1, y1], [x2, y2]) {
  const dx = x2 - x1,
    dy = y2 - y1,
    long = dx * dx + dy * dy || 1;
  for (let r = 0; r < SIDE; r++)
    for (let c = 0; c < SIDE; c++) {
      const t = Math.max(0, Math.min(1, ((c + 0.5 - x1) * dx + (r + 0.5 - y1) * dy) / long));
      const far = Math.hypot(c + 0.5 - x1 - t * dx, r + 0.5 - y1 - t * dy);
      const level = Math.round(255 * Math.max(0, Math.min(1, (REACH - far) / (REACH - CORE))));
      if (level > ink[r * SIDE + c]) ink[r * SIDE + c] = level;
    }
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words } = data;
    own.data = data;
    own.pen ??= [13.5, 6.5];
    own.down ??= false;
    own.example ??= -1;
    own.ink ??= data.ink ? bytesOf(data.ink) : new Uint8Array(SIDE * SIDE);
    if (own.built === words.draw && root.firstChild) {
      own.answer(data);
      return;
    }
    own.built = words.draw;

    const draw = () => {
      const room = root.clientWidth || 600,
        unit = Math.max(8, Math.min(11, Math.floor((room - 6) / SIDE))),
        side = SIDE * unit;
      const canvas = element('canvas', { class: 'draw-ink', 'aria-hidden': 'true' }),
        pen = element('span', { class: 'draw-pen', 'aria-hidden': 'true' });
      const pad = element(
        'div',
        {
          class: 'draw-pad',
          style: `width:${side}px;height:${side}px`,
          tabindex: '0',
          role: 'application',
          'aria-label': words.pad,
        },
        canvas,
        pen,
      );
      const verdict = element('output', { class: 'equation draw-verdict', 'aria-live': 'polite' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const bars = element('div', { class: 'bars' }),
        seen = element('canvas', { class: 'thumb draw-seen', role: 'img', 'aria-label': words.sees });
      const maps = element('div', { class: 'draw-maps' }),
        tables = element('div', {}),
        colours = shades(root);
      const penButton = button('', () => {
        press();
        pad.focus();
      });
      penButton.onpointerdown = (event) => event.preventDefault();

      const paint = () => {
        paintImage(canvas, [...own.ink], SIDE, 255, colours, true);
        pen.className = `draw-pen${own.down || own.drawing ? ' down' : ''}`;
        Object.assign(pen.style, { left: `${own.pen[0] * unit}px`, top: `${own.pen[1] * unit}px` });
        penButton.textContent = own.down ? words.lift : words.lower;
        Object.assign(root.dataset, {
          pen: own.pen.map((v) => v.toFixed(1)),
          down: own.down || Boolean(own.drawing),
          ink: own.ink.reduce((a, b) => a + b, 0),
        });
      };
      const spot = () => {
        announcement.textContent = words.spot
          .replace('{pen}', own.down ? words.down : words.up)
          .replace('{row}', Math.floor(own.pen[1]) + 1)
          .replace('{column}', Math.floor(own.pen[0]) + 1);
      };
      const send = () => {
        own.down = own.drawing = false;
        const text = own.ink.some((v) => v) ? textOf(own.ink) : '';
        own.tell('ink', text);
        paint();
      };
      const move = (to, inked) => {
        const held = to.map((v) => Math.max(0.5, Math.min(SIDE - 0.5, v)));
        if (inked) stroke(own.ink, own.pen, held);
        own.pen = held;
        paint();
      };
      const press = () => {
        if (own.down) {
          send();
        } else {
          own.down = true;
          move(own.pen, true);
        }
        spot();
      };
      const position = (event) => {
        const box = canvas.getBoundingClientRect();
        return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
      };

      pad.onpointerdown = (event) => {
        if (event.button) return;
        event.preventDefault();
        pad.focus({ preventScroll: true });
        pad.setPointerCapture(event.pointerId);
        own.down = false;
        own.drawing = true;
        own.pen = position(event);
        move(own.pen, true);
      };
      pad.onpointermove = (event) => {
        if (!own.drawing) {
          if (!own.down) move(position(event), false);
          return;
        }
        const all = event.getCoalescedEvents?.() ?? [];
        for (const one of all.length ? all : [event]) move(position(one), true);
      };
      pad.onpointerup = pad.onpointercancel = () => {
        if (own.drawing) send();
      };
      pad.ontouchmove = (event) => event.preventDefault();
      pad.onblur = () => {
        if (own.down) send();
      };
      pad.onkeydown = (event) => {
        const by = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
        if (by) {
          event.preventDefault();
          move([own.pen[0] + by[0], own.pen[1] + by[1]], own.down);
          spot();
        } else if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          press();
        } else if (event.key === 'Escape' && own.down) {
          press();
        }
      };

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
        own.ink = new Uint8Array(SIDE * SIDE);
        send();
      };
      const example = () => {
        own.example = (own.example + 1) % data.examples.length;
        own.ink = bytesOf(data.examples[own.example]);
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
            pad,
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
      paint();
      own.answer(own.data);
    };
    draw();
    onResize(own, root, draw);
  });
