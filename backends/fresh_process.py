"""Questions answered by one fresh process a backend, so that no two frameworks ever share a process."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict
from multiprocessing import active_children, get_context

import backends
from core.backend import BackendError
from core.experiment.experiment import Experiment
from core.runs.trainer import EXPECTED, describe_error
from core.training import parity


def each(question, calls: list[tuple]) -> list:
    """The answers of `question(*call)`, all asked at the same time. Raises what they raise, or BackendError."""
    pool = ProcessPoolExecutor(
        len(calls),
        mp_context=get_context("spawn"),
        max_tasks_per_child=1,
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    with no_chatter(), pool:
        try:
            return [future.result() for future in [pool.submit(question, *call) for call in calls]]
        except BrokenProcessPool:
            raise BackendError("a backend's process ended without a word (killed, or out of memory)") from None
        except KeyboardInterrupt:
            for process in active_children():
                process.terminate()
            raise


def look_at(name: str) -> dict:
    """Label, version and devices of a backend, or the problem with it."""
    entry = {"name": name, "label": backends.about(name).LABEL, "version": backends.version(name)}
    try:
        devices = backends.load(name).devices()
    except BackendError as error:
        return {**entry, "devices": [], "problem": str(error)}
    return {**entry, "devices": [asdict(device) for device in devices], "problem": None}


def first_steps(name: str, experiment: Experiment):
    """(losses, weights after them). What a framework raises comes back as BackendError."""
    try:
        return parity.first_steps(backends.load(name), experiment)
    except EXPECTED:
        raise
    except Exception as error:
        raise BackendError(describe_error(error, backends.about(name).LABEL)) from None


@contextmanager
def no_chatter():
    """What a framework prints from below Python about the machine it found is not for the user of a command: the
    standard error is for our one sentence."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
