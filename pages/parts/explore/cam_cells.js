/* Grad-CAM, cell by cell: the chosen cell as a weighted sum of the feature maps at that cell. */
import { element, mounted, onResize, pathOf, say } from '../../ui/browser/base.js';
import { inks, paintMap } from '../../ui/browser/map_paint.js';

const SHOWN = 6; // terms written out

/** + 3 or − 3; the first term of a sum has no plus. */
const termOf = (value, first = false) => `${value < 0 ? ' − ' : first ? '' : ' + '}${say(Math.abs(value), 3)}`;

export default (component) =>
  mounted(component, (own, data, root) => {
    const { cam, maps, layer } = data,
      rows = cam.length,
      columns = cam[0].length,
      sides = [data.image[0].length, data.image[0][0].length];
    const name = `${layer}, ${data.class}`;
    if (own.name !== name || !own.at || own.at[0] >= rows || own.at[1] >= columns) {
      const flat = cam.flat(),
        best = flat.indexOf(Math.max(...flat));
      own.at = [Math.floor(best / columns), best % columns];
      own.name = name;
    }
    const draw = () => {
      const colours = inks(root);
      const canvas = (label, tone) => element('canvas', { role: 'img', 'aria-label': label, class: tone || '' });
      const image = canvas('the image', 'input'),
        sum = canvas('the map of Grad-CAM', 'output');
      const painted = data.image.length === 3 ? 'colour' : 'grey';
      paintMap(image, data.image.flat(2), sides[0], sides[1], painted, 255, colours);
      paintMap(sum, cam.flat(), rows, columns, 'unsigned', Math.max(...cam.flat()), colours);
      const field = element('span', { class: 'cam-field', 'aria-hidden': 'true' });
      const spots = [];
      const framed = (inner, mark) => {
        const spot = mark ?? element('span', { class: 'cam-spot', 'aria-hidden': 'true' });
        if (!mark) spots.push(spot);
        return element('div', { class: 'cam-frame' }, inner, spot);
      };
      const board = element('div', {
        class: 'cam-board',
        tabindex: '0',
        role: 'application',
        'aria-label': `Grad-CAM of ${layer}, ${rows} rows and ${columns} columns; arrow keys choose a cell`,
      });
      board.append(framed(sum));
      const most = Math.max(...maps.map((map) => Math.max(...map.values.flat().map(Math.abs))), 1e-9);
      const signed = maps.some((map) => map.values.flat().some((v) => v < 0));
      const cards = maps.slice(0, SHOWN).map(() => {
        const picture = canvas('', 'output'),
          told = element('figcaption', {});
        return { picture, told, node: element('figure', {}, framed(picture), told) };
      });
      const equation = element('p', { class: 'equation', 'aria-live': 'polite' });
      const place = (spot, [i, j]) =>
        Object.assign(spot.style, {
          left: `${(100 * j) / columns}%`,
          top: `${(100 * i) / rows}%`,
          width: `${100 / columns}%`,
          height: `${100 / rows}%`,
        });
      const read = () => {
        const [i, j] = own.at,
          terms = maps
            .map((map) => ({ ...map, at: map.values[i][j], term: map.importance * map.values[i][j] }))
            .sort((a, b) => Math.abs(b.term) - Math.abs(a.term)),
          first = terms.slice(0, SHOWN),
          rest = data.rest[i][j] + terms.slice(SHOWN).reduce((total, one) => total + one.term, 0),
          others = data.others + Math.max(0, terms.length - SHOWN),
          total = first.reduce((all, one) => all + one.term, rest);
        spots.forEach((spot) => place(spot, own.at));
        first.forEach((one, k) => {
          const { picture, told } = cards[k];
          paintMap(picture, one.values.flat(), rows, columns, signed ? 'signed' : 'unsigned', most, colours);
          picture.setAttribute('aria-label', `feature map ${one.number}`);
          told.replaceChildren(
            `map ${one.number}`,
            element('br'),
            element('b', { class: 'gradient' }, say(one.importance, 3)),
            ' × ',
            element('b', { class: 'output' }, say(one.at, 3)),
            ` = ${say(one.term, 3)}`,
          );
        });
        equation.replaceChildren(
          `Row ${i + 1}, column ${j + 1}: `,
          first.map((one, k) => termOf(one.term, !k)).join(''),
          others ? `${termOf(rest)} of ${others} other maps` : '',
          ` = ${say(total, 4)}`,
          total < 0 ? ', and ReLU makes it ' : ', and ReLU leaves ',
          element('b', { class: 'output' }, say(cam[i][j], 4)),
          '.',
        );
        const [top, left, bottom, right] = data.boxes[i][j],
          ends = (from, to, side) => [Math.max(0, from), Math.min(side, to)],
          [y0, y1] = ends(top, bottom, sides[0]),
          [x0, x1] = ends(left, right, sides[1]);
        Object.assign(field.style, {
          top: `${(100 * y0) / sides[0]}%`,
          left: `${(100 * x0) / sides[1]}%`,
          height: `${(100 * (y1 - y0)) / sides[0]}%`,
          width: `${(100 * (x1 - x0)) / sides[1]}%`,
        });
        Object.assign(root.dataset, { at: own.at.join(','), value: cam[i][j], total });
      };
      const go = (i, j) => {
        own.at = [Math.max(0, Math.min(rows - 1, i)), Math.max(0, Math.min(columns - 1, j))];
        read();
      };
      board.onpointerdown = (event) => {
        if (!pathOf(event).includes(board)) return;
        const box = sum.getBoundingClientRect();
        go(
          Math.floor(((event.clientY - box.top) / box.height) * rows),
          Math.floor(((event.clientX - box.left) / box.width) * columns),
        );
      };
      board.onkeydown = (event) => {
        const [i, j] = own.at;
        const to = { ArrowUp: [i - 1, j], ArrowDown: [i + 1, j], ArrowLeft: [i, j - 1], ArrowRight: [i, j + 1] }[
          event.key
        ];
        if (!to) return;
        event.preventDefault();
        go(to[0], to[1]);
      };
      root.replaceChildren(
        element(
          'div',
          { class: 'cam-row' },
          element('figure', {}, framed(image, field), element('figcaption', {}, 'what the cell sees')),
          element('figure', {}, board, element('figcaption', {}, 'Grad-CAM: choose a cell')),
          ...cards.map((card) => card.node),
        ),
        equation,
        element(
          'p',
          { class: 'tip' },
          `Each number is a map's mean gradient (violet) × the map at this cell of ${layer} (green). `,
          'The maps that add most to this cell are shown.',
        ),
      );
      read();
    };
    draw();
    onResize(own, root, draw);
  });
