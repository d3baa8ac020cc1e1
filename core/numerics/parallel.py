"""Independent pieces of one computation, on all cores in parallel."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from core.hardware import CORES


Piece = TypeVar("Piece")
Result = TypeVar("Result")

_threads = ThreadPoolExecutor(CORES, thread_name_prefix="maths")


def in_parallel(work: Callable[[Piece], Result], pieces: Sequence[Piece]) -> list[Result]:
    """[work(piece), ...] in the order of the pieces. Threads are enough, because NumPy releases Python's lock while it
    computes. Each piece is computed by a single thread, so the number of cores does not change the result."""
    if len(pieces) == 1:
        return [work(pieces[0])]
    # a copied context carries np.errstate into the threads
    futures = [_threads.submit(copy_context().run, work, piece) for piece in pieces]
    return [future.result() for future in futures]
