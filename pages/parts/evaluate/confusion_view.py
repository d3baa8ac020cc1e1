"""The confusion matrix: a table of buttons, each of which opens the pictures it counts."""

import numpy as np
import streamlit as st

from core.data import catalogue
from core.data.dataset import DataError
from core.figures.gallery import gallery
from core.metrics.evaluation import Judgement
from pages.ui.formatting import share
from pages.ui.number_table import numbers


MOST_PICTURES = 24

_JS = """
const element = (name, text, more = {}) => Object.assign(document.createElement(name), { textContent: text }, more);

export default function ({ parentElement, data, setTriggerValue }) {
  const table = parentElement.querySelector('table'), { counts, names, chosen } = data;
  const held = parentElement.querySelector('button:focus')?.dataset.cell;
  const long = names.some((name) => name.length > 3);
  table.classList.toggle('long', long);
  table.replaceChildren(element('caption', data.title));
  const head = element('tr', ''), body = element('tbody', '');
  head.append(element('td', 'truth ↓ said →', { className: 'corner' }));
  names.forEach((name) => { const cell = element('th', '', { scope: 'col' }); cell.append(element('span', name)); head.append(cell); });
  counts.forEach((row, truth) => {
    const line = element('tr', ''), all = row.reduce((sum, count) => sum + count, 0) || 1;
    line.append(element('th', names[truth], { scope: 'row' }));
    row.forEach((count, said) => {
      const here = truth === chosen[0] && said === chosen[1];
      const button = element('button', count, { type: 'button', tabIndex: here ? 0 : -1 });
      button.dataset.cell = `${truth},${said}`;
      button.setAttribute('aria-label', `true ${names[truth]}, predicted ${names[said]}: ${count} pictures`);
      button.setAttribute('aria-pressed', here);
      button.style.setProperty('--tint', `${Math.round(60 * Math.sqrt(count / all))}%`);
      button.onclick = () => setTriggerValue('cell', [truth, said]);
      button.onkeydown = (event) => {
        const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
        const next = way && table.querySelector(`[data-cell="${truth + way[0]},${said + way[1]}"]`);
        if (next) { event.preventDefault(); next.focus(); }
      };
      const cell = element('td', ''); cell.append(button); line.append(cell);
    });
    body.append(line);
  });
  const top = element('thead', ''); top.append(head);
  table.append(top, body);
  if (held) table.querySelector(`[data-cell="${held}"]`)?.focus();
}
"""

_CSS = """
div { overflow-x: auto; padding: 3px; }
table { border-spacing: 2px; color: var(--st-text-color); font: 13px var(--st-font); width: 100%; max-width: 640px; }
caption { text-align: left; font-weight: 600; font-size: 1rem; line-height: 1.35; margin-bottom: .4rem; }
th { font-weight: 600; text-align: center; padding: 0 2px; }
th[scope=row] { text-align: right; padding-right: .4rem; }
.long th[scope=col] span { writing-mode: vertical-rl; transform: rotate(180deg); }
.corner { font-size: 11px; line-height: 1.2; width: 3.2rem; text-align: right; padding-right: .4rem; }
td { padding: 0; }
button { width: 100%; min-width: 24px; height: 34px; padding: 0; border: 0; border-radius: 4px; cursor: pointer; font: inherit;
  font-variant-numeric: tabular-nums; color: inherit;
  background: color-mix(in srgb, var(--st-primary-color) var(--tint), var(--st-secondary-background-color)); }
button[aria-pressed=true] { outline: 3px solid var(--st-orange-color); outline-offset: -1px; }
button:focus-visible { outline: 3px solid var(--st-text-color); outline-offset: -1px; }
"""

_MATRIX = st.components.v2.component("convscope_confusion", html="<div><table></table></div>", css=_CSS, js=_JS)


def confusion_matrix(judged: Judgement, names: tuple[str, ...], rows: np.ndarray, data: str, key: str) -> None:
    """`rows` (N,) of the pictures in the data set called `data`. The fullest cell beside the diagonal is open at first."""
    classes, true_key, said_key, matrix_key = range(len(names)), f"true-{key}", f"said-{key}", f"matrix-{key}"
    if true_key not in st.session_state:
        st.session_state[true_key], st.session_state[said_key] = judged.most_confused()

    def open_cell():
        st.session_state[true_key], st.session_state[said_key] = st.session_state[matrix_key].cell

    table, pictures = st.columns([6, 5], gap="large")
    with pictures:
        left, right = st.columns(2)
        true = left.selectbox("Truth", classes, key=true_key, format_func=names.__getitem__)
        said = right.selectbox("The network said", classes, key=said_key, format_func=names.__getitem__)
        _pictures_behind(judged, names, rows, data, true, said)
    with table:
        _MATRIX(
            key=matrix_key,
            data={
                "counts": judged.matrix.tolist(),
                "names": list(names),
                "chosen": [true, said],
                "title": "Right answers stand on the diagonal; a strong tint beside it is a habit. Press a cell for its pictures",
            },
            on_cell_change=open_cell,
        )
        st.markdown(
            ":small[The tint of a cell is the square root of its share of the row, so that few errors show too.]"
        )
    columns = {"truth": list(names)} | {f"said {name}": judged.matrix[:, place] for place, name in enumerate(names)}
    numbers("The confusion matrix as a table", columns, f"confusion-{key}")


def _pictures_behind(judged: Judgement, names, rows: np.ndarray, data: str, true: int, said: int) -> None:
    places = judged.behind(true, said)
    what = f"**True {names[true]}, predicted {names[said]}: {len(places)} picture{'s' * (len(places) != 1)}.**"
    if not len(places):
        st.markdown(f"{what} This never happened.")
        return
    more = f" The {MOST_PICTURES} surest are shown." if len(places) > MOST_PICTURES else ""
    st.markdown(f"{what} Below each, how sure the network was of its answer.{more}")
    shown = places[:MOST_PICTURES]
    captions = [share(sure) for sure in judged.confidence[shown]]
    alts = [f"true {names[true]}, predicted {names[said]} with {caption}" for caption in captions]
    show_pictures(data, rows[shown], captions, alts)


def show_pictures(data: str, rows: np.ndarray, captions: list[str], alts: list[str]) -> None:
    """Pictures of a data set with a line below each; where the set is not here, the sentence that says so."""
    try:
        pictures = catalogue.load(data).pictures
    except DataError as error:
        st.info(f"The pictures themselves cannot be shown. {error}")
        return
    st.html(gallery(pictures[rows], captions, alts))
