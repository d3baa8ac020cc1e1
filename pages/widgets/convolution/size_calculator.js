/* Three sliders; core computed the sizes for every setting, and they are looked up here. */
import { element, mounted, redraw, say } from '../../ui/browser/base.js';
import { slider } from '../../ui/browser/sliders.js';
import { folded } from '../../ui/browser/plot.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { words, ranges, sizes } = data;
    own.at ??= { ...data.start };
    const readout = element('p', { class: 'equation' }),
      announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' }),
      table = element('div', {});
    const read = () => {
      const { window: k, stride: s, padding: p } = own.at,
        one = sizes[`${k},${s},${p}`];
      readout.replaceChildren(
        '(',
        element('b', { class: 'input' }, String(data.size)),
        ' \u2212 ',
        element('b', { class: 'kernel' }, String(k)),
        ` + 2·${p}) / ${s} + 1 = `,
        element('b', { class: 'output' }, say(one.exact)),
        `. ${one.down === one.up ? words.fits : words.rounds.replace('{down}', one.down).replace('{up}', one.up)}`,
      );
      announcement.textContent = readout.textContent;
      const rows = Object.keys(ranges.padding).map((_, p_) => [
        p_,
        ...['exact', 'down', 'up'].map((name) => sizes[`${k},${s},${p_}`][name]),
      ]);
      redraw(table, folded(words.table, [words.padding, words.exact, words.down, words.up], rows));
      Object.assign(root.dataset, { value: one.exact, setting: [k, s, p] });
    };
    const sliders = ['window', 'stride', 'padding'].map(
      (name) =>
        slider(
          {
            name: words[name],
            least: ranges[name][0],
            most: ranges[name][ranges[name].length - 1],
            step: 1,
            value: own.at[name],
          },
          (to) => {
            own.at[name] = to;
            read();
          },
        ).node,
    );
    root.replaceChildren(element('div', { class: 'sliders' }, sliders), readout, table, announcement);
    read();
  });
