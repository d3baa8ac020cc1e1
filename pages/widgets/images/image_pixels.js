/* Shows the numbers under the pointer. All of them were sent; only positions are computed here. */
import { asTable, context2d, element, mounted, onResize, redraw } from '../../ui/browser/base.js';
import { button, slider } from '../../ui/browser/sliders.js';
import { steer } from '../../ui/browser/plot.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words } = data,
      [channels, height, width] = data.shape,
      size = height * width;
    const names = channels === 3 ? ['red', 'green', 'blue'] : ['grey'];
    const all = data.images.map((text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
    if (own.source !== data.source)
      Object.assign(own, { source: data.source, which: 0, pixel: [...data.start], rows: 0 });
    cancelAnimationFrame(own.frame);
    const draw = () => {
      const room = root.clientWidth || 600,
        side = Math.min(336, room - 4),
        cell = Math.max(3, Math.floor(side / Math.max(width, height)));
      const small = channels === 3 ? Math.max(2, Math.floor(cell / 2.2)) : cell;
      const canvas = (unit) =>
        element('canvas', {
          class: 'thumb',
          style: `width:${width * unit}px;height:${height * unit}px;border:0;display:block`,
        });
      const spot = (unit) =>
        element('span', {
          style:
            `position:absolute;width:${unit + 4}px;height:${unit + 4}px;border:2px solid var(--gradient);` +
            'outline:1px solid var(--paper);box-sizing:border-box;pointer-events:none',
        });
      const frame = (inner, mark) =>
        element('div', { style: 'position:relative;width:max-content;border:1px solid var(--rule)' }, inner, mark);
      const main = canvas(cell),
        mainSpot = spot(cell),
        field = frame(main, mainSpot);
      const strips = names.map(() => canvas(small)),
        spots = names.map(() => spot(small));
      const line = element('canvas', { class: 'thumb', style: 'width:100%;height:34px;display:block' }),
        pin = element('div', {
          style: 'position:absolute;top:-3px;width:2px;height:40px;background:var(--gradient);pointer-events:none',
        });
      const readout = element('p', { class: 'equation' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' }),
        label = element('p', { class: 'tip' }),
        table = element('div', {});
      const paint = (target, columns, colour, count) => {
        target.width = columns;
        target.height = Math.ceil(count / columns);
        const pen = context2d(target),
          image = pen.createImageData(target.width, target.height);
        for (let k = 0; k < count; k++) image.data.set(colour(k), 4 * k);
        pen.putImageData(image, 0, 0);
      };
      const tint = (c, v) =>
        channels === 1 ? [v, v, v, 255] : [c === 0 ? v : 0, c === 1 ? v : 0, c === 2 ? v : 0, 255];
      const numbers = () => all[own.which];
      const layLine = () => {
        const x = numbers();
        root.dataset.rows = own.rows;
        paint(
          line,
          channels * size,
          (k) => {
            const c = Math.floor(k / size);
            return Math.floor((k % size) / width) < own.rows ? tint(c, x[k]) : [128, 128, 128, 40];
          },
          channels * size,
        );
      };
      const read = () => {
        const x = numbers(),
          [i, j] = own.pixel,
          k = i * width + j,
          values = names.map((_, c) => x[c * size + k]);
        [mainSpot, ...spots].forEach((one) => {
          const unit = one === mainSpot ? cell : small;
          one.style.left = `${j * unit - 2}px`;
          one.style.top = `${i * unit - 2}px`;
        });
        pin.style.left = `${(100 * (k + 0.5)) / (channels * size)}%`;
        const where = words.pixel.replace('{i}', i + 1).replace('{j}', j + 1),
          positions = names.map((_, c) => c * size + k + 1);
        const swatch = element('span', {
          style:
            'display:inline-block;width:1.1em;height:1.1em;vertical-align:-.2em;border:1px solid var(--rule);' +
            `background:rgb(${channels === 3 ? values : [values[0], values[0], values[0]]})`,
          'aria-hidden': 'true',
        });
        readout.replaceChildren(
          swatch,
          ` ${where}: `,
          ...names.flatMap((name, c) => [
            c ? ', ' : '',
            `${words[name]} `,
            element('b', { class: 'input' }, String(values[c])),
            ` (${words.index.replace('{k}', positions[c].toLocaleString('en'))})`,
          ]),
        );
        announcement.textContent = readout.textContent;
        Object.assign(root.dataset, { value: JSON.stringify(values), pixel: own.pixel, index: positions[0] });
      };
      const refresh = () => {
        const x = numbers();
        paint(
          main,
          width,
          (k) => (channels === 3 ? [x[k], x[size + k], x[2 * size + k], 255] : [x[k], x[k], x[k], 255]),
          size,
        );
        strips.forEach((one, c) => paint(one, width, (k) => tint(c, x[c * size + k]), size));
        label.textContent = data.labels[own.which] ? words.class.replace('{label}', data.labels[own.which]) : '';
        redraw(
          table,
          asTable(
            words.table,
            Array.from({ length: height }, (_, r) => Array.from(x.subarray(r * width, (r + 1) * width))),
          ),
        );
        layLine();
        read();
      };
      steer(field, words.label, {
        inverse: (a, b) => [Math.floor((a - 1) / cell), Math.floor((b - 1) / cell)],
        x: [0, width - 1],
        y: [0, height - 1],
        at: () => [own.pixel[1], own.pixel[0]],
        step: 1,
        go: (a, b) => {
          own.pixel = [b, a];
          read();
        },
      });
      const keys = field.onkeydown;
      field.onkeydown = (event) => {
        // rows count downwards
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!step) {
          keys?.call(field, event);
          return;
        }
        event.preventDefault();
        own.pixel = [Math.max(0, Math.min(height - 1, own.pixel[0] + step)), own.pixel[1]];
        read();
      };
      const rows = slider(
        { name: words.rows, least: 0, most: height, step: 1, value: own.rows, tone: 'input' },
        (v) => {
          cancelAnimationFrame(own.frame);
          own.rows = v;
          layLine();
        },
      );
      const lay = () => {
        own.rows = 0;
        let last = 0;
        const next = (now) => {
          if (!root.isConnected) return;
          if (now - last > 1600 / height) {
            last = now;
            own.rows++;
            rows.set(own.rows);
            layLine();
          }
          if (own.rows < height) own.frame = requestAnimationFrame(next);
        };
        cancelAnimationFrame(own.frame);
        own.frame = requestAnimationFrame(next);
      };
      const panel = (title, kind, ...nodes) =>
        element('div', { class: 'panel' }, element('h4', { class: kind }, title), ...nodes);
      const channelNodes = names.map((name, c) =>
        element(
          'figure',
          { style: 'margin:0 .5rem .3rem 0;font-size:13px;display:inline-block' },
          frame(strips[c], spots[c]),
          element('figcaption', {}, words[name]),
        ),
      );
      const buttons = element(
        'div',
        { class: 'buttons' },
        ...(all.length > 1
          ? [
              button(words.another, () => {
                own.which = (own.which + 1) % all.length;
                refresh();
              }),
            ]
          : []),
        button(words.lay, lay),
      );
      root.replaceChildren(
        element(
          'div',
          { class: 'row' },
          panel(`${words.image}: ${data.shape.join(' × ')}`, 'input', field, label),
          ...(channels === 3 ? [panel(words.channels, 'input', ...channelNodes)] : []),
        ),
        readout,
        buttons,
        element('div', { class: 'sliders' }, rows.node),
        element(
          'h4',
          { class: 'input' },
          words.line.replace('{n}', `${data.shape.join(' · ')} = ${(channels * size).toLocaleString('en')}`),
        ),
        element('div', { style: 'position:relative' }, line, pin),
        element('p', { class: 'tip' }, words.tip),
        table,
        announcement,
      );
      refresh();
    };
    draw();
    onResize(own, root, draw);
  });
