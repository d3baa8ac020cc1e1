"""Prepared data of an experiment, and runs that are trained in this process."""

import backends
from core.data import catalogue
from core.data.prepared import prepare
from core.network.initial_weights import initial_weights
from core.runs.trainer import record


def prepared(experiment):
    return prepare(
        catalogue.load(experiment.data.name), experiment.data, experiment.seed, experiment.training.precision
    )


def left_after(run, reports):
    """Train a run until it ends, or for this many reports. -> its ending"""
    left = iter([""] * (reports - 1))
    return record(run, backends.load("reference"), "reference", "cpu", lambda: next(left, "enough"))


def built(experiment):
    weights = initial_weights(experiment.network, experiment.seed, experiment.training.precision)
    return backends.load("reference").build(experiment.network, weights, experiment.training)
