"""Reads an experiment from an uploaded file."""

import json

from core.data import catalogue
from core.experiment.experiment import Experiment, ExperimentError, from_json


def read(content: bytes) -> Experiment:
    """Raises ExperimentError, worded for someone who did not write the file, or DataError."""
    try:
        text = content.decode("utf-8-sig")
        json.loads(text)
    except UnicodeDecodeError:
        raise ExperimentError("this is not a text file; an experiment is a JSON file.") from None
    except json.JSONDecodeError as error:
        raise ExperimentError(f"this file is not valid JSON: there is an error in line {error.lineno:,}.") from None
    except (ValueError, RecursionError):
        raise ExperimentError("this file is not an experiment.") from None
    experiment = from_json(text)
    catalogue.describe(experiment.data.name)
    return experiment
