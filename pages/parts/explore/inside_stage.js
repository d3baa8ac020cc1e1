/* Look inside: one card a filter (kernels, feature map, strongest patches), histograms below, one slider for all. */
import { element, mounted, onResize, say } from '../../ui/browser/base.js';
import { inks, paintMap } from '../../ui/browser/map_paint.js';
import { live } from '../../ui/browser/plot.js';
import { slider } from '../../ui/browser/sliders.js';
import { svgElement } from '../../ui/browser/svg.js';

const FRAME = 100; // milliseconds: 10 frames a second
const KINDS = {
  weights: 'Weights',
  activations: 'Activations',
  weight_gradients: 'Gradients of the weights',
  activation_gradients: 'Gradients of the activations',
};

/** What core.recordings.arrays.packed made, as numbers. */
function numbersOf({ levels, step, shape }) {
  const bytes = Int8Array.from(atob(levels), (c) => c.charCodeAt(0));
  return { shape, values: Float32Array.from(bytes, (v) => v * step), most: 127 * step };
}

/** Tiles of equal size in one canvas, `across` in a row, with an empty pixel between. */
function paintTiles(canvas, tiles, [channels, rows, columns], across, scale, most, colours) {
  const wide = across * (columns + 1) - 1,
    down = Math.ceil(tiles.length / across),
    tall = down * (rows + 1) - 1,
    all = new Float32Array(channels * wide * tall);
  tiles.forEach((tile, n) => {
    const top = Math.floor(n / across) * (rows + 1),
      left = (n % across) * (columns + 1);
    for (let c = 0; c < channels; c++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++)
          all[(c * tall + top + i) * wide + left + j] = tile[(c * rows + i) * columns + j];
  });
  paintMap(canvas, all, tall, wide, scale, most, colours);
  const pen = canvas.getContext('2d');
  for (let n = 1; n < across; n++) pen.clearRect(n * (columns + 1) - 1, 0, 1, tall);
  for (let n = 1; n < down; n++) pen.clearRect(0, n * (rows + 1) - 1, wide, 1);
  for (let n = tiles.length; n < across * down; n++)
    pen.clearRect((n % across) * (columns + 1), (down - 1) * (rows + 1), columns, rows);
}

/** The part of an image (C, H, W) of bytes below and right of (top, left), which may be outside. */
function patchOf(image, [channels, height, width], top, left, [rows, columns]) {
  const patch = new Float32Array(channels * rows * columns);
  for (let c = 0; c < channels; c++)
    for (let i = Math.max(0, -top); i < Math.min(rows, height - top); i++)
      for (let j = Math.max(0, -left); j < Math.min(columns, width - left); j++)
        patch[(c * rows + i) * columns + j] = image[(c * height + top + i) * width + left + j];
  return patch;
}

/** Where a side is when the slider is at `step`: its last own step that is not later. */
function placeOf(side, step) {
  let place = 0;
  side.steps.forEach((own, n) => {
    if (own <= step) place = n;
  });
  return place;
}

