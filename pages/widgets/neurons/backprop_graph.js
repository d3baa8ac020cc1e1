/* A small network drawn as a graph; steps reveal what core computed, forward and back. */
import { element, focusedIn, mounted, onResize, say } from '../../ui/browser/base.js';
import { svgElement } from '../../ui/browser/svg.js';

/* "W_ac" with its index below, "d/dc" as a derivative of z or L */
function symbol(name, of, start) {
  if (name === 'start') return [start];
  if (name.startsWith('d/d')) return [`∂${of}/∂`, ...symbol(name.slice(3), of)];
  const [letter, index] = name.split('_');
  return index ? [letter, element('sub', {}, index)] : [letter];
}

function bracketed(n) {
  return n < 0 ? `(${say(n, 4)})` : say(n, 4);
}

function formula(one, data) {
  const line = element('p', { class: 'equation' });
  const role = one.name.startsWith('d/d') ? 'gradient' : 'output';
  line.append(element('b', { class: role }, ...symbol(one.name, data.of)));
  const sum = (write) => {
    line.append(' = ');
    one.terms.forEach((term, k) => {
      if (k) line.append(' + ');
      term.forEach((factor, position) => {
        if (position) line.append(' · ');
        line.append(write(factor));
      });
    });
  };
  sum((f) => element('span', {}, element('b', { class: f.role }, ...symbol(f.symbol, data.of, data.start))));
  const alone = one.terms.length === 1 && one.terms[0].length === 1;
  if (!alone) sum((f) => bracketed(f.value));
  else if (one.terms[0][0].of !== null) line.append(` = s(${say(one.terms[0][0].of, 6)})`);
  if (!(data.of === 'z' && one.name === 'd/dz')) line.append(' = ', element('b', { class: role }, say(one.value, 6)));
  return line;
}

