"""Evaluations of real runs on their test images: judgements/NAME.toml -> NAME.json. Recipes are as in runs.py."""

from pathlib import Path

from core.metrics.evaluation import Evaluation
from core.recordings.evaluation import summed_up
from core.runs import predictions
from core.runs.folder import RunError
from tools.record.runs import finished
from tools.record.training import computed_by


def evaluation(recipe: Path) -> dict:
    """The fields of Judged."""
    with finished(recipe) as run:
        recording = predictions.load(run.predictions_path, "test")
        if recording is None:
            raise RunError(f"{recipe.stem}: the run saved no predictions for test images")
        return {
            **computed_by(run.backend),
            "experiment": run.experiment,
            **summed_up(Evaluation(recording.logits, recording.labels)),
        }
