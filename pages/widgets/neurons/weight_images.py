"""Ten weights pictures of a network without a hidden layer, at several steps of a recorded training."""

from base64 import b64encode

import numpy as np

from core.numerics.losses import softmax
from core.recordings.arrays import RecordedArrays
from core.spec import Spec
from pages.recorded.arrays import load
from pages.ui.component import component
from pages.ui.provenance import origin
from pages.ui.translations import words


RECORDING = "weight-images"
WORDS = {
    "en": {
        "step": "training step",
        "weights": "The weights of each output, as a picture",
        "means": "The average picture of each class",
        "differences": "The class average minus the average of all",
        "compare": "Below them",
        "nothing": "nothing",
        "accuracy": "{p} % of the test pictures right",
        "alike": "Mean correlation of the weight pictures with the class averages {a}, with the differences {b}.",
        "input": "A test digit",
        "another": "Another digit",
        "label": "Weight pictures: arrow keys move to another pixel",
        "pixel": "row {i}, column {j}: pixel {x}",
        "answers": "Its ten logits, and the probabilities",
        "tip": "Blue: ink here speaks for the digit. Orange: against it. Point at a weight picture, or use the arrow keys.",
        "heard": "Row {i}, column {j}: weights {w}",
        "table": "The weights of this pixel, and the logits",
        "digit": "digit",
        "weight": "weight",
        "logit": "logit",
        "probability": "probability",
    },
    "de": {
        "step": "Trainingsschritt",
        "weights": "Die Gewichte jeder Ausgabe, als Bild",
        "means": "Das mittlere Bild jeder Klasse",
        "differences": "Das Klassenmittel minus das Mittel aller",
        "compare": "Darunter",
        "nothing": "nichts",
        "accuracy": "{p} % der Testbilder richtig",
        "alike": "Mittlere Korrelation der Gewichtsbilder mit den Klassenmitteln {a}, mit den Differenzen {b}.",
        "input": "Eine Testziffer",
        "another": "Eine andere Ziffer",
        "label": "Gewichtsbilder: Pfeiltasten gehen zu einem anderen Pixel",
        "pixel": "Zeile {i}, Spalte {j}: Pixel {x}",
        "answers": "Ihre zehn Logits, und die Wahrscheinlichkeiten",
        "tip": "Blau: Tinte hier spricht für die Ziffer. Orange: gegen sie. Zeige auf ein Gewichtsbild, oder nimm die Pfeiltasten.",
        "heard": "Zeile {i}, Spalte {j}: Gewichte {w}",
        "table": "Die Gewichte dieses Pixels, und die Logits",
        "digit": "Ziffer",
        "weight": "Gewicht",
        "logit": "Logit",
        "probability": "Wahrscheinlichkeit",
    },
}


class Options(Spec):
    """Nothing to choose: one recording."""


def show(options: Options, key: str) -> None:
    found, texts = load(RECORDING), words(WORDS)
    component(__file__)(key=f"{key}-weights", data=data(found, texts))
    origin(found)


def data(found: RecordedArrays, texts: dict[str, str]) -> dict:
    """Weight pictures as bytes (levels, with their step); the small numbers in full."""
    steps = found.numbers["steps"]
    logits = found.array("logits")
    return {
        "steps": steps,
        "weights": [sent(found.packed[f"weights-{step}"]) for step in steps],
        "means": sent(found.packed["means"]),
        "differences": sent_array(found.array("means") - found.array("mean")),
        "pictures": sent(found.packed["pictures"]),
        "labels": found.numbers["labels"],
        "logits": logits.tolist(),
        "probabilities": np.stack([softmax(some) for some in logits]).round(4).tolist(),
        **{name.replace("-", "_"): found.numbers[name] for name in ("accuracy", "like-means", "like-differences")},
        "words": texts,
    }


def sent(packed) -> dict:
    return {"step": packed.step, "levels": packed.levels, "count": packed.shape[0]}


def sent_array(values: np.ndarray) -> dict:
    step = float(np.abs(values).max()) / 127
    levels = b64encode(np.rint(values / step).astype(np.int8).tobytes()).decode()
    return {"step": step, "levels": levels, "count": len(values)}
