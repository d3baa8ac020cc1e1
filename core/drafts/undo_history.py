"""Undo and redo: the earlier states of the draft."""

from copy import deepcopy
from dataclasses import dataclass, field

from core.drafts.draft import Draft, new_ticket, rows_of


MOST_STEPS = 300


@dataclass
class History:
    past: list[Draft] = field(default_factory=list)
    future: list[Draft] = field(default_factory=list)
    """States that were undone, the next one last."""
    now: Draft | None = None
    """A copy of the draft at the last `note`."""

    def note(self, draft: Draft) -> None:
        """Called at the start of every page run: all changes since the last call are one step."""
        if draft == self.now:
            return
        if self.now is not None:
            self.past = [*self.past, self.now][-MOST_STEPS:]
        self.future, self.now = [], deepcopy(draft)

    def undo(self, draft: Draft) -> Draft:
        """The state before, or the draft itself if there is none."""
        self.note(draft)
        return self._go(self.past, self.future, draft)

    def redo(self, draft: Draft) -> Draft:
        self.note(draft)
        return self._go(self.future, self.past, draft)

    def _go(self, source: list[Draft], target: list[Draft], draft: Draft) -> Draft:
        if not source or self.now is None:
            return draft
        target.append(self.now)
        restored = _with_new_keys(source.pop(), draft)
        self.now = deepcopy(restored)
        return restored


def _with_new_keys(state: Draft, shown: Draft) -> Draft:
    """Gives changed layers and fields new widget keys: the browser still has the old widgets' values."""
    restored = deepcopy(state)
    restored.rows = rows_of([row.layer for row in restored.rows], shown.rows)
    restored.ticket = new_ticket()
    restored.undone = f"-{restored.ticket}"
    return deepcopy(restored)