export default (component) =>
  mounted(component, (own, data, root) => {
    const { letters, steps, parameters, words } = data;
    own.step ??= data.begin;
    own.look ??= data.look;
    const count = steps.length,
      units = letters.flat(),
      quantities = [...units, ...Object.keys(parameters)];
    const layer = (unit) => letters.findIndex((one) => one.includes(unit));
    const values = new Map(),
      formulas = new Map();
    letters[0].forEach((unit, k) => values.set(unit, [data.inputs[k], -1]));
    steps.forEach((step, at) =>
      step.formulas.forEach((one) => {
        values.set(one.name, [one.value, at]);
        formulas.set(one.name, one);
      }),
    );
    const known = (name) => (values.has(name) && values.get(name)[1] < own.step ? values.get(name)[0] : null);

    const draw = () => {
      const room = root.clientWidth || 700,
        wide = room > 560,
        radius = wide ? 27 : 24,
        gap = 108;
      const high = Math.max(...letters.map((one) => one.length)) * gap,
        side = radius + (wide ? 14 : 6);
      const at = (unit) => {
        const column = layer(unit),
          row = letters[column].indexOf(unit);
        return [
          side + (column * (room - 2 * side)) / (letters.length - 1),
          high / 2 + (row - (letters[column].length - 1) / 2) * gap,
        ];
      };
      const step = steps[own.step - 1];
      const names = new Set(
        (step?.formulas ?? [])
          .flatMap((one) => [one.name, ...one.terms.flat().map((f) => f.symbol)])
          .map((name) => name.replace('d/d', '')),
      );
      const image = svgElement('svg', {
        class: 'net',
        viewBox: `0 0 ${room} ${high}`,
        height: high,
        tabindex: 0,
        role: 'application',
        'aria-label': words.graph,
      });
      const selected = (name) => (own.look === name ? ' looked' : '');
      for (const name of Object.keys(parameters).filter((one) => one[0] === 'W')) {
        const [x1, y1] = at(name[2]),
          [x2, y2] = at(name[3]),
          part = names.has(name);
        const path = `M${x1},${y1}L${x2},${y2}`,
          share = wide ? 0.28 : 0.42;
        const group = svgElement('g', { class: (part ? step.kind : '') + selected(name) });
        group.append(
          svgElement('path', {
            class: 'edge',
            d: path,
            'stroke-width': Math.min(6, 1 + 3 * Math.abs(parameters[name])),
          }),
          svgElement('path', { class: 'hit', d: path }),
        );
        const slope = known(`d/d${name}`);
        if (wide || part || own.look === name) {
          const [x, y] = [x1 + share * (x2 - x1), y1 + share * (y2 - y1)];
          group.append(svgElement('text', { class: 'weight', x, y: y + 4 }, say(parameters[name], 3)));
          if (slope !== null && (part || own.look === name))
            group.append(
              svgElement(
                'text',
                {
                  class: 'slope',
                  x: x + (wide ? 55 : 0),
                  y: y + (wide ? 4 : 17) + (wide ? (55 / (x2 - x1)) * (y2 - y1) : 0),
                },
                say(slope, 3),
              ),
            );
        }
        group.onclick = () => {
          own.look = name;
          draw();
        };
        image.append(group);
      }
      for (const unit of units) {
        const [x, y] = at(unit),
          now = step?.about.includes(unit);
        const group = svgElement('g', {
          class: `${layer(unit) ? '' : 'source '}${now ? `now ${step.kind}` : ''}${selected(unit)}`,
        });
        group.append(
          svgElement('circle', { cx: x, cy: y, r: radius }),
          svgElement('text', { class: 'letter', x, y: y - 5 }, unit),
        );
        const value = known(unit),
          slope = known(`d/d${unit}`),
          under = known(`d/d${unit}\u0304`);
        group.append(svgElement('text', { x, y: y + 13 }, value === null ? '?' : say(value, 3)));
        if (slope !== null)
          group.append(
            svgElement(
              'text',
              { class: 'slope', x, y: y + radius + 15 },
              `${wide ? `∂${data.of}/∂${unit} ` : ''}${say(slope, 3)}`,
            ),
          );
        else if (under !== null)
          group.append(svgElement('text', { class: 'slope', x, y: y + radius + 15 }, say(under, 3)));
        group.onclick = () => {
          own.look = unit;
          draw();
        };
        image.append(group);
      }
      image.onkeydown = (event) => {
        const way = { ArrowRight: 1, ArrowLeft: -1, Home: -count, End: count }[event.key],
          other = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (way) {
          event.preventDefault();
          go(own.step + way);
        }
        if (other) {
          event.preventDefault();
          own.look = quantities[(quantities.indexOf(own.look) + other + quantities.length) % quantities.length];
          draw();
        }
      };
      const button = (label, to) => {
        const made = element('button', { type: 'button', 'data-to': label }, label);
        made.disabled = to < 0 || to > count || to === own.step;
        made.onclick = () => go(to);
        return made;
      };
      const bar = element(
        'div',
        { class: 'bar' },
        button(words.first, 0),
        button(words.back, own.step - 1),
        button(words.next, own.step + 1),
        button(words.last, count),
        element(
          'span',
          {},
          words.step.replace('{step}', own.step).replace('{count}', count) + (step ? `: ${words[step.kind]}` : ''),
        ),
      );
      const readout = element('div', { class: `told ${own.look ? '' : (step?.kind ?? '')}` });
      if (own.look) describe(readout, own.look);
      else if (step) readout.append(...step.formulas.map((one) => formula(one, data)));
      else readout.append(element('p', { class: 'equation' }, words.begin));
      const announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' }, readout.textContent);
      const focus = focusedIn(root),
        held = focus?.classList?.contains('net')
          ? '.net'
          : focus?.dataset?.to
            ? `[data-to="${focus.dataset.to}"]`
            : focus?.id
              ? `#${focus.id}`
              : '';
      const open = root.querySelector('details')?.open ?? false;
      root.replaceChildren(
        image,
        bar,
        readout,
        choice(),
        element('p', { class: 'tip' }, words.keys),
        announcement,
        ...(data.nudge ? [table(open)] : []),
      );
      if (held) /** @type {HTMLElement} */ (root.querySelector(`${held}:not(:disabled)`) ?? image).focus();
      root.dataset.value = own.step;
      root.dataset.look = own.look;
    };

    const go = (to) => {
      const held = Math.max(0, Math.min(count, to));
      if (held !== own.step) {
        own.step = held;
        own.look = '';
        draw();
      }
    };

    const describe = (readout, name) => {
      const own_formulas = (
        units.includes(name) ? [`${name}\u0304`, name, `d/d${name}`, `d/d${name}\u0304`] : [`d/d${name}`]
      ).filter((one) => formulas.has(one));
      if (!units.includes(name))
        readout.append(
          element(
            'p',
            { class: 'equation' },
            element('b', { class: 'kernel' }, ...symbol(name)),
            ` = ${say(parameters[name])}`,
          ),
        );
      else if (layer(name) === 0)
        readout.append(
          element('p', { class: 'equation' }, element('b', { class: 'input' }, name), ` = ${say(values.get(name)[0])}`),
        );
      for (const one of own_formulas) {
        if (known(one) === null)
          readout.append(
            element(
              'p',
              { class: 'equation' },
              ...words.later.split('{name}').flatMap((text, k) => (k ? [...symbol(one, data.of), text] : [text])),
            ),
          );
        else readout.append(formula(formulas.get(one), data));
      }
      if (units.includes(name) || known(`d/d${name}`) === null) return;
      const ways = data.paths[name] ?? [];
      if (data.correct && ways.length > 1) {
        const rows = ways.map((one) =>
          element(
            'p',
            { class: 'equation' },
            `${one.name}: `,
            one.terms[0].map((f) => bracketed(f.value)).join(' · '),
            ' = ',
            element('b', { class: 'gradient' }, say(one.value, 4)),
          ),
        );
        readout.append(element('p', { class: 'tip' }, `${words.by_paths}:`), ...rows);
      }
      const n = data.nudges[name];
      if (data.nudge)
        readout.append(
          element(
            'p',
            { class: 'equation' },
            `${words.by_nudge}: (${say(n.plus, 9)} − ${bracketedLong(n.minus)}) / (2 · ${data.h}) = ` +
              `${say(n.slope, 6)}: `,
            verdict(n),
          ),
        );
    };

    const bracketedLong = (value) => (value < 0 ? `(${say(value, 9)})` : say(value, 9));
    const verdict = (n) =>
      element('b', { class: n.agree ? 'output' : 'no' }, n.agree ? `✓ ${words.agree}` : `✗ ${words.differ}`);

    const choice = () => {
      const menu = element(
        'select',
        { id: 'look' },
        element('option', { value: '' }, '–'),
        quantities.map((name) => element('option', { value: name }, name)),
      );
      menu.value = own.look;
      menu.onchange = () => {
        own.look = menu.value;
        draw();
      };
      const bar = element('div', { class: 'bar' }, element('label', {}, words.look, menu));
      const number = parameters[own.look] ?? (letters[0].includes(own.look) ? values.get(own.look)[0] : null);
      if (data.edit && own.look && number !== null) {
        const field = element('input', {
          id: 'edit',
          type: 'number',
          step: '0.1',
          value: String(+number.toPrecision(6)),
        });
        field.onchange = () => {
          if (Number.isFinite(field.valueAsNumber))
            own.tell('edits', { ...data.edits, [own.look]: field.valueAsNumber });
        };
        bar.append(
          element(
            'label',
            {},
            ...words.edit
              .split('{name}')
              .flatMap((text, k) => (k ? [element('span', {}, ...symbol(own.look)), text] : [text])),
            field,
          ),
        );
      }
      if (Object.keys(data.edits ?? {}).length) {
        const reset = element('button', { type: 'button', 'data-to': 'reset' }, words.reset);
        reset.onclick = () => own.tell('edits', {});
        bar.append(reset);
      }
      return bar;
    };

    const table = (open) => {
      const head = element(
        'tr',
        {},
        words.columns.split('|').map((name, k) => element(k < 4 ? 'th' : 'td', k < 4 ? { scope: 'col' } : {}, name)),
      );
      const rows = Object.entries(data.nudges).map(([name, n]) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, ...symbol(name)),
          element('td', {}, say(parameters[name])),
          element('td', {}, known(`d/d${name}`) === null ? '?' : say(n.derivative)),
          element('td', {}, say(n.slope)),
          element('td', {}, known(`d/d${name}`) === null ? '' : verdict(n)),
        ),
      );
      const title = words.check.replace('{count}', rows.length).replace('{h}', data.h);
      const made = element(
        'details',
        {},
        element('summary', {}, title),
        element(
          'div',
          { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': title },
          element('table', {}, head, rows),
        ),
      );
      made.open = open;
      return made;
    };

    draw();
    onResize(own, root, draw);
  });
