/* Recorded maps of a digit; a cell under the pointer is read, and what it sees is framed in the digit. */
import { asTable, element, mounted, onResize, pathOf, redraw, say } from './base.js';
import { menu } from './sliders.js';
import { paintImage, shades } from './plot.js';

const SIDE = 28;

function unpackedMaps({ levels, step, shape }) {
  const bytes = Int8Array.from(atob(levels), (c) => c.charCodeAt(0)),
    [digits, maps, rows, columns] = shape,
    size = rows * columns;
  return Array.from({ length: digits }, (_, d) =>
    Array.from({ length: maps }, (__, k) =>
      Array.from(bytes.subarray((d * maps + k) * size, (d * maps + k + 1) * size), (v) => v * step),
    ),
  );
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words, groups, labels } = data;
    own.arrays ??= { images: unpackedMaps(data.images), maps: groups.map((group) => unpackedMaps(group.maps)) };
    own.digit ??= data.start;
    own.at ??= [0, 0, ...data.cell];
    const held = (v, end) => Math.max(0, Math.min(end - 1, v));
    const draw = () => {
      const room = root.clientWidth || 600,
        colours = shades(root),
        narrow = room < 620,
        unit = narrow ? 6 : 8,
        wide = narrow ? room : room - SIDE * unit - 30;
      const image = element('canvas', {
        class: 'thumb',
        style: `width:${SIDE * unit}px;height:${SIDE * unit}px`,
        role: 'img',
      });
      const seen = element('span', { class: `map-spot${data.cover ? ' cover' : ''}`, 'aria-hidden': 'true' }),
        spot = element('span', { class: 'map-spot', 'aria-hidden': 'true' });
      const told = element('p', { class: 'equation' }),
        about = element('p', { class: 'tip' }),
        heard = element('output', { class: 'only-heard', 'aria-live': 'polite' }),
        table = element('div', {}),
        field = element('div', {});
      let frames = [];
      const read = () => {
        const [g, k, i, j] = own.at,
          group = groups[g],
          [, , rows, columns] = group.maps.shape,
          v = own.arrays.maps[g][own.digit][k][i * columns + j];
        const [size, jump, start] = group.field,
          ends = [i, j].map((at) => [held(start + at * jump, SIDE), Math.min(SIDE, start + at * jump + size)]);
        const frame = frames[g][k],
          cell = frame.side / columns,
          box = Math.max(7, cell + 3);
        frame.node.append(spot);
        Object.assign(spot.style, {
          width: `${box}px`,
          height: `${box}px`,
          left: `${(j + 0.5) * cell - box / 2}px`,
          top: `${(i + 0.5) * cell - box / 2}px`,
        });
        const [[top, bottom], [left, right]] = ends;
        Object.assign(seen.style, {
          left: `${left * unit - 1}px`,
          top: `${top * unit - 1}px`,
          width: `${(right - left) * unit + 2}px`,
          height: `${(bottom - top) * unit + 2}px`,
        });
        const text = group.sentence
          .replace('{map}', k + 1)
          .replace('{i}', i + 1)
          .replace('{j}', j + 1)
          .replace('{label}', labels[own.digit])
          .replace('{top}', top + 1)
          .replace('{bottom}', bottom)
          .replace('{left}', left + 1)
          .replace('{right}', right);
        const [before, after] = text.split('{v}');
        told.replaceChildren(before, element('b', { class: group.tone }, say(+v.toFixed(group.digits), 6)), after);
        heard.textContent = told.textContent;
        const name = `${g},${k},${own.digit}`;
        if (own.tabled !== name || !table.firstChild) {
          own.tabled = name;
          const flat = own.arrays.maps[g][own.digit][k];
          redraw(
            table,
            asTable(
              words.table.replace('{name}', group.title).replace('{map}', k + 1),
              Array.from({ length: rows }, (_, r) =>
                flat.slice(r * columns, (r + 1) * columns).map((x) => +x.toFixed(group.digits)),
              ),
            ),
          );
        }
        Object.assign(root.dataset, { value: v, at: own.at, digit: own.digit });
      };
      const go = (g, k, i, j) => {
        const to = held(g, groups.length),
          [, maps, rows, columns] = groups[to].maps.shape;
        own.at = [to, held(k, maps), held(i, rows), held(j, columns)];
        read();
      };
      const refresh = () => {
        paintImage(image, own.arrays.images[own.digit][0], SIDE, 1, colours, true);
        image.setAttribute('aria-label', words.digit.replace('{label}', labels[own.digit]));
        about.textContent = data.about[own.digit];
        frames = [];
        field.replaceChildren(
          ...groups.map((group, g) => {
            const [, maps, , columns] = group.maps.shape,
              all = own.arrays.maps[g][own.digit],
              most = group.most || Math.max(1e-9, ...all.flat().map(Math.abs));
            const side =
              maps === 1
                ? Math.min(SIDE * unit, wide)
                : Math.max(34, Math.min(columns > 12 ? 76 : 60, Math.floor(wide / (narrow ? 4 : 8)) - 7));
            frames.push(
              all.map((flat) => {
                const canvas = element('canvas', {
                  class: 'thumb',
                  style: `width:${side}px;height:${side}px`,
                  'aria-hidden': 'true',
                });
                paintImage(canvas, flat, columns, most, colours);
                return { node: element('div', { class: 'map-frame' }, canvas), canvas, side };
              }),
            );
            return element(
              'div',
              { class: 'panel map-group' },
              element('h4', { class: group.tone, 'aria-level': 3 }, group.title),
              element(
                'div',
                { class: 'map-row' },
                frames[g].map((one) => one.node),
              ),
            );
          }),
        );
        go(...own.at);
      };
      field.tabIndex = 0;
      field.setAttribute('role', 'application');
      field.setAttribute('aria-label', words.label);
      field.onpointermove = field.onpointerdown = (event) => {
        const canvas = pathOf(event).find((one) => one.tagName === 'CANVAS');
        frames.forEach((row, g) =>
          row.forEach((one, k) => {
            if (!canvas || one.canvas !== canvas) return;
            const box = canvas.getBoundingClientRect(),
              [, , rows, columns] = groups[g].maps.shape;
            go(
              g,
              k,
              Math.floor(((event.clientY - box.top) / box.height) * rows),
              Math.floor(((event.clientX - box.left) / box.width) * columns),
            );
          }),
        );
      };
      field.onkeydown = (event) => {
        const [g, k, i, j] = own.at;
        const to = {
          ArrowUp: [g, k, i - 1, j],
          ArrowDown: [g, k, i + 1, j],
          ArrowLeft: [g, k, i, j - 1],
          ArrowRight: [g, k, i, j + 1],
          Home: [g, k - 1, i, j],
          End: [g, k + 1, i, j],
          PageUp: [g - 1, k, i, j],
          PageDown: [g + 1, k, i, j],
        }[event.key];
        if (to) {
          event.preventDefault();
          go(...to);
        }
      };
      const choose = menu(
        {
          name: words.choose,
          choices: labels.map((label, d) => [d, words.digit.replace('{label}', label)]),
          value: own.digit,
        },
        (to) => {
          own.digit = +to;
          refresh();
        },
      );
      const input = element(
        'div',
        { class: 'panel map-side', style: `width:${SIDE * unit + 2}px` },
        element('h4', { class: 'input', 'aria-level': 3 }, words.input),
        element('div', { class: 'map-frame' }, image, seen),
        about,
      );
      root.replaceChildren(
        choose,
        element('div', { class: `map-layout${narrow ? ' narrow' : ''}` }, input, element('div', {}, field, told)),
        element('p', { class: 'tip' }, words.tip),
        table,
        heard,
      );
      refresh();
    };
    draw();
    onResize(own, root, draw);
  });
