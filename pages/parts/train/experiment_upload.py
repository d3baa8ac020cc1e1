"""Experiments that somebody uploads as a file."""

import json

from core.data import catalogue
from core.experiment.experiment import Experiment, ExperimentError, from_json


def read(content: bytes) -> Experiment:
    """Raises ExperimentError in words for who has not written the file, DataError."""
    try:
        text = content.decode("utf-8-sig")
        json.loads(text)
    except UnicodeDecodeError:
        raise ExperimentError("it is not a text file; an experiment is JSON.") from None
    except json.JSONDecodeError as error:
        raise ExperimentError(f"this file is not JSON: it breaks off in line {error.lineno:,}.") from None
    except (ValueError, RecursionError):
        raise ExperimentError("this file is not an experiment.") from None
    experiment = from_json(text)
    catalogue.describe(experiment.data.name)
    return experiment
