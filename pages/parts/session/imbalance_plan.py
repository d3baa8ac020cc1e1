"""The settings of a comparison of remedies, kept as typed, valid or not."""

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
    "times": "most copies of an image",
    "deviation": "noise (grey levels)",
    "pixels": "largest shift (pixels)",
    "degrees": "largest rotation (degrees)",
    "gamma": "gamma of the focal loss",
    "tau": "tau of logit adjustment",
    "steps": "steps",
}
"""{field of an experiment: its label on the Imbalance page}, for error messages."""
MOST_SEEDS = 20
RARE_DIGIT = 8
FIRST_REMEDIES = ("none", "undersample", "class-weights", "transformed-copies")


@dataclass
class Plan:
    draft: Draft
    remedies: list[str]
    numbers: dict
    """As typed; core.experiment.imbalance_remedies.Numbers documents them."""
    seeds: int | str = 3
    steps: int | str = 150
    backend: str = "reference"
    device: str = "cpu"
    group: str | None = None
    """The comparison being shown."""
    refused: list[str] = field(default_factory=list)
    draws: int = 50
    """Number of draws in the resampling simulation."""

    @classmethod
    def first(cls) -> "Plan":
        """Small real digits, one class of which is rare. They need no download, and in under a minute class weights and
        undersampling change its recall by more than the seed does. With three seeds, or with all 28 × 28 pixels, the
        difference is usually not that clear."""
        plan = cls(Draft.of(presets.experiment("small-keras-cnn", "digits")), list(FIRST_REMEDIES), asdict(Numbers()))
        plan.draft.preset = "small-keras-cnn"
        installed = backend_labels.installed()
        plan.backend = "pytorch" if "pytorch" in installed else installed[0]
        plan.choose("digits-16x16", {"kind": "counts", "keep": {RARE_DIGIT: 5}, "others": None}, 150, seeds=5)
        return plan

    def choose(self, data: str, imbalance: dict, steps: int, seeds: int = 3) -> None:
        """Changes the data set and how it is made imbalanced."""
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
        """FER2013 if it is on this computer, otherwise drawn faces with the same class shares."""
        available = catalogue.missing(fer2013.ENTRY.name) is None
        self.choose(fer2013.ENTRY.name if available else faces.ENTRY.name, {"kind": "none"}, 300)

    def illness_story(self) -> None:
        self.choose("screening", {"kind": "none"}, 300)

    @property
    def chosen(self) -> list[Remedy]:
        """In the order of the list."""
        return [remedy for remedy in remedies(Numbers(**self.numbers)).values() if remedy.name in self.remedies]

    def problems(self) -> list[str]:
        """What must be fixed before training can start; problems with the data are reported beside the class counts."""
        report = self.draft.check()
        results = [it.sentence for it in [*report.layers.values(), *report.general] if it.field != "data"]
        if not isinstance(self.seeds, int) or not 1 <= self.seeds <= MOST_SEEDS:
            results.append(f"seeds: enter a whole number from 1 to {MOST_SEEDS}")
        if len(self.remedies) < 2:
            results.append("choose at least two remedies to compare")
        return results or self._refused(report)

    def _refused(self, report: Report) -> list[str]:
        if any(problem.field == "data" for problem in report.general):
            return []
        try:
            self.experiments()
        except ExperimentError as error:
            cause = error.__context__  # `changed` worded the error for a file; the cause can be worded for this page
            return [describe_error(cause, NUMBERS) if isinstance(cause, ValidationError) else str(error)]
        return []

    def experiments(self) -> list[Experiment]:
        """All remedies with the first seed, then with the next one, and so on. Raises ExperimentError."""
        plain = self.draft.check().experiment
        if plain is None or not isinstance(self.seeds, int):
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
