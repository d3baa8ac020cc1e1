/* The living network: a pad or an image, the columns of the network, the scores; an opened map and one cell's
   arithmetic; playing, training a step, scrubbing and breaking it. All of it happens in the browser. */
import { element, mounted, onResize, say } from '../../ui/browser/base.js';
import { beforeCentring, centred, uncentred } from '../../ui/browser/digit_centering.js';
import { drawingPad, PAD_SIDE } from '../../ui/browser/drawing_pad.js';
import { cellCard } from '../../ui/browser/living_cell.js';
import { bytesOfText, isChanged, livingNumbers, textOfBytes, unchanged } from '../../ui/browser/living_numbers.js';
import { openedPanel } from '../../ui/browser/living_opened.js';
import { scoreBars } from '../../ui/browser/living_scores.js';
import { networkStrip } from '../../ui/browser/living_strip.js';
import { extent, inks, isDark, paintMap } from '../../ui/browser/map_paint.js';
import { arranged } from '../../ui/browser/network_layout.js';
import { live } from '../../ui/browser/plot.js';
import { button, menu, slider } from '../../ui/browser/sliders.js';

const HEAD = 64,
  WAVE_MS = 700,
  FADE_MS = 120,
  SCRUB_MS = 200,
  NARROW = 860;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const percent = (v) => (100 * v).toFixed(1);

/* What a layer does, in a few words. */
function does(group, words, last) {
  if (last) return words.does_output;
  const pool = { max: words.does_max, average: words.does_average }[group.about.mode] ?? words.does_pool;
  return (
    {
      conv2d: group.sources.includes('input') ? words.does_first : words.does_conv,
      locally_connected: words.does_local,
      pool,
      dense: words.does_dense,
      global_average_pool: words.does_mean,
      residual: words.does_sum,
      branches: words.does_join,
    }[group.kind] ?? words.does_each
  );
}

