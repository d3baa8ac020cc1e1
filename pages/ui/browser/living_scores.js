/* The scores of a network as bars with percentages: the best one bold, the change against before beside it, and those
   of a second network below each. */
import { element } from './base.js';
import { button } from './sliders.js';

const ROW = 33,
  MOST_ROWS = 14;

/**
 * @param {{ words: Record<string, string>, labels: string[], open: (unit: number) => void }} options
 */
export function scoreBars({ words, labels, open }) {
  const percent = (/** @type {number} */ v) => (100 * v).toFixed(v > 0.9995 || v < 0.0005 ? 0 : 1);
  const rows = labels.map((label, unit) => {
    const opening = words.open_score.replace('{class}', label),
      name = button(label, () => open(unit), { class: 'score-name', title: opening, 'aria-label': opening }),
      bar = element('span', { class: 'score-bar' }),
      versus = element('span', { class: 'score-versus' }),
      value = element('span', { class: 'score-value' }),
      delta = element('span', { class: 'score-delta' });
    const node = element(
      'li',
      { class: 'score' },
      name,
      element('span', { class: 'score-track' }, bar, versus),
      value,
      delta,
    );
    return { node, bar, versus, value, delta };
  });
  const node = element('ul', { class: 'scores', 'aria-label': words.output }, ...rows.map((row) => row.node)),
    legend = element('p', { class: 'scores-legend', hidden: '' });

  /**
   * @param {{ probabilities: ArrayLike<number>, before: ArrayLike<number> | null, versus: ArrayLike<number> | null,
   *   waiting: boolean, empty: boolean, other: string }} shown `other`: the name of what is compared with
   */
  const show = ({ probabilities, before, versus, waiting, empty, other }) => {
    const best = [...Array(rows.length).keys()].reduce((a, b) => (probabilities[b] > probabilities[a] ? b : a), 0);
    node.classList.toggle('waiting', waiting);
    node.classList.toggle('empty', empty);
    rows.forEach((row, k) => {
      const p = probabilities[k],
        change = before ? p - before[k] : 0;
      row.node.classList.toggle('best', k === best && !empty);
      row.bar.style.width = `${(100 * p).toFixed(2)}%`;
      row.value.textContent = `${percent(p)} %`;
      row.versus.hidden = !versus;
      if (versus) {
        row.versus.style.width = `${(100 * versus[k]).toFixed(2)}%`;
        row.versus.title = `${percent(versus[k])} %`;
      }
      const moved =
        Math.abs(change) < 0.0005 ? '' : `${change > 0 ? '+' : '\u2212'}${(100 * Math.abs(change)).toFixed(1)}`;
      row.delta.textContent = versus ? `${percent(versus[k])} %` : moved;
      row.delta.className = `score-delta ${versus ? 'versus' : change > 0 ? 'more' : 'less'}`;
    });
    node.classList.toggle('compared', Boolean(before ?? versus));
    legend.hidden = !(before ?? versus);
    legend.className = `scores-legend ${versus ? 'versus' : ''}`;
    legend.textContent = (versus ? words.second_column : words.difference).replace('{other}', other);
  };

  /** The heights of the rows' middles, if they lie in the middle of `height` below `top`. */
  const feet = (/** @type {number} */ top, /** @type {number} */ height) => {
    const count = Math.min(rows.length, MOST_ROWS),
      first = top + (height - count * ROW) / 2;
    return Array.from({ length: count }, (_, k) => first + (k + 0.5) * ROW);
  };
  return { node, legend, show, feet };
}