function histogram(sides, kind, step, width) {
  const height = 120,
    base = height - 20,
    all = sides.flatMap((side) => side.histograms[kind] ?? []),
    low = Math.min(0, ...all.map((one) => one.low)),
    high = Math.max(0, ...all.map((one) => one.high)),
    x = (v) => ((v - low) / (high - low || 1)) * (width - 2) + 1;
  const node = svgElement('svg', { width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' });
  sides.forEach((side, n) => {
    const one = side.histograms[kind]?.[placeOf(side, step)];
    if (!one) return;
    const most = Math.max(...one.shares, 1e-9),
      bin = (one.high - one.low) / one.shares.length;
    const points = one.shares.map((share, k) => {
      const y = base - (share / most) * (base - 8);
      const [from, to] = [k, k + 1].map((edge) => x(one.low + edge * bin).toFixed(1));
      return `L${from} ${y.toFixed(1)}L${to} ${y.toFixed(1)}`;
    });
    const ends = [x(one.low), x(one.high)].map((v) => v.toFixed(1));
    node.append(
      svgElement('path', {
        class: `bars side-${n} ${kind}`,
        d: `M${ends[0]} ${base}${points.join('')}L${ends[1]} ${base}`,
      }),
    );
  });
  const label = (v, anchor) => svgElement('text', { x: x(v), y: height - 5, 'text-anchor': anchor }, say(v, 2));
  node.append(svgElement('line', { class: 'base', x1: 0, x2: width, y1: base, y2: base }), label(low, 'start'));
  node.append(label(high, 'end'));
  if (x(0) > 40 && x(0) < width - 40)
    node.append(svgElement('line', { class: 'zero', x1: x(0), x2: x(0), y1: 8, y2: base }), label(0, 'middle'));
  return node;
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const { sides, noun } = data,
      steps = sides[0].steps,
      shape = data.images.shape.slice(1),
      size = shape.reduce((a, b) => a * b, 1),
      bytes = Uint8Array.from(atob(data.images.bytes), (c) => c.charCodeAt(0)),
      grey = shape[0] === 3 ? 'colour' : 'grey';
    const arrays = sides.map((side) => ({
      kernels: side.kernels && numbersOf(side.kernels),
      maps: numbersOf(side.maps),
    }));
    // both networks on the same scale, so that they can be compared
    const most = (kind) => Math.max(...arrays.map((one) => one[kind]?.most ?? 0));
    const units = sides[0].maps.shape[1];
    if (own.at === undefined || own.at >= steps.length || own.steps !== String(steps)) {
      const start = steps.indexOf(data.step);
      own.at = start < 0 ? steps.length - 1 : start;
    }
    own.steps = String(steps);
    clearInterval(own.timer);

    const draw = () => {
      const colours = inks(root),
        step = () => steps[own.at];
      const flat = (array, place, unit) => {
        const cells = array.shape.slice(2).reduce((a, b) => a * b, 1),
          start = (place * array.shape[1] + unit) * cells;
        return array.values.subarray(start, start + cells);
      };
      const cards = Array.from({ length: units }, (_, unit) => {
        const rows = sides.map((side, n) => {
          const canvas = () => element('canvas', { 'aria-hidden': 'true' });
          const { kernels, maps } = arrays[n];
          if (unit >= maps.shape[1]) return null;
          const single = maps.shape[2] * maps.shape[3] === 1;
          const figure = (name, inner, tone) =>
            element('figure', { class: tone }, inner, element('figcaption', {}, name));
          const parts = {
            kernel: kernels && canvas(),
            map: single ? null : canvas(),
            patches: canvas(),
            told: element('span', { class: 'inside-told' }),
          };
          const count = kernels ? kernels.shape[2] : 0;
          const node = element(
            'div',
            { class: `inside-row${sides.length > 1 ? ` side-${n}` : ''}` },
            ...(parts.kernel ? [figure(count > 1 ? `${count} kernels` : 'weights', parts.kernel, 'kernel')] : []),
            ...(parts.map ? [figure('feature map', parts.map, 'output')] : []),
            figure(single ? 'top images' : 'top patches', parts.patches, 'input'),
          );
          return { ...parts, node, unit, n, side };
        });
        const told = element('p', {});
        return {
          rows: rows.filter(Boolean),
          told,
          node: element(
            'section',
            { class: 'inside-card', 'aria-label': `${noun} ${data.first + unit + 1}` },
            element('b', {}, `${noun} ${data.first + unit + 1}`),
            ...rows.filter(Boolean).map((row) => row.node),
            told,
          ),
        };
      });
      const paint = () => {
        for (const card of cards) {
          const said = [];
          for (const { kernel, map, patches, unit, n, side } of card.rows) {
            const place = placeOf(side, step()),
              { kernels, maps } = arrays[n];
            if (kernel) {
              const [, , parts, rows, columns] = kernels.shape,
                all = flat(kernels, place, unit),
                cells = rows * columns;
              paintTiles(
                kernel,
                Array.from({ length: parts }, (_, k) => all.subarray(k * cells, (k + 1) * cells)),
                [1, rows, columns],
                Math.ceil(Math.sqrt(parts)),
                'signed',
                most('kernels'),
                colours,
              );
            }
            const values = flat(maps, place, unit);
            const signed = arrays[n].signed ?? (arrays[n].signed = maps.values.some((v) => v < 0));
            if (map)
              paintMap(
                map,
                values,
                maps.shape[2],
                maps.shape[3],
                signed ? 'signed' : 'unsigned',
                most('maps'),
                colours,
              );
            const nine = side.patches[place][unit];
            const tiles = nine.map(([image, top, left]) =>
              patchOf(bytes.subarray(image * size, (image + 1) * size), shape, top, left, side.field),
            );
            paintTiles(patches, tiles, [shape[0], side.field[0], side.field[1]], 3, grey, 255, colours);
            const zero = side.zero[place][unit],
              saturated = side.saturated[place][unit];
            said.push(
              (map ? '' : `output ${say(values[0], 3)} · `) +
                (zero === 1
                  ? 'dead: zero on every image'
                  : saturated > 0
                    ? `saturated for ${say(100 * saturated, 2)} %`
                    : zero > 0
                      ? `zero on ${say(100 * zero, 2)} % of the images`
                      : 'responds to every image'),
            );
            card.node.classList.toggle('dead', zero === 1 && n === 0);
          }
          card.told.textContent = said.join(' | ');
        }
        const room = root.clientWidth || 900,
          kinds = Object.keys(KINDS)
            .filter((kind) => kind in sides[0].histograms)
            .slice(0, 3),
          across = room > 720 ? kinds.length : 1,
          width = Math.max(220, Math.floor((Math.min(room, 1240) - 76 - 32 * (across - 1)) / across));
        charts.replaceChildren(
          ...kinds.map((kind) => {
            const zeros = sides.map((side) => side.histograms[kind]?.[placeOf(side, step())]?.zeros ?? 0);
            return element(
              'figure',
              { class: 'inside-chart' },
              element(
                'figcaption',
                {},
                KINDS[kind],
                zeros[0] > 0.0005 ? element('span', {}, ` · ${say(100 * zeros[0], 3)} % exactly 0`) : '',
              ),
              histogram(sides, kind, step(), width),
            );
          }),
        );
        const place = placeOf(sides[0], step()),
          dead = sides[0].zero[place].filter((share) => share === 1).length;
        line.textContent =
          `After step ${step().toLocaleString('en')}: ` +
          (dead ? `${dead} of ${units} ${noun}s ${dead === 1 ? 'is' : 'are'} dead.` : `no ${noun} is dead.`);
        root.dataset.step = step();
        table.refresh();
      };
      const go = (to) => {
        own.at = Math.max(0, Math.min(steps.length - 1, to));
        scrub.set(own.at);
        paint();
      };
      const scrub = slider(
        {
          name: 'Training step',
          least: 0,
          most: steps.length - 1,
          step: 1,
          value: own.at,
          told: (n) => steps[n].toLocaleString('en'),
        },
        (to) => {
          stop();
          own.at = to;
          paint();
        },
      );
      const play = element('button', { type: 'button', class: 'primary' }, '▶ Play');
      const stop = () => {
        clearInterval(own.timer);
        own.timer = undefined;
        play.textContent = '▶ Play';
      };
      play.onclick = () => {
        if (own.timer) return stop();
        if (own.at === steps.length - 1) go(0);
        play.textContent = '❚❚ Pause';
        own.timer = setInterval(() => {
          if (!root.isConnected || own.at === steps.length - 1) return stop();
          go(own.at + 1);
        }, FRAME);
      };
      const line = element('p', { class: 'inside-line', 'aria-live': 'polite' });
      const charts = element('div', { class: 'inside-charts' });
      const table = live(own, 'As a table', () => {
        const side = sides[0],
          place = placeOf(side, step());
        return [
          [
            noun,
            'largest |weight|',
            'largest output for this image',
            'largest output of all images',
            'share of images with 0',
            'share saturated',
          ],
          Array.from({ length: units }, (_, unit) => {
            const { kernels, maps } = arrays[0],
              largest = (values) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
            return [
              String(data.first + unit + 1),
              kernels ? largest(flat(kernels, place, unit)) : '–',
              flat(maps, place, unit).reduce((a, b) => Math.max(a, b), -Infinity),
              side.values[place][unit][0],
              side.zero[place][unit],
              side.saturated[place][unit],
            ];
          }),
        ];
      });
      const legend =
        sides.length > 1
          ? [
              element(
                'p',
                { class: 'inside-legend' },
                ...sides.map((side, n) => element('span', { class: `side-${n}` }, side.name)),
              ),
            ]
          : [];
      root.replaceChildren(
        element(
          'div',
          { class: 'inside-stage' },
          line,
          ...legend,
          element(
            'div',
            { class: `inside-cards parts-${cards[0].rows[0].node.children.length}` },
            cards.map((card) => card.node),
          ),
          charts,
          element('div', { class: 'inside-controls' }, ...(steps.length > 1 ? [play, scrub.node] : []), table.node),
        ),
      );
      paint();
    };
    draw();
    onResize(own, root, draw);
  });