function scene(own, data, root) {
  const { words } = data,
    all = data.networks.map(livingNumbers),
    net = all[0],
    { groups, classes, drawn } = net.sent;
  const last = groups[groups.length - 1],
    scored = last.shape.length === 1,
    columns = scored ? groups.slice(0, -1) : groups;
  const titles = Object.fromEntries(
    groups.map((group) => [group.shown, { name: group.title, does: does(group, words, group === last && scored) }]),
  );
  const [channels, rows, width] = net.network.input_shape,
    calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const labelOf = (k) => classes[k] ?? String(k);
  const columnOf = (shown) => groups.find((group) => group.shown === shown)?.column ?? 0;
  const state = {
    ink: new Uint8Array(PAD_SIDE * PAD_SIDE),
    image: new Uint8Array(channels * rows * width),
    example: -1,
    centre: true,
    label: 0,
    place: net.steps.length - 1,
    trained: [],
    changes: unchanged(),
    open: null,
    cell: null,
    part: null,
    pixel: null,
    wave: null,
    gradients: null,
    reached: Infinity,
    expanded: [],
    unfolded: false,
    versus: '',
    ...own.kept,
  };
  own.kept = state;
  let colours = inks(root),
    now = /** @type {any} */ (null),
    before = /** @type {any} */ (null),
    shown = {},
    run = 0,
    plan = /** @type {any} */ (null);

  /* --- what is shown where */
  const heard = element('output', { class: 'only-heard', 'aria-live': 'polite' }),
    line = element('p', { class: 'living-line', role: 'status' });
  const tell = (text) => {
    if (line.textContent !== text) line.textContent = text;
  };
  const gets = element('canvas', { class: 'living-gets', role: 'img', 'aria-label': words.gets });
  const picture = element('canvas', { class: 'living-image', role: 'img', 'aria-label': words.does_image });
  const pad = drawn
    ? drawingPad({
        words,
        ink: state.ink,
        moved: () => drawNow(),
        lifted: () => {
          drawNow();
          if (!net.remote) announce();
          else if (state.example < 0) {
            prepare();
            ask();
          }
        },
        hear: (text) => (heard.textContent = text),
      })
    : null;
  const frames = element('div', { class: 'living-frames', 'aria-hidden': 'true' });
  (pad?.node ?? frames).append(...(pad ? [frames] : []));
  const strip = networkStrip({
    words,
    titles,
    open: (name, map) => openMap(name, map),
    expand: (name) => {
      state.expanded = [...state.expanded, name];
      arrange();
      paint();
    },
    unfold: () => {
      state.unfolded = true;
      arrange();
      paint();
    },
  });
  const labels = scored ? Array.from({ length: last.shape[0] }, (_, k) => labelOf(k)) : null,
    go_ = (change, back) => go(change, back),
    scores = scoreBars({ words, labels: labels ?? [], open: (unit) => openMap(last.shown, unit) }),
    panel = openedPanel({ words, titles, groups, labels, remote: net.remote, go: go_ }),
    card = cellCard({ words, titles, groups, labels, go: go_ });
  strip.board.append(panel.node);

  /* --- numbers */
  const weights = () => state.trained.at(-1)?.weights ?? net.at(state.place);
  const compute = () => {
    const x = net.scaled(state.image),
      base = weights();
    if (net.remote) {
      if (now && now.of === own.answer.of) return;
      now = { ...net.received(own.answer.outputs, x), weights: {}, of: own.answer.of };
      return;
    }
    now = net.answer(net.changed(base, state.changes), x);
    now.weights = net.changed(base, state.changes);
    before = isChanged(state.changes) || state.trained.length ? net.answer(net.at(state.place), x) : null;
  };
  const other = () => {
    if (!state.versus) return null;
    const [which, place] = state.versus.split(':').map(Number),
      it = all[which];
    return it.answer(it.at(place), it.scaled(state.image)).probabilities;
  };
  const prepare = () => {
    if (!drawn) return;
    const { side, box } = drawn,
      one = state.centre ? centred(state.ink, side, box) : uncentred(state.ink, side);
    for (let k = 0; k < channels; k++) state.image.set(one, k * side * side);
  };

  /* --- drawing */
  const room = () => Math.max(280, strip.node.clientWidth || root.clientWidth - 400);
  const tall = () => (root.clientWidth < NARROW ? 400 : 470);
  const arrange = () => {
    const height = tall();
    panel.prepare(state.open, height, room());
    plan = arranged({
      groups: columns,
      room: room(),
      height,
      top: HEAD,
      open: state.open?.shown ?? null,
      panel: panel.width(),
      expanded: state.expanded,
      unfolded: state.unfolded,
      feet: root.clientWidth < NARROW ? [] : scores.feet(HEAD, height),
    });
    stage.style.setProperty('--tall', `${HEAD + height}px`);
    strip.arrange(plan);
    mark();
  };
  const paint = () => {
    const values = {};
    for (const group of columns) {
      const grad = state.gradients && group.column >= state.reached;
      values[group.shown] = grad ? state.gradients.activations[group.shown] : shown[group.shown];
    }
    strip.paint(values, colours, (name) => (state.gradients && columnOf(name) >= state.reached ? 'gradient' : null));
    paintInput();
  };
  const paintInput = () => {
    const scale = channels === 3 ? 'colour' : 'grey';
    if (pad) {
      if (state.example < 0) paintMap(pad.canvas, state.ink, PAD_SIDE, PAD_SIDE, 'grey', 255, colours);
      else paintMap(pad.canvas, state.image, rows, width, scale, 255, colours);
      const back = state.gradients && state.reached <= 0 ? state.gradients.input : null;
      pad.over.hidden = !back;
      if (back) pad.over.style.cssText = `inset:auto;${placed(0, 0, rows, width)}`;
      if (back) paintMap(pad.over, back, rows, width, 'gradient', extent(back).most, colours);
    } else paintMap(picture, state.image, rows, width, scale, 255, colours);
    paintMap(gets, state.image, rows, width, scale, 255, colours);
  };
  const bars = () =>
    scores.show({
      probabilities: now.probabilities,
      before: before?.probabilities ?? null,
      versus: other(),
      waiting: state.wave !== null && state.wave <= lastColumn(),
      empty: !state.image.some(Boolean),
      other: otherName(),
    });
  const otherName = () => (state.versus ? choices.find(([key]) => key === state.versus)[1] : words.unchanged);
  const lastColumn = () => Math.max(...groups.map((group) => group.column)) - (scored ? 1 : 0);
  const details = () => {
    panel.draw({ net, now, state, colours, plan });
    card.draw({ net, now, state, colours });
    mark();
    for (const table of tables) table.refresh();
  };
  /* Values of the layers as shown: at once, or faded over FADE_MS. */
  let fading = 0;
  const show = (animate) => {
    const target = Object.fromEntries(columns.map((group) => [group.shown, now.outputs[group.shown]]));
    cancelAnimationFrame(fading);
    bars();
    if (!animate || calm || !Object.keys(shown).length) {
      shown = target;
      paint();
      details();
      return;
    }
    const from = shown,
      start = performance.now();
    const frame = (time) => {
      const share = Math.min(1, (time - start) / FADE_MS);
      shown = share === 1 ? target : mixed(from, target, share);
      paint();
      if (share < 1) fading = requestAnimationFrame(frame);
    };
    fading = requestAnimationFrame(frame);
    details();
  };
  const refresh = (animate = false) => {
    compute();
    show(animate);
    publish();
  };
  const mixed = (from, to, share) =>
    Object.fromEntries(
      Object.entries(to).map(([name, end]) => [
        name,
        from[name]?.length === end.length ? end.map((v, k) => from[name][k] + share * (v - from[name][k])) : end,
      ]),
    );

  /* A network that is too large for the browser: a host answers when the image is complete. */
  const ask = () => {
    if (!net.remote) return;
    own.tell('image', textOfBytes(state.image));
  };
  let waiting = false,
    penAt = 0;
  const drawNow = () => {
    penAt ||= performance.now();
    state.example = -1;
    rest();
    paintInput();
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      prepare();
      refresh();
      setLabel(now.probabilities.indexOf(Math.max(...now.probabilities)));
      publish();
      root.dataset.ms = (performance.now() - penAt).toFixed(1);
      penAt = 0;
      if (!state.open) tell(state.image.some(Boolean) ? words.hint : words.empty);
      penButton.textContent = pad?.isDown() ? words.lift : words.lower;
    });
  };
  const announce = () => {
    const order = [...now.probabilities.keys()].sort((a, b) => now.probabilities[b] - now.probabilities[a]);
    heard.textContent = fill(words.heard, {
      class: labelOf(order[0]),
      sure: percent(now.probabilities[order[0]]),
      second: labelOf(order[1] ?? 0),
      rest: percent(now.probabilities[order[1] ?? 0]),
    });
  };
  const publish = () => {
    trainButton.disabled = !state.image.some(Boolean);
    const best = now.probabilities.indexOf(Math.max(...now.probabilities));
    Object.assign(root.dataset, {
      value: state.image.some(Boolean) ? labelOf(best) : '',
      sure: now.probabilities[best].toFixed(4),
      step: String(stepNow()),
      loss: net.loss(now.last, state.label).toPrecision(8),
      open: state.open ? `${state.open.shown}:${state.open.map}` : '',
      cell: state.cell ? state.cell.join() : '',
      pixel: state.pixel ? state.pixel.slice(0, 2).join() : '',
      ink: String(state.ink.reduce((a, b) => a + b, 0)),
    });
  };
  const stepNow = () => net.steps[state.place] + state.trained.length;

  /* --- opening maps, cells, pixels; Esc goes back */
  const trail = [];
  const go = (change, back = false) => {
    if (!back) trail.push({ open: state.open, cell: state.cell, part: state.part, pixel: state.pixel });
    Object.assign(state, change);
    rest();
    arrange();
    refresh();
    if (state.open)
      tell(
        state.pixel
          ? card.pixelWords({ net, now, state })
          : state.cell && !net.remote
            ? words.down_hint
            : panel.words(),
      );
    else tell(drawn ? words.hint : words.hint_image);
    if (change.open !== undefined && state.open) reveal();
  };
  const openMap = (name, map) => {
    if (state.open?.shown === name && state.open.map === map) close();
    else go({ open: { shown: name, map }, cell: null, part: null, pixel: null });
  };
  const close = () => {
    trail.length = 0;
    go({ open: null, cell: null, part: null, pixel: null }, true);
  };
  const reveal = () => {
    panel.focus();
    panel.reveal();
  };
  root.onkeydown = (event) => {
    if (event.key !== 'Escape' || !state.open) return;
    event.preventDefault();
    const focus = state.open;
    go(trail.pop() ?? { open: null, cell: null, part: null, pixel: null }, true);
    if (!state.open) strip.elementOf(`${focus.shown}:${focus.map}`)?.focus();
  };
  /* Dims what is not open, frames what the open cell reads. */
  const mark = () => {
    stage.classList.toggle('opened', Boolean(state.open));
    for (const tile of strip.tiles()) {
      const mine = state.open && tile.dataset.key === `${state.open.shown}:${state.open.map}`;
      tile.classList.toggle('chosen', Boolean(mine));
      const [name, map] = (tile.dataset.key ?? '').split(':');
      const main = groups.find((group) => group.shown === name)?.main;
      tile.classList.toggle(
        'out',
        state.changes.knocked_out.some(([layer, k]) => layer === main && k === Number(map)),
      );
      const column = columnOf(name);
      tile.classList.toggle('waiting', state.wave !== null && column > state.wave);
      tile.classList.toggle('passing', state.wave !== null && column === state.wave);
      tile.classList.toggle('backward', Boolean(state.gradients) && column >= state.reached);
    }
    for (const path of strip.curves()) {
      const to = (path.dataset.to ?? '').split(':')[0],
        column = to === 'score' ? lastColumn() + 1 : columnOf(to);
      path.classList.toggle('waiting', state.wave !== null && column > state.wave);
      path.classList.toggle('flow', state.wave !== null && column === state.wave);
      path.classList.toggle('backward', Boolean(state.gradients) && column > state.reached);
    }
    const field = state.open && state.cell ? card.field({ net, state }) : null;
    frames.replaceChildren(
      ...(field ? [framed(field.top, field.left, field.bottom, field.right, 'field')] : []),
      ...(state.pixel ? [framed(state.pixel[0], state.pixel[1], state.pixel[0] + 1, state.pixel[1] + 1, 'pixel')] : []),
    );
  };
  const framed = (top, left, bottom, right, kind) =>
    element('span', { class: kind, style: placed(top, left, bottom, right) });
  /* A box of the image, in per cent of the shown one; a drawing is shown before it is centred. */
  const placed = (top, left, bottom, right) => {
    const { scale, shift } = (drawn && state.example < 0 && state.centre
      ? beforeCentring(state.ink, drawn.side, drawn.box)
      : null) ?? { scale: [PAD_SIDE / rows, PAD_SIDE / width], shift: [0, 0] };
    const down = (r) => (100 * (scale[0] * r + shift[0])) / PAD_SIDE,
      across = (c) => (100 * (scale[1] * c + shift[1])) / PAD_SIDE;
    return (
      `top:${down(top)}%;left:${across(left)}%;` +
      `height:${down(bottom) - down(top)}%;width:${across(right) - across(left)}%`
    );
  };

  /* --- playing */
  const rest = () => {
    run += 1;
    finish = null;
    if (state.wave === null && !state.gradients) return;
    Object.assign(state, { wave: null, gradients: null, reached: Infinity });
    playButton.textContent = `▶ ${words.play}`;
    shown = Object.keys(shown).length && now ? shown : {};
    mark();
  };
  const setWave = (wave) => {
    state.wave = wave > lastColumn() ? null : wave;
    const here = groups.filter((group) => group.column === wave);
    if (here.length && state.wave !== null)
      tell(
        here
          .map(({ shown: name }) => fill(words.forward_words, { layer: titles[name].name, does: titles[name].does }))
          .join('; '),
      );
    mark();
    bars();
  };
  const play = async () => {
    if (state.wave !== null && playButton.dataset.going) {
      run += 1;
      delete playButton.dataset.going;
      playButton.textContent = `▶ ${words.play}`;
      return;
    }
    const first = state.wave ?? 0;
    rest();
    paint();
    const mine = run;
    playButton.dataset.going = 'true';
    playButton.textContent = `❚❚ ${words.pause}`;
    for (let wave = first; wave <= lastColumn() + 1 && mine === run; wave++) {
      setWave(wave);
      await pause(calm ? 0 : WAVE_MS);
    }
    if (mine !== run) return;
    delete playButton.dataset.going;
    playButton.textContent = `▶ ${words.play}`;
    tell(verdict());
  };
  /* The first time that the stage comes into view. */
  const playOnce = () => {
    if (own.played || calm) return;
    const seen = new IntersectionObserver(([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      seen.disconnect();
      own.played = true;
      if (!state.open) play();
    });
    seen.observe(stage);
  };
  const verdict = () => {
    const best = now.probabilities.indexOf(Math.max(...now.probabilities));
    return fill(words.says, { class: labelOf(best), sure: percent(now.probabilities[best]) });
  };
  const stepWave = (by) => {
    run += 1;
    delete playButton.dataset.going;
    setWave(Math.max(0, (state.wave ?? (by < 0 ? lastColumn() + 1 : -1)) + by));
  };

  /* --- one training step; a click while it is shown finishes it at once and starts the next */
  let finish = /** @type {(() => void) | null} */ (null);
  const train = async () => {
    finish?.();
    rest();
    const mine = run,
      { label } = state,
      previous = state.trained.at(-1),
      slots = previous ? copied(previous.slots) : {},
      base = net.changed(weights(), state.changes);
    const result = net.trained(base, now.x, label, slots, state.trained.length + 1);
    finish = () => {
      rest();
      state.trained = [...state.trained, { weights: result.after, slots }];
      stage.classList.add('flash');
      setTimeout(() => stage.classList.remove('flash'), 700);
      refresh(true);
      tell(
        fill(words.updated, {
          optimizer: net.sent.optimizer_name,
          rate: say(net.sent.rate, 3),
          before: say(result.loss, 3),
          after: say(net.loss(now.last, label), 3),
        }),
      );
      controlsNow();
    };
    tell(fill(words.loss_words, { class: labelOf(label), loss: say(result.loss, 3) }));
    state.gradients = result.gradients;
    state.reached = lastColumn() + 1;
    if (!calm) {
      await pause(WAVE_MS);
      for (let column = lastColumn(); column >= 0 && mine === run; column--) {
        state.reached = column;
        const here = columns.filter((group) => group.column === column);
        if (here.length)
          tell(fill(words.backward_words, { layer: here.map((group) => titles[group.shown].name).join(', ') }));
        paint();
        mark();
        await pause(WAVE_MS);
      }
    }
    if (mine === run) finish?.();
  };
  const copied = (slots) =>
    Object.fromEntries(
      Object.entries(slots).map(([name, { shape, data: values }]) => [name, { shape, data: values.slice() }]),
    );

  /* --- controls */
  const settled = (animate = true) => {
    refresh(animate);
    controlsNow();
    tell(state.image.some(Boolean) ? `${verdict()} ${lossNow()}` : words.empty);
  };
  const lossNow = () =>
    fill(words.loss_words, { class: labelOf(state.label), loss: say(net.loss(now.last, state.label), 3) });
  const trainButton = button(words.train, train);
  const playButton = button(`▶ ${words.play}`, play, { class: 'primary living-play' });
  const undo = button(words.undo, () => {
    finish?.();
    rest();
    state.trained = state.trained.slice(0, -1);
    settled();
  });
  const answer = menu(
    { name: words.right, choices: classes.map((name, k) => [k, name]), value: state.label },
    (chosen) => {
      rest();
      state.label = Number(chosen);
      settled();
    },
  );
  const penButton = button(words.lower, () => {
    pad?.press();
    pad?.node.focus();
  });
  penButton.onpointerdown = (event) => event.preventDefault();
  const setImage = (k) => {
    state.example = k;
    const bytes = bytesOfText(data.examples[k]);
    state.image.set(bytes);
    state.ink.fill(0);
    if (drawn && rows === PAD_SIDE) state.ink.set(bytes.subarray(0, PAD_SIDE * PAD_SIDE));
    setLabel(data.labels[k] ?? state.label);
  };
  const setLabel = (label) => {
    state.label = label;
    const select = answer.querySelector('select');
    if (select) select.value = String(label);
  };
  const example = () => {
    setImage((state.example + 1) % data.examples.length);
    rest();
    ask();
    settled();
    announce();
  };
  const clear = () => {
    state.ink.fill(0);
    state.image.fill(0);
    state.example = -1;
    rest();
    ask();
    refresh();
    tell(words.empty);
  };
  const centre = element('input', { type: 'checkbox' });
  centre.checked = state.centre;
  centre.onchange = () => {
    state.centre = centre.checked;
    if (state.example >= 0) return;
    rest();
    prepare();
    ask();
    settled();
    announce();
  };
  const time = slider(
    {
      name: words.training_step,
      least: 0,
      most: net.steps.length - 1,
      step: 1,
      value: state.place,
      told: (k) =>
        `${net.steps[k].toLocaleString('en')} ${fill(words.of, { steps: net.steps.at(-1).toLocaleString('en') })}`,
    },
    (place) => {
      scrubTo(place);
    },
  );
  const scrubTo = (place) => {
    rest();
    Object.assign(state, { place, trained: [] });
    settled(false);
  };
  const film = button(
    '▶',
    async () => {
      if (film.dataset.going) {
        rest();
        return;
      }
      rest();
      const mine = run;
      film.dataset.going = 'true';
      film.textContent = '❚❚';
      for (
        let place = state.place < net.steps.length - 1 ? state.place : 0;
        place < net.steps.length && mine === run;
        place++
      ) {
        const start = performance.now();
        Object.assign(state, { place, trained: [] });
        time.set(place);
        settled(false);
        await pause(SCRUB_MS - (performance.now() - start));
      }
      delete film.dataset.going;
      film.textContent = '▶';
      controlsNow();
    },
    { 'aria-label': words.run_training, title: words.run_training },
  );
  const noise = slider({ name: words.noise, least: 0, most: 1, step: 0.05, value: state.changes.noise }, (value) =>
    change({ noise: value }),
  );
  const change = (changes) => {
    rest();
    state.changes = { ...state.changes, ...changes };
    settled();
  };
  const toggleOut = () => {
    const group = groups.find((one) => one.shown === state.open.shown),
      { map } = state.open,
      is = ([layer, k]) => layer === group.main && k === map;
    const out = state.changes.knocked_out;
    change({ knocked_out: out.some(is) ? out.filter((one) => !is(one)) : [...out, [group.main, map]] });
  };
  const toggleBias = () => {
    const { main } = groups.find((one) => one.shown === state.open.shown),
      { silenced } = state.changes;
    change({ silenced: silenced.includes(main) ? silenced.filter((one) => one !== main) : [...silenced, main] });
  };
  panel.acts({
    toggleOut,
    toggleBias,
    close,
    neighbour: (by) => {
      const group = groups.find((one) => one.shown === state.open.shown),
        map = (state.open.map + by + group.shape[0]) % group.shape[0];
      go({ open: { shown: group.shown, map }, cell: state.cell, part: null, pixel: null }, true);
    },
  });
  const reset = button(words.reset, () => {
    rest();
    Object.assign(state, { changes: unchanged(), trained: [], place: net.steps.length - 1 });
    time.set(state.place);
    noise.set(0);
    settled();
  });
  const changedLine = element('span', { class: 'living-changed' });
  const choices = [
    ['', words.nothing],
    ...net.steps.map((step, k) => [`0:${k}`, fill(words.at_step, { step: step.toLocaleString('en') })]),
    ...all.slice(1).map((it, k) => [`${k + 1}:${it.steps.length - 1}`, it.sent.label]),
  ];
  const versus = menu({ name: words.compare, choices, value: state.versus }, (chosen) => {
    state.versus = chosen;
    bars();
    controlsNow();
  });
  const controlsNow = () => {
    const { knocked_out, silenced, noise: level } = state.changes;
    const what = [
      ...knocked_out.map(([layer, map]) => fill(words.out, { layer, map: map + 1 })),
      ...silenced.map((layer) => fill(words.silent, { layer })),
      ...(level ? [fill(words.noisy, { noise: level })] : []),
      ...(state.trained.length === 1 ? [words.trained_once] : []),
      ...(state.trained.length > 1 ? [fill(words.trained_steps, { steps: state.trained.length })] : []),
    ].join(', ');
    changedLine.textContent = what ? fill(words.changed, { what, other: otherName() }) : '';
    undo.disabled = !state.trained.length;
    reset.hidden = !what && state.place === net.steps.length - 1;
  };

  /* --- tables */
  const tables = [
    live(own, words.scores_table, () => [
      [words.class, words.probability],
      [...now.probabilities].map((p, k) => [labelOf(k), p]),
    ]),
    live(own, words.map_table, () => tableOfMap(openValues())),
    live(own, words.input_table, () => tableOfMap({ values: now.x, rows, columns: width })),
  ];
  const openValues = () => {
    const group = groups.find((one) => one.shown === state.open?.shown) ?? groups[0],
      map = state.open?.map ?? 0,
      values = now.outputs[group.shown];
    if (group.shape.length === 1) return { values, rows: group.shape[0], columns: 1 };
    const size = group.shape[1] * group.shape[2];
    return { values: values.subarray(map * size, (map + 1) * size), rows: group.shape[1], columns: group.shape[2] };
  };
  /** @type {(map: any) => [string[], (string | number)[][]]} */
  const tableOfMap = ({ values, rows: count, columns: across }) => [
    ['', ...Array.from({ length: across }, (_, c) => String(c + 1))],
    Array.from({ length: count }, (_, r) => [String(r + 1), ...values.subarray(r * across, (r + 1) * across)]),
  ];

  /* --- the stage */
  const inputHead = element(
    'div',
    { class: 'living-head' },
    element('b', {}, words.input),
    element('span', { class: 'shape' }, net.network.input_shape.join(' × ')),
    element('i', {}, drawn ? words.does_input : words.does_image),
  );
  const shownImage = pad?.node ?? element('div', { class: 'living-picture' }, picture, frames);
  const input = element(
    'div',
    { class: 'living-input' },
    inputHead,
    element('div', { class: 'living-paper' }, shownImage),
    element(
      'div',
      { class: 'living-under' },
      element(
        'div',
        { class: 'buttons' },
        ...(data.examples.length ? [button(words.example, example)] : []),
        ...(pad ? [button(words.clear, clear), penButton] : []),
      ),
      ...(pad
        ? [
            element(
              'div',
              { class: 'living-prepared' },
              gets,
              element(
                'div',
                {},
                element('span', { class: 'shape' }, words.gets),
                element('label', {}, centre, words.centre),
              ),
            ),
          ]
        : []),
    ),
  );
  const output = element(
    'div',
    { class: 'living-output' },
    element(
      'div',
      { class: 'living-head' },
      element('b', {}, words.output),
      element('span', { class: 'shape' }, `${scored ? `${titles[last.shown].name} · ` : ''}${last.shape.join(' × ')}`),
      element('i', {}, words.does_output),
    ),
    scores.node,
    scores.legend,
  );
  const stage = element(
    'div',
    { class: 'living-stage', tabindex: '-1' },
    element('div', { class: 'living-flow' }, input, strip.node, output),
    card.node,
    line,
    element(
      'div',
      { class: 'living-controls' },
      element(
        'div',
        { class: 'living-row' },
        playButton,
        button('◀', () => stepWave(-1), { 'aria-label': words.back, title: words.back }),
        button('▶|', () => stepWave(1), { 'aria-label': words.forward, title: words.forward }),
        ...(net.remote
          ? [element('span', { class: 'living-remote' }, words.remote)]
          : [element('span', { class: 'living-gap' }), trainButton, answer, undo]),
      ),
      ...(net.remote
        ? []
        : [
            element(
              'div',
              { class: 'living-row quiet' },
              ...(net.steps.length > 1 ? [time.node, film, element('span', { class: 'living-gap' })] : []),
              noise.node,
              versus,
              reset,
            ),
          ]),
      changedLine,
    ),
    element(
      'div',
      { class: 'living-foot' },
      element('span', { class: 'legend unsigned' }, words.zero_up),
      element('span', { class: 'legend signed' }, words.scale),
      ...tables.map((table) => table.node),
      ...(Object.keys(net.sent.about).length
        ? [
            element(
              'details',
              {},
              element('summary', {}, words.about),
              element(
                'dl',
                {},
                ...Object.entries(net.sent.about).flatMap(([name, value]) => [
                  element('dt', {}, name),
                  element('dd', {}, value),
                ]),
              ),
            ),
          ]
        : []),
    ),
  );
  const whole = element('div', { class: 'living' }, stage, heard);
  root.replaceChildren(whole);
  if (state.example < 0 && !state.image.some(Boolean) && data.examples.length) setImage(data.start ?? 0);
  const redrawn = () => {
    colours = inks(root);
    whole.classList.toggle('dark', isDark(root));
    root.dataset.narrow = String(root.clientWidth < NARROW);
    arrange();
    refresh();
  };
  redrawn();
  controlsNow();
  tell(drawn ? words.hint : words.hint_image);
  playOnce();
  return {
    redrawn,
    received: () => {
      refresh(true);
      announce();
    },
  };
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const signature = JSON.stringify([data.networks.map((one) => one.id), data.examples[0], data.words.hint]);
    const answered = own.answer?.of !== data.answer?.of;
    own.answer = data.answer;
    if (own.signature === signature && root.firstChild) {
      if (answered) own.scene.received();
      return;
    }
    if (own.signature !== signature) own.kept = {};
    own.signature = signature;
    own.scene = scene(own, data, root);
    onResize(own, root, own.scene.redrawn);
  });
