"""A comparison of remedies while it is being put together: kept as it was typed, right or wrong."""

from dataclasses import asdict, dataclass, field

from pydantic import ValidationError

from core.data import catalogue
from core.data.sources import faces, fer2013
from core.drafts.draft import Draft
from core.drafts.input_errors import describe_error
from core.drafts.validation import Report
from core.experiment import presets
from core.experiment.experiment import Experiment, ExperimentError, changed
from core.experiment.imbalance_remedies import Numbers, Remedy, remedied, remedies
from pages.ui import backend_labels


NUMBERS = {
    "times": "a rare image at most … times",
    "deviation": "noise in grey levels",
    "pixels": "shift at most, pixels",
    "degrees": "turn at most, degrees",
    "gamma": "gamma of the focal loss",
    "tau": "tau of logit adjustment",
    "steps": "steps",
}
"""What an experiment's fields are called here."""
MOST_SEEDS = 20
RARE_DIGIT = 8
FIRST_REMEDIES = ("none", "undersample", "class-weights", "transformed-copies")


@dataclass
class Plan:
    draft: Draft
    remedies: list[str]
    numbers: dict
    """As typed; core.experiment.imbalance_remedies.Numbers says what they are."""
    seeds: int | str = 3
    steps: int | str = 150
    backend: str = "reference"
    device: str = "cpu"
    group: str | None = None
    """The comparison that is looked at."""
    refused: list[str] = field(default_factory=list)
    draws: int = 50
    """Of the resampling simulation."""

    @classmethod
    def first(cls) -> "Plan":
        """Small real digits of which one is rare: without files, and in under a minute class weights and undersampling
        have changed its recall by more than seeds do (over three seeds, or with all 28x28 pixels, mostly not)."""
        plan = cls(Draft.of(presets.experiment("small-keras-cnn", "digits")), list(FIRST_REMEDIES), asdict(Numbers()))
        plan.draft.preset = "small-keras-cnn"
        installed = backend_labels.installed()
        plan.backend = "pytorch" if "pytorch" in installed else installed[0]
        plan.choose("digits-16x16", {"kind": "counts", "keep": {RARE_DIGIT: 5}, "others": None}, 150, seeds=5)
        return plan

    def choose(self, data: str, imbalance: dict, steps: int, seeds: int = 3) -> None:
        """Another data set, and how it is made imbalanced."""
        self.draft.choose_data(data)
        self.draft.data["imbalance"] = imbalance
        self.draft.training["batch_size"] = 32
        self.steps, self.seeds = steps, seeds

    def choose_remedy(self, name: str, chosen: bool) -> None:
        others = [remedy for remedy in self.remedies if remedy != name]
        self.remedies = [*others, name] if chosen else others

    def choose_data(self, name: str) -> None:
        self.draft.choose_data(name)
        self.draft.data["imbalance"] = {"kind": "none"}

    def fer_story(self) -> None:
        """FER2013 where it is, else the drawn faces with its shares."""
        here = catalogue.missing(fer2013.ENTRY.name) is None
        self.choose(fer2013.ENTRY.name if here else faces.ENTRY.name, {"kind": "none"}, 300)

    def illness_story(self) -> None:
        self.choose("screening", {"kind": "none"}, 300)

    @property
    def chosen(self) -> list[Remedy]:
        """In the order of the list."""
        return [remedy for remedy in remedies(Numbers(**self.numbers)).values() if remedy.name in self.remedies]

    def problems(self) -> list[str]:
        """What must be mended before it can start; what the data lack is said where they are counted."""
        report = self.draft.check()
        results = [it.sentence for it in [*report.layers.values(), *report.general] if it.field != "data"]
        if not isinstance(self.seeds, int) or not 1 <= self.seeds <= MOST_SEEDS:
            results.append(f"seeds: enter a whole number from 1 to {MOST_SEEDS}")
        if len(self.remedies) < 2:
            results.append("choose two remedies or more: one alone is compared with nothing")
        return results or self._refused(report)

    def _refused(self, report: Report) -> list[str]:
        if any(problem.field == "data" for problem in report.general):
            return []
        try:
            self.experiments()
        except ExperimentError as error:
            wrong = error.__context__  # what `changed` put into words for a file
            return [describe_error(wrong, NUMBERS) if isinstance(wrong, ValidationError) else str(error)]
        return []

    def experiments(self) -> list[Experiment]:
        """Every remedy with the first seed, then with the next one. Raises ExperimentError."""
        plain = self.draft.check().experiment
        if plain is None:
            raise ExperimentError("the experiment is not complete")
        return [
            changed(
                remedied(plain, remedy),
                seed=seed,
                title=f"{remedy.label}, seed {seed}",
                **{"training.steps": self.steps},
            )
            for seed in range(1, self.seeds + 1)
            for remedy in self.chosen
        ]
