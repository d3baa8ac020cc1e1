/* Small images in a row; the chosen one large, beside its ten outputs. Only the order of two outputs is looked up
   here. */
import { asTable, context2d, element, mounted, say } from '../../ui/browser/base.js';

function inked(image, zoom) {
  const side = image.length,
    canvas = element('canvas', {
      width: side,
      height: side,
      'aria-hidden': 'true',
      style: `width: ${side * zoom}px; height: ${side * zoom}px`,
    });
  const brush = context2d(canvas),
    pixels = brush.createImageData(side, side);
  image.flat().forEach((grey, k) => pixels.data.set([grey, grey, grey, 255], 4 * k));
  brush.putImageData(pixels, 0, 0);
  return canvas;
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const { images, truth, outputs, words } = data,
      count = images.length;
    own.at = Math.min(own.at ?? 0, count - 1);
    const list = element('div', { class: 'small-ones', tabindex: '0', role: 'application', 'aria-label': words.list });
    const small = images.map((image, k) => {
      const one = element('span', { class: 'small-one', 'aria-hidden': 'true' }, inked(image, 2));
      one.onpointermove = one.onpointerdown = () => go(k);
      list.append(one);
      return one;
    });
    const large = element('div', {}),
      bars = element('div', { class: 'answers' }),
      label = element('h4', { class: 'input' });
    const readout = element('p', { class: 'equation told' }),
      announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
    const go = (to) => {
      own.at = (to + count) % count;
      small.forEach((one, k) => one.classList.toggle('chosen', k === own.at));
      const scores = outputs[own.at],
        order = scores.map((_, k) => k).sort((a, b) => scores[b] - scores[a]);
      label.textContent = words.input.replace('{k}', own.at + 1).replace('{count}', count);
      large.replaceChildren(inked(images[own.at], 10));
      bars.replaceChildren(
        ...scores.map((value, k) =>
          element(
            'div',
            { class: `answer${k === order[0] ? ' first' : ''}`, 'aria-hidden': 'true' },
            element('span', {}, String(k)),
            element(
              'span',
              {},
              element('span', {
                class: 'answer-bar',
                style: `width: ${(50 * (Math.max(-1, Math.min(1, value)) + 1)).toFixed(1)}%`,
              }),
            ),
            element('span', {}, say(value, 3)),
          ),
        ),
      );
      const known = {
        k: own.at + 1,
        said: order[0],
        second: order[1],
        lead: say(scores[order[0]] - scores[order[1]], 2),
        truth: truth[own.at],
        verdict: order[0] === truth[own.at] ? words.right : words.wrong,
      };
      readout.textContent = announcement.textContent = words.summary.replace(/\{(\w+)\}/g, (_, name) => known[name]);
      root.dataset.value = readout.textContent;
    };
    list.onkeydown = (event) => {
      const to = {
        ArrowRight: own.at + 1,
        ArrowDown: own.at + 1,
        ArrowLeft: own.at - 1,
        ArrowUp: own.at - 1,
        Home: 0,
        End: count - 1,
      }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        go(to);
      }
    };
    const open = root.querySelector('details')?.open ?? false;
    const table = asTable(words.table, outputs);
    table.open = open;
    root.replaceChildren(
      element('div', { class: 'panel' }, element('h4', {}, words.title.replace('{count}', count)), list),
      element(
        'div',
        { class: 'row large-one' },
        element('div', { class: 'panel' }, label, large),
        element('div', { class: 'panel wide' }, element('h4', { class: 'output' }, words.output), bars),
      ),
      readout,
      element('p', { class: 'tip' }, words.keys),
      announcement,
      table,
    );
    go(own.at);
  });
