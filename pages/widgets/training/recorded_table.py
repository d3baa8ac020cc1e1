"""Recorded real trainings as a table: accuracy after a few epochs and at the end, with links to train them live."""

import streamlit as st
from pydantic import Field, field_validator

from core.experiment.links import to_word
from core.spec import Spec
from pages import recorded
from pages.ui.formatting import percent
from pages.ui.tables import table
from pages.ui.translations import words


class Options(Spec):
    """`runs` are names of files in pages/recorded, `labels` their labels; `epoch` is the early epoch to show."""

    runs: tuple[str, ...] = Field(min_length=1)
    labels: tuple[str, ...] = Field(min_length=1)
    epoch: int = Field(default=5, ge=1)

    @field_validator("runs")
    @classmethod
    def _known(cls, runs):
        if missing := sorted(set(runs) - set(recorded.names())):
            raise ValueError(f"there is no recorded run {missing[0]!r}; choose from {', '.join(recorded.names())}")
        return runs

    @field_validator("labels")
    @classmethod
    def _one_each(cls, labels, info):
        if len(labels) != len(info.data.get("runs", labels)):
            raise ValueError("give as many labels as runs")
        return labels


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    results = [recorded.load(name) for name in options.runs]
    head = [texts["what"], texts["early"].format(epoch=options.epoch), texts["test"], texts["train"]]
    rows = []
    for run, label in zip(results, options.labels, strict=True):
        early = run.epochs[min(options.epoch, len(run.epochs)) - 1].accuracy
        end = [percent(run.results[part]["accuracy"]) for part in ("test", "train")]
        rows.append([label, percent(early), *end])
    table(head, rows, texts["alt"])
    dates = sorted({run.date[:10] for run in results})
    st.markdown(f":small[{results[0].backend} {results[0].version}, {results[0].device}, {', '.join(dates)}]")
    with st.expander(texts["lab"]):
        for run, label in zip(results, options.labels, strict=True):
            st.page_link("pages/lab/build.py", label=label, query_params={"experiment": to_word(run.experiment)})
    with st.expander(texts["how"]):
        st.code("\n".join(f"{run.command}  # {run.label}" for run in results), language="bash")
