/* A wall of small recorded images; sliders and menus choose the scene, the pointer reads one pixel. */
import { asTable, element, mounted, onResize, pathOf, redraw, say } from './base.js';
import { menu, slider } from './sliders.js';
import { paintImage, shades } from './plot.js';

function imageOf(arrays, [key, place]) {
  const { levels, step, width, height } = arrays[key],
    size = width * height;
  arrays[key].bytes ??= Int8Array.from(atob(levels), (c) => c.charCodeAt(0));
  return {
    width,
    height,
    flat: Array.from(arrays[key].bytes.subarray(place * size, (place + 1) * size), (v) => v * step),
  };
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words, choosers, scenes, arrays } = data;
    own.chosen ??= choosers.map((one) => one.start);
    own.at ??= [0, 0, 0];
    const draw = () => {
      const room = root.clientWidth || 600,
        colours = shades(root);
      const wall = element('div', {}),
        told = element('p', { class: 'equation' }),
        about = element('p', { class: 'equation' }),
        table = element('div', {});
      const heard = element('output', { class: 'only-heard', 'aria-live': 'polite' }),
        spot = element('span', { class: 'wall-spot', 'aria-hidden': 'true' });
      let hung = [];
      const held = (v, end) => Math.max(0, Math.min(end - 1, v));
      const read = () => {
        const image = hung[own.at[0]],
          [, i, j] = own.at,
          v = image.flat[i * image.width + j];
        const unit = image.side / image.width,
          box = Math.max(7, unit + 3);
        image.frame.append(spot);
        Object.assign(spot.style, {
          width: `${box}px`,
          height: `${box}px`,
          left: `${(j + 0.5) * unit - box / 2}px`,
          top: `${(i + 0.5) * unit - box / 2}px`,
        });
        const where = words.where
          .replace('{name}', image.name)
          .replace('{i}', i + 1)
          .replace('{j}', j + 1);
        told.replaceChildren(`${where}: `, element('b', { class: image.tone }, say(+v.toFixed(3), 3)));
        heard.textContent = told.textContent;
        if (own.tabled !== image) {
          own.tabled = image;
          redraw(
            table,
            asTable(
              words.table.replace('{name}', image.name),
              Array.from({ length: image.height }, (_, r) =>
                image.flat.slice(r * image.width, (r + 1) * image.width).map((x) => +x.toFixed(3)),
              ),
            ),
          );
        }
        Object.assign(root.dataset, { value: v, at: own.at, scene: own.chosen });
      };
      const go = (k, i, j) => {
        const to = held(k, hung.length);
        own.at = [to, held(i, hung[to].height), held(j, hung[to].width)];
        read();
      };
      const refresh = () => {
        const scene = scenes[own.chosen.join(',')];
        hung = [];
        wall.replaceChildren(
          ...scene.groups.map((group) => {
            const shown = group.images.map((one) => imageOf(arrays, one.from)),
              most = Math.max(1e-9, ...shown.flatMap((one) => one.flat.map(Math.abs)));
            const side = Math.max(
              40,
              Math.min(group.side || 84, Math.floor((room - 8) / Math.min(shown.length, room > 560 ? 8 : 4)) - 8),
            );
            const figures = shown.map((image, k) => {
              const canvas = element('canvas', {
                class: 'thumb',
                style: `width:${side}px;height:${side}px;display:block`,
                role: 'img',
                'aria-label': `${group.images[k].name}`,
              });
              paintImage(canvas, image.flat, image.width, group.grey ? 1 : most, colours, group.grey);
              const frame = element('div', { class: 'wall-frame' }, canvas);
              hung.push({ ...image, side, frame, canvas, name: group.images[k].name, tone: group.tone || '' });
              return element(
                'figure',
                { class: 'wall-figure', style: `max-width:${side + 8}px` },
                frame,
                element('figcaption', {}, group.images[k].caption),
              );
            });
            return element(
              'div',
              { class: 'panel wall-group' },
              element('h4', { class: group.tone || null, 'aria-level': 3 }, group.title),
              element('div', { class: 'wall-row' }, figures),
            );
          }),
        );
        about.textContent = scene.told;
        about.hidden = !scene.told;
        go(...own.at);
      };
      wall.tabIndex = 0;
      wall.setAttribute('role', 'application');
      wall.setAttribute('aria-label', words.label);
      wall.onpointermove = wall.onpointerdown = (event) => {
        const canvas = pathOf(event).find((one) => one.tagName === 'CANVAS'),
          k = hung.findIndex((one) => one.canvas === canvas);
        if (!canvas || k < 0) return;
        const box = canvas.getBoundingClientRect(),
          { width, height } = hung[k];
        go(
          k,
          Math.floor(((event.clientY - box.top) / box.height) * height),
          Math.floor(((event.clientX - box.left) / box.width) * width),
        );
      };
      wall.onkeydown = (event) => {
        const [k, i, j] = own.at,
          { width } = hung[k],
          last = k + 1 < hung.length;
        const to = {
          ArrowUp: [k, i - 1, j],
          ArrowDown: [k, i + 1, j],
          Home: [0, i, j],
          End: [hung.length - 1, i, j],
          PageUp: [k - 1, i, j],
          PageDown: [k + 1, i, j],
          ArrowLeft: j > 0 ? [k, i, j - 1] : k ? [k - 1, i, hung[k - 1].width - 1] : [k, i, j],
          ArrowRight: j + 1 < width ? [k, i, j + 1] : last ? [k + 1, i, 0] : [k, i, j],
        }[event.key];
        if (to) {
          event.preventDefault();
          go(...to);
        }
      };
      const controls = choosers.map((one, k) => {
        const chosen = (to) => {
          own.chosen[k] = +to;
          refresh();
        };
        return one.slider
          ? slider(
              {
                name: one.name,
                least: 0,
                most: one.choices.length - 1,
                step: 1,
                value: own.chosen[k],
                told: (v) => one.choices[v],
              },
              chosen,
            ).node
          : menu(
              { name: one.name, choices: one.choices.map((words_, v) => [v, words_]), value: own.chosen[k] },
              chosen,
            );
      });
      root.replaceChildren(
        element('div', { class: 'sliders' }, controls),
        about,
        wall,
        told,
        element('p', { class: 'tip' }, words.tip),
        table,
        heard,
      );
      refresh();
    };
    draw();
    onResize(own, root, draw);
  });
