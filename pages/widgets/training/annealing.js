/* Simulated annealing as core computed it: the probability of a step uphill, or a walk beside plain descent. */
import { element, mounted, onResize, redraw, say } from '../../ui/browser/base.js';
import { button, slider } from '../../ui/browser/sliders.js';
import { folded, plot } from '../../ui/browser/plot.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const draw = () => (data.show === 'chance' ? chanceCurve : walkers)(own, data, root);
    draw();
    onResize(own, root, draw);
  });

/* Makes a drawing take keys: `to` maps a key to its action. */
function keyed(node, label, to) {
  node.setAttribute('tabindex', '0');
  node.setAttribute('role', 'application');
  node.setAttribute('aria-label', label);
  node.onkeydown = (event) => {
    if (to[event.key]) {
      event.preventDefault();
      to[event.key]();
    }
  };
}

function chanceCurve(own, { rises, temperatures, chances, at, start, words }, root) {
  own.warm ??= at;
  own.position ??= start;
  const room = root.clientWidth || 600,
    announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' }),
    readout = element('p', { class: 'equation' }),
    table = element('div', {});
  const image = plot({
    width: Math.min(600, room),
    height: 260,
    x: [rises[0], rises.at(-1)],
    y: [0, 1.1],
    names: [words.rise, words.chance],
  });
  const b = (kind, text) => element('b', { class: kind }, text);
  const refresh = () => {
    own.warm = Math.max(0, Math.min(temperatures.length - 1, own.warm));
    own.position = Math.max(0, Math.min(rises.length - 1, own.position));
    const rise = rises[own.position],
      warm = temperatures[own.warm],
      values = chances[own.warm];
    image.clear();
    chances.forEach((line, k) => {
      if (k % 3 === 1 && k !== own.warm)
        image.line(
          rises.map((x, n) => [x, line[n]]),
          'thin faint',
        );
    });
    image.line(
      rises.map((x, n) => [x, values[n]]),
      'output',
    );
    image.line(
      [
        [rise, 0],
        [rise, 1.1],
      ],
      'thin faint',
    );
    image.dot(rise, values[own.position], 'output', 6);
    const way =
      rise <= 0
        ? ` (${words.downhill})`
        : warm === 0
          ? ` (${words.at_zero})`
          : `= e^(−${say(rise, 3)} / ${say(warm, 3)})`;
    readout.replaceChildren(
      `Δ = ${say(rise, 3)}, T = `,
      b('kernel', say(warm, 3)),
      `: ${words.chance} `,
      b('output', say(values[own.position], 3)),
      ` ${way}`,
    );
    announcement.textContent = readout.textContent;
    warmth.set(own.warm);
    redraw(
      table,
      folded(
        `${words.curve}, T = ${say(warm, 3)}`,
        ['Δ', words.chance],
        rises.map((x, n) => [x, values[n]]).filter((_, n) => n % 5 === 0),
      ),
    );
    Object.assign(root.dataset, { value: values[own.position], rise, temperature: warm });
  };
  const warmth = slider(
    {
      name: words.temperature,
      least: 0,
      most: temperatures.length - 1,
      step: 1,
      value: own.warm,
      tone: 'kernel',
      told: (k) => say(temperatures[k], 3),
    },
    (k) => {
      own.warm = k;
      refresh();
    },
  );
  const move =
    (along, up = 0) =>
    () => {
      own.position += along;
      own.warm += up;
      refresh();
    };
  keyed(image.node, words.chance_label, {
    ArrowLeft: move(-1),
    ArrowRight: move(1),
    ArrowUp: move(0, 1),
    ArrowDown: move(0, -1),
    Home: move(-rises.length),
    End: move(rises.length),
  });
  const across = (event) => {
    const box = image.node.getBoundingClientRect();
    return (event.clientX - box.left) * (image.node.width.baseVal.value / (box.width || 1));
  };
  image.node.onpointermove = (event) => {
    own.position = Math.round((image.inverse(across(event), 0)[0] - rises[0]) / (rises[1] - rises[0]));
    refresh();
  };
  root.replaceChildren(
    element('div', { class: 'sliders' }, warmth.node),
    image.node,
    readout,
    element('p', { class: 'tip' }, words.chance_tip),
    table,
    announcement,
  );
  refresh();
}

