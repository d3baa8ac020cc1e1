"""Pieces of one computation that do not need each other, on all cores at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from core.hardware import CORES


_threads = ThreadPoolExecutor(CORES, thread_name_prefix="maths")


def at_once(work: Callable, pieces: Sequence) -> list:
    """[work(piece), ...] in the pieces' order. Threads, not processes: NumPy lets go of Python's lock while it
    computes. Each piece is computed by one thread from start to end, so the number of cores changes no digit."""
    if len(pieces) == 1:
        return [work(pieces[0])]
    # the context carries np.errstate into the threads
    return [done.result() for done in [_threads.submit(copy_context().run, work, piece) for piece in pieces]]
