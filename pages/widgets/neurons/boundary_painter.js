/* Trains in the browser with lossAndGradients and adamStep, from core's initial weights; redraws every few steps. */
import { element, mounted, onResize, say } from '../../ui/browser/base.js';
import { svgElement } from '../../ui/browser/svg.js';
import { button, slider } from '../../ui/browser/sliders.js';
import { live, paintPlane, plot, shades, steer, overPlane } from '../../ui/browser/plot.js';
import { adamStep, lossAndGradients, shares, through } from '../../ui/browser/network_maths.js';

const EDGE = 3,
  A_FRAME = 4;

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words } = data;
    cancelAnimationFrame(own.frame);
    const made = JSON.stringify([data.starts, data.activation]);
    if (own.pattern !== data.pattern) {
      own.pattern = data.pattern;
      own.points = data.points.map((p) => [...p]);
      own.labels = [...data.labels];
    }
    const fresh = () => {
      own.layers = structuredClone(data.starts[own.seed % data.starts.length]);
      own.slots = {};
      own.count = 0;
    };
    own.seed ??= 0;
    own.rate ??= 0.03;
    own.at ??= [0, 0];
    own.paint ??= 1;
    if (own.made !== made) {
      own.made = made;
      fresh();
    }
    own.going = false;

    const draw = () => {
      const room = root.clientWidth || 600,
        side = Math.min(380, room - 4),
        colours = shades(root);
      const canvas = element('canvas', {}),
        over = svgElement('svg', { viewBox: `${-EDGE} ${-EDGE} ${2 * EDGE} ${2 * EDGE}` });
      const plane = element('div', { class: 'plane', style: `--side: ${side}px` }, canvas, over);
      const readout = element('p', { class: 'equation' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' }),
        points = live(own, words.table, () => [
          ['i', 'x₁', 'x₂', words.class],
          own.points.map((x, k) => [k, ...x, own.labels[k] ? '○' : '△']),
        ]);
      const p = ([a, b]) => shares(through(own.layers, data.activation, [a, b]).logits)[1];
      const curve = plot({
        width: Math.max(220, Math.min(320, room - side - 40)),
        height: 190,
        x: [0, 100],
        y: [0, 1],
        names: [words.step, words.loss],
      });
      const marks = () =>
        own.points.map(([a, b], k) =>
          own.labels[k]
            ? svgElement('circle', {
                cx: a,
                cy: -b,
                r: 0.085,
                fill: `rgb(${colours.up})`,
                stroke: 'var(--paper)',
                'stroke-width': 0.035,
              })
            : svgElement('path', {
                d: `M${a - 0.1} ${0.085 - b}h0.2l-0.1 -0.18z`,
                fill: `rgb(${colours.down})`,
                stroke: 'var(--paper)',
                'stroke-width': 0.035,
              }),
        );
      const number = () => {
        const { loss } = own.points.length
          ? lossAndGradients(own.layers, data.activation, own.points, own.labels)
          : { loss: 0 };
        const right = own.points.filter((x, k) => p(x) > 0.5 === (own.labels[k] === 1)).length;
        readout.replaceChildren(
          `${words.step} ${own.count}, ${words.loss} ${loss.toFixed(3)}, ` +
            `${right} / ${own.points.length} ${words.right}. ${words.here} ${(100 * p(own.at)).toFixed(1)} %.`,
        );
        Object.assign(root.dataset, { value: p(own.at).toFixed(6), step: own.count, loss, right, at: own.at });
        announcement.textContent = own.going
          ? ''
          : words.announcement
              .replace('{x}', say(own.at[0]))
              .replace('{y}', say(own.at[1]))
              .replace('{p}', `${(100 * p(own.at)).toFixed(1)} %`)
              .replace('{step}', own.count)
              .replace('{loss}', loss.toFixed(3))
              .replace('{right}', right)
              .replace('{all}', own.points.length);
        return loss;
      };
      const cursor = () =>
        svgElement('path', {
          d: `M${own.at[0] - 0.15} ${-own.at[1]}h0.3M${own.at[0]} ${-own.at[1] - 0.15}v0.3`,
          stroke: 'var(--ink)',
          'stroke-width': 0.05,
        });
      const refresh = (whole) => {
        if (whole) own.line = paintPlane(canvas, 56, -EDGE, EDGE, (a, b) => 2 * p([a, b]) - 1, colours);
        over.replaceChildren(...overPlane(own.line, EDGE), ...marks(), cursor());
        const loss = number();
        own.losses ??= [];
        if (own.count === 0) own.losses = [];
        if (own.losses.at(-1)?.[0] !== own.count) own.losses.push([own.count, loss]);
        curve.clear();
        const last = Math.max(100, own.count);
        curve.line(
          own.losses.map(([step, value]) => [(100 * step) / last, value]),
          'gradient',
        );
        curve.node.querySelectorAll('text').forEach((text) => {
          if (
            (text.dataset.share ??=
              /^\d+$/.test(text.textContent) && text.getAttribute('text-anchor') === 'middle' ? text.textContent : '')
          )
            text.textContent = String(Math.round((Number(text.dataset.share) * last) / 100));
        });
      };
      const frame = () => {
        if (!own.going || !root.isConnected) return;
        for (let k = 0; k < A_FRAME && own.points.length; k++)
          adamStep(
            own.layers,
            lossAndGradients(own.layers, data.activation, own.points, own.labels).gradients,
            own.slots,
            ++own.count,
            own.rate,
          );
        refresh(true);
        if (own.count >= 3000) stop();
        else own.frame = requestAnimationFrame(frame);
      };
      const go = button(own.going ? words.pause : words.train, () => {
        own.going = !own.going;
        go.textContent = own.going ? words.pause : words.train;
        if (own.going) own.frame = requestAnimationFrame(frame);
        else listed();
      });
      const stop = () => {
        own.going = false;
        go.textContent = words.train;
        listed();
        refresh(false);
      };
      const listed = points.refresh;
      const brush = [
        [1, words.blue],
        [0, words.orange],
      ].map(([label, name]) =>
        button(
          name,
          () => {
            own.paint = label;
            brush.forEach((one, k) => one.setAttribute('aria-pressed', String(own.paint === 1 - k)));
          },
          { 'aria-pressed': String(own.paint === label) },
        ),
      );
      steer(plane, words.plane, {
        x: [-EDGE, EDGE],
        y: [-EDGE, EDGE],
        at: () => own.at,
        step: 0.2,
        inverse: (a, b) => {
          const shown = plane.getBoundingClientRect().width || side;
          return [((a / shown) * 2 - 1) * EDGE, (1 - (b / shown) * 2) * EDGE];
        },
        go: (a, b) => {
          own.at = [+a.toFixed(2), +b.toFixed(2)];
          if (!own.going) {
            over.lastChild?.remove();
            over.append(cursor());
            number();
          }
        },
        press: () => {
          own.points.push([...own.at]);
          own.labels.push(own.paint);
          listed();
          refresh(false);
        },
      });
      root.replaceChildren(
        element(
          'div',
          { class: 'buttons' },
          go,
          button(words.again, () => {
            own.seed++;
            fresh();
            refresh(true);
          }),
          ...brush,
          button(words.clear, () => {
            own.points = [];
            own.labels = [];
            fresh();
            listed();
            refresh(true);
          }),
        ),
        element(
          'div',
          { class: 'row' },
          plane,
          element(
            'div',
            { class: 'panel' },
            slider({ name: words.rate, least: 0.005, most: 0.2, step: 0.005, value: own.rate }, (v) => {
              own.rate = v;
              root.dataset.rate = String(v);
            }).node,
            curve.node,
          ),
        ),
        readout,
        element('p', { class: 'tip' }, words.tip),
        points.node,
        announcement,
      );
      listed();
      refresh(true);
      if (own.going) own.frame = requestAnimationFrame(frame);
    };
    draw();
    onResize(own, root, draw);
  });
