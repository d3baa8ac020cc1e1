/* Draws and plays the two sounds that core computed. */
import { asTable, element, mounted, redraw, say } from '../../ui/browser/base.js';
import { svgElement } from '../../ui/browser/svg.js';

function samples(text) {
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  return Float32Array.from(new Int16Array(bytes.buffer), (n) => n / 32767);
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words, rate, seconds } = data;
    const stop = () => {
      own.source?.stop();
      own.source = null;
      cancelAnimationFrame(own.frame);
      root.querySelectorAll('.head').forEach((one) => one.remove());
      delete root.dataset.playing;
    };
    stop();
    const room = root.clientWidth || 700,
      high = 74;
    const wave = (title, tone, columns) => {
      const width = room / columns.length,
        image = svgElement('svg', {
          class: 'wave',
          viewBox: `0 0 ${room} ${high}`,
          preserveAspectRatio: 'none',
          role: 'img',
          'aria-label': title,
        });
      columns.forEach(([low, up], k) => {
        if (low || up)
          image.append(
            svgElement('rect', {
              class: tone,
              x: k * width,
              width: width * 0.8,
              y: high / 2 - (up / data.loudest) * high * 0.46,
              height: Math.max(1, ((up - low) / data.loudest) * high * 0.46),
            }),
          );
      });
      return [element('div', { class: 'sound' }, element('p', { class: `name ${tone}` }, title), image), image];
    };
    const [before, imageBefore] = wave(words.before, 'input', data.before),
      [after, imageAfter] = wave(words.after, 'output', data.after);
    const stems = svgElement('svg', {
      class: 'wave',
      viewBox: `0 0 ${room} ${high}`,
      role: 'img',
      'aria-label': words.kernel,
    });
    for (const [at, weight] of data.kernel) {
      const x = Math.max(6, (at / seconds) * room),
        y = high - 6 - weight * (high - 26);
      stems.append(
        svgElement('line', { class: 'kernel', x1: x, x2: x, y1: high - 6, y2: y }),
        svgElement('circle', { cx: x, cy: y, r: 4 }),
        svgElement(
          'text',
          x > room - 90 ? { x: x - 8, y: y + 6, 'text-anchor': 'end' } : { x: x + 8, y: y + 6 },
          at ? `${say(weight)} (${say(at)} s)` : '1',
        ),
      );
    }
    const kernel = element('div', { class: 'sound' }, element('p', { class: 'name kernel' }, words.kernel), stems);
    const play = (which, image) => {
      stop();
      const Context = window.AudioContext || /** @type {any} */ (window).webkitAudioContext;
      if (!Context) {
        notice.textContent = words.silent;
        return;
      }
      own.audio ??= new Context();
      own.audio.resume();
      const numbers = samples(data.sounds[which]),
        buffer = own.audio.createBuffer(1, numbers.length, rate),
        source = own.audio.createBufferSource();
      buffer.copyToChannel(numbers, 0);
      source.buffer = buffer;
      source.connect(own.audio.destination);
      source.onended = () => {
        if (own.source === source) stop();
      };
      const begun = own.audio.currentTime,
        head = svgElement('line', { class: 'head', y1: 0, y2: high });
      image.append(head);
      const tick = () => {
        const x = ((own.audio.currentTime - begun) / seconds) * room;
        head.setAttribute('x1', String(x));
        head.setAttribute('x2', String(x));
        if (own.source) own.frame = requestAnimationFrame(tick);
      };
      source.start();
      own.source = source;
      root.dataset.playing = which ? 'after' : 'before';
      root.dataset.samples = String(numbers.length);
      tick();
    };
    const button = (text, go) => {
      const made = element('button', { type: 'button' }, text);
      made.onclick = go;
      return made;
    };
    const notice = element('p', { class: 'tip', 'aria-live': 'polite' }, data.lengths);
    const formula = element('p', { class: 'equation' }, words.formula);
    for (const [late, weight] of data.echoes)
      formula.append(' + ', element('b', {}, say(weight)), ` · x(t − ${say(late)})`);
    const rows = data.kernel.map(([at, weight]) => [at, weight]);
    redraw(
      root,
      before,
      kernel,
      after,
      element(
        'div',
        { class: 'bar' },
        button(words.play_before, () => play(0, imageBefore)),
        button(words.play_after, () => play(1, imageAfter)),
        button(words.stop, stop),
      ),
      formula,
      notice,
      asTable(words.table, [rows.map((row) => row[0]), rows.map((row) => row[1])]),
    );
    root.querySelectorAll('th[scope=row]').forEach((head, k) => {
      head.textContent = k ? 'w' : words.time;
    });
    root.dataset.value = data.lengths;
    return stop;
  });