function walkers(own, data, root) {
  const { words, temperatures, positions, losses, plain } = data,
    last = temperatures.length;
  own.step = Math.min(own.step ?? 0, last);
  const room = root.clientWidth || 600,
    announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' }),
    readout = element('p', { class: 'equation' });
  const image = plot({ width: Math.min(600, room), height: 290, x: data.x, y: data.y, names: ['w', words.loss] });
  const b = (kind, text) => element('b', { class: kind }, text);
  const at = (k) => {
    const n = Math.min(k, plain.positions.length - 1);
    return [plain.positions[n], plain.losses[n]];
  };
  const did = (k) => (data.taken[k] ? words.taken : words.refused);
  const refresh = () => {
    own.step = Math.max(0, Math.min(last, own.step));
    const k = own.step,
      before = k - 1;
    image.clear();
    image.line(data.curve, '');
    for (let n = Math.max(0, k - 25); n < k; n++) image.dot(positions[n], losses[n], 'kernel past', 3);
    if (k && !data.taken[before]) image.dot(data.tried[before], losses[before] + data.rises[before], 'faint', 5);
    const [across, up] = at(k);
    image.dot(across, up, 'input', 6.5);
    image.dot(positions[k], losses[k], 'kernel', 7.5);
    readout.replaceChildren(
      `${words.step} ${k}: `,
      b('kernel', `● ${words.annealing} ${say(losses[k], 3)}`),
      ', ',
      b('input', `● ${words.plain} ${say(at(k)[1], 3)}`),
      '. ',
    );
    readout.append(
      k
        ? `T = ${say(temperatures[before], 3)}, ${words.tried} = ${say(data.tried[before], 3)}, ` +
            `Δ = ${say(data.rises[before], 3)}, ${words.chance} ${say(data.chances[before], 3)}, ` +
            `${words.drawn} ${say(data.drawn[before], 3)}: ${did(before)}.`
        : words.start,
    );
    announcement.textContent = readout.textContent;
    steps.set(k);
    Object.assign(root.dataset, {
      value: JSON.stringify([positions[k], at(k)[0]]),
      loss: losses[k],
      plain: at(k)[1],
      step: k,
    });
  };
  const steps = slider({ name: words.step, least: 0, most: last, step: 1, value: own.step, tone: 'kernel' }, (k) => {
    own.step = k;
    refresh();
  });
  const to = (by) => () => {
    own.step += by;
    refresh();
  };
  keyed(image.node, words.label, {
    ArrowLeft: to(-1),
    ArrowDown: to(-1),
    ArrowRight: to(1),
    ArrowUp: to(1),
    PageUp: to(20),
    PageDown: to(-20),
    Home: to(-last),
    End: to(last),
  });
  const heads = [
    words.step,
    'T',
    words.tried,
    'Δ',
    words.chance,
    words.drawn,
    words.did,
    words.position,
    words.loss,
    words.plain_position,
    words.loss,
  ];
  const rows = temperatures.map((warm, k) => [
    k + 1,
    warm,
    data.tried[k],
    data.rises[k],
    data.chances[k],
    data.drawn[k],
    did(k),
    positions[k + 1],
    losses[k + 1],
    ...at(k + 1),
  ]);
  const body = rows.map((row) =>
    element(
      'tr',
      {},
      ...row.map((v, n) => element(n ? 'td' : 'th', n ? {} : { scope: 'row' }, typeof v === 'string' ? v : say(v, 4))),
    ),
  );
  const table = element(
    'details',
    {},
    element('summary', {}, words.table),
    element(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': words.table },
      element('table', {}, element('tr', {}, ...heads.map((h) => element('th', { scope: 'col' }, h))), ...body),
    ),
  );
  const run = button(`▶ ${words.play}`, () => {
    clearInterval(own.running);
    own.step = 0;
    refresh();
    own.running = setInterval(() => {
      if (own.step >= last || !run.isConnected) clearInterval(own.running);
      else {
        own.step += 1;
        refresh();
      }
    }, 60);
  });
  root.replaceChildren(
    element('div', { class: 'sliders' }, steps.node),
    element('div', { class: 'buttons' }, run),
    image.node,
    readout,
    element('p', { class: 'tip' }, words.tip),
    table,
    announcement,
  );
  refresh();
}
