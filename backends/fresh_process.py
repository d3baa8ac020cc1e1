"""Runs functions in one fresh process per backend, so that no two frameworks ever share a process."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict
from multiprocessing import active_children, get_context
from typing import Any

import backends
from core.backend import BackendError, Weights
from core.experiment.experiment import Experiment
from core.runs.trainer import EXPECTED, describe_error
from core.training import parity


def each(function: Callable[..., Any], calls: list[tuple[Any, ...]]) -> list[Any]:
    """`function(*call)` for every call, in parallel, one process each. Raises what they raise, or BackendError if a
    process dies."""
    pool = ProcessPoolExecutor(
        len(calls),
        mp_context=get_context("spawn"),
        max_tasks_per_child=1,
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    with no_chatter(), pool:
        try:
            return [future.result() for future in [pool.submit(function, *call) for call in calls]]
        except BrokenProcessPool:
            raise BackendError("a backend's process ended without a message (killed, or out of memory)") from None
        except KeyboardInterrupt:
            for process in active_children():
                process.terminate()
            raise


def look_at(name: str) -> dict[str, Any]:
    """Label, version and devices of a backend, or the problem with it."""
    entry = {"name": name, "label": backends.about(name).LABEL, "version": backends.version(name)}
    try:
        devices = backends.load(name).devices()
    except BackendError as error:
        return {**entry, "devices": [], "problem": str(error)}
    return {**entry, "devices": [asdict(device) for device in devices], "problem": None}


def first_steps(name: str, experiment: Experiment) -> tuple[list[float], Weights]:
    """(losses, weights after the last step). Raises a framework's own exceptions as BackendError."""
    try:
        return parity.first_steps(backends.load(name), experiment)
    except EXPECTED:
        raise
    except Exception as error:
        raise BackendError(describe_error(error, backends.about(name).LABEL)) from None


@contextmanager
def no_chatter() -> Iterator[None]:
    """Silences what a framework's native code prints about the machine: standard error is reserved for our own
    messages."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
