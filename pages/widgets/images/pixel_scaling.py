"""What becomes of every pixel's largest value under a scaling, with mean and deviation of real MNIST digits."""

import streamlit as st
from pydantic import Field

from core.demos.images import pixel_statistics
from core.lessons.vocabulary.starting import PIXELS
from core.spec import Spec
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.inputs import number_of
from pages.ui.translations import words


CONTROLS = ("rule", "number")
STARTS = {"epsilon": 0.0001, "floor": 8.0}
WORDS = {
    "en": {
        "rule": "Scaling",
        "raw": "none: 0 to 255",
        "unit": "divide by 255",
        "global": "one mean and deviation for all",
        "epsilon": "each pixel: (x − m) / (s + ε)",
        "floor": "each pixel: (x − m) / max(s, floor)",
        "epsilon_number": "ε",
        "floor_number": "floor",
        "positive": "This must be a positive number.",
        "map": "The largest value of each pixel in new digits, scaled",
        "label": "28 by 28 pixels: arrow keys go to another one",
        "pixel": "Pixel {i}, {j}",
        "mean": "mean m",
        "std": "deviation s",
        "value": "largest new value x",
        "scaled": "scaled",
        "most": "largest of all",
        "keys": "Point at a pixel, or focus the picture and use the arrow keys.",
        "table": "The picture as a table",
        "made": "Mean and deviation of {training:,} {data} digits, largest values of {others:,} others; recorded {date}: {command}",
    },
    "de": {
        "rule": "Skalierung",
        "raw": "keine: 0 bis 255",
        "unit": "durch 255",
        "global": "ein Mittel und eine Streuung für alle",
        "epsilon": "jeder Punkt: (x − m) / (s + ε)",
        "floor": "jeder Punkt: (x − m) / max(s, Boden)",
        "epsilon_number": "ε",
        "floor_number": "Boden",
        "positive": "Das muss eine positive Zahl sein.",
        "map": "Der größte Wert jedes Punktes in neuen Ziffern, skaliert",
        "label": "28 mal 28 Punkte: Pfeiltasten gehen zu einem anderen",
        "pixel": "Punkt {i}, {j}",
        "mean": "Mittel m",
        "std": "Streuung s",
        "value": "größter neuer Wert x",
        "scaled": "skaliert",
        "most": "größter von allen",
        "keys": "Zeige auf einen Punkt, oder wähle das Bild und nimm die Pfeiltasten.",
        "table": "Das Bild als Tabelle",
        "made": "Mittel und Streuung von {training:,} {data}-Ziffern, größte Werte von {others:,} anderen; aufgezeichnet {date}: {command}",
    },
}


class Options(Spec):
    rule: str = Field(default="unit", pattern=f"^({'|'.join(pixel_statistics.RULES)})$")
    controls: tuple[str, ...] = CONTROLS


def show(options: Options, key: str) -> None:
    texts = words(WORDS)
    found = pixel_statistics.read(PIXELS)
    rule, number = choose(options, key, texts)
    if not isinstance(number, float) or number <= 0:
        st.error(texts["positive"])
        return
    scaled = pixel_statistics.scaled_largest(found, rule, number)
    component(__file__)(
        key=f"{key}-pixels",
        data={
            "mean": found.mean,
            "std": found.std,
            "largest": found.largest,
            "scaled": scaled.tolist(),
            "most": float(scaled.max()),
            "words": texts,
        },
    )
    told = {"training": found.training, "others": found.others, "data": found.data, "date": found.date[:10]}
    st.markdown(f":small[{texts['made'].format(**told, command=f'`{found.command}`')}]")


def choose(options: Options, key: str, texts: dict[str, str]):
    rule = options.rule
    if "rule" in options.controls and not hidden("rule"):
        rules = pixel_statistics.RULES
        rule = st.selectbox(
            texts["rule"], rules, rules.index(rule), format_func=texts.get, key=f"{key}-rule", bind="query-params"
        )
    if rule not in STARTS or "number" not in options.controls or hidden("number"):
        return rule, STARTS.get(rule, 1.0)
    text = st.text_input(texts[f"{rule}_number"], f"{STARTS[rule]:g}", key=f"{key}-{rule}-number", width=200)
    return rule, number_of(text)
