"""A recorded network on its test images: reject the doubtful ones, or allow several guesses."""

import streamlit as st
from pydantic import Field, field_validator

from core.experiment.links import to_word
from core.recordings.evaluation import Judged
from core.spec import Spec
from pages.recorded import judgements
from pages.ui.dial import bar, count, curve, dial, frame
from pages.ui.formatting import percent
from pages.ui.provenance import made_when
from pages.ui.translations import words


class Options(Spec):
    """`run` is the name of a file in pages/recorded/judgements; `show` is "reject" or "top"."""

    run: str
    show: str = Field(default="reject", pattern="^(reject|top)$")

    @field_validator("run")
    @classmethod
    def _known(cls, run):
        if run not in judgements.names():
            raise ValueError(f"there is no recorded judgement {run!r}; choose from {', '.join(judgements.names())}")
        return run


def show(options: Options, key: str) -> None:
    texts, result = words(__file__), judgements.load(options.run)
    (reject if options.show == "reject" else top)(result, key, texts)
    st.markdown(f":small[{result.experiment.title}; {made_when(result)}]")
    st.page_link("pages/lab/build.py", label=texts["live"], query_params={"experiment": to_word(result.experiment)})
    with st.expander(texts["how"]):
        st.code(result.command, language="bash")


def reject(evaluation: Judged, key: str, texts: dict[str, str]) -> None:
    points = evaluation.rejection
    frames = [
        frame(
            f"{100 * point.threshold:.1f} %",
            [
                [texts["refused"], "", percent(point.refused)],
                [texts["error"], "", f"{100 * point.error:.2f} %"],
            ],
            bars=[
                bar(texts["kept"], 1 - point.refused, texts["answered"], texts["unanswered"]),
                bar(texts["answers"], 1 - point.error, texts["right"], texts["wrong"]),
            ],
            marks=[[point.refused, point.error]],
            row=[f"{100 * point.threshold:.1f} %", percent(point.refused), f"{100 * point.error:.2f} %"],
        )
        for point in points
    ]
    ends = {"right": points[-1].refused, "top": points[0].error, "percent": True}
    line = [(point.refused, point.error) for point in points]
    dial(
        f"{key}-dial",
        texts["reject"],
        frames,
        0,
        charts=[curve(texts["few"], texts["refused"], texts["error"], line, **ends)],
        columns=[texts["reject"], texts["refused"], texts["error"]],
    )


def top(evaluation: Judged, key: str, texts: dict[str, str]) -> None:
    line = [(k, 1 - share) for k, share in enumerate(evaluation.top, 1)]
    frames = [
        frame(
            str(k),
            [[texts["top error"].format(k=k), f"1 − {percent(1 - miss)}", f"{100 * miss:.2f} %"]],
            bars=[bar(texts["covered"], 1 - miss, texts["among"], texts["missing"])],
            marks=[[k, miss]],
            row=[count(k), f"{100 * miss:.2f} %"],
        )
        for k, miss in line
    ]
    ends = {"right": len(line), "top": line[0][1], "percent": True, "counted": True}
    dial(
        f"{key}-dial",
        texts["top"],
        frames,
        0,
        charts=[curve(texts["several"], texts["guesses"], texts["miss"], line, **ends)],
        columns=[texts["guesses"], texts["miss"]],
    )
