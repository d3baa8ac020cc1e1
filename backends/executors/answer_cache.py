"""Keeps the answers given last, up to a number of bytes."""

import threading
from collections import OrderedDict

from core.arrays import Array


class AnswerCache:
    """Least recently used answers leave first; safe to use from several threads."""

    def __init__(self, most_bytes: int = 256 * 2**20) -> None:
        self._most_bytes = most_bytes
        self._answers: OrderedDict[str, dict[str, Array]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> dict[str, Array] | None:
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def keep(self, key: str, answer: dict[str, Array]) -> None:
        """Keeps the answer unless it alone is too large; makes its arrays read-only."""
        for values in answer.values():
            values.setflags(write=False)
        with self._lock:
            self._answers[key] = answer
            while sum(map(_size, self._answers.values())) > self._most_bytes:
                self._answers.popitem(last=False)


def _size(answer: dict[str, Array]) -> int:
    return sum(values.nbytes for values in answer.values())
