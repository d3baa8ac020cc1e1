"""Recorded remedies against a rare class: every seed's scores, their means, and what the rare pictures were taken for."""

import streamlit as st

from core.figures.remedies import scores
from core.remedies import remedies
from core.spec import Spec
from core.vocabulary.measured_tables import SCORES, measured_numbers, remedy_numbers
from pages.parts.live_chart import chart
from pages.parts.tables import table
from pages.parts.words import share
from pages.widgets import words


NAME = "rare-eight"
WORDS = {
    "en": {
        "title": "How often the 8 is found, and how often the network is right in all: small marks are seeds, large ones means",
        "remedy": "remedy",
        "recall": "recall of 8",
        "precision": "precision of 8",
        "balanced": "balanced accuracy",
        "accuracy": "accuracy",
        "macro_f1": "macro F1",
        "said": "said {digit}",
        "taken": "What the eights of the test were taken for, all seeds together",
        "lab": "Make any data imbalanced, and train with these remedies: the lab's page Imbalance",
    },
    "de": {
        "title": "Wie oft die 8 gefunden wird, und wie oft das Netz überhaupt recht hat: kleine Marken Läufe, große Mittel",
        "remedy": "Mittel",
        "recall": "gefundene 8",
        "precision": "Genauigkeit der 8",
        "balanced": "ausgewogene Treffer",
        "accuracy": "Treffer",
        "macro_f1": "Makro-F1",
        "said": "sagte {digit}",
        "taken": "Wofür die Achten des Tests gehalten wurden, alle Läufe zusammen",
        "lab": "Mach beliebige Daten unausgewogen und trainiere mit diesen Mitteln: die Laborseite Imbalance",
    },
}


class Options(Spec):
    """Nothing to choose: the recording says all."""


def show(options: Options, key: str) -> None:
    texts, known = words(WORDS), remedies()
    labels = [known[name].label for name in measured_numbers(NAME, "remedies")]
    found = measured_numbers(NAME, "scores")
    shown = {texts[score]: found[:, :, SCORES.index(score)].tolist() for score in ("recall", "accuracy")}
    means = {score: remedy_numbers(score) for score in SCORES}
    alt = "; ".join(f"{label} {share(value)}" for label, value in zip(labels, means["recall"], strict=True))
    chart(scores(labels, shown), f"{key}-chart", texts["title"], f"{texts['title']}. {texts['recall']}: {alt}.", 420)
    rows = [[f"**{label}**", *(share(means[score][k]) for score in SCORES)] for k, label in enumerate(labels)]
    table([texts["remedy"], *(texts[score] for score in SCORES)], rows, texts["title"])
    with st.expander(texts["taken"]):
        taken = measured_numbers(NAME, "taken").tolist()
        rows = [[f"**{label}**", *(f"{n:,}" for n in row)] for label, row in zip(labels, taken, strict=True)]
        table([texts["remedy"], *(texts["said"].format(digit=k) for k in range(len(taken[0])))], rows, texts["taken"])
    st.page_link("pages/lab/imbalance.py", label=texts["lab"])
