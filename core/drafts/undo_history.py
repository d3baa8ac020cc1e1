"""Every state the draft has been in, to go back to and forward again."""

from copy import deepcopy
from dataclasses import dataclass, field

from core.drafts.draft import Draft, new_ticket, rows_of


MOST_STEPS = 300


@dataclass
class History:
    past: list[Draft] = field(default_factory=list)
    future: list[Draft] = field(default_factory=list)
    """The next one last."""
    now: Draft | None = None
    """The draft as it was last noted."""

    def note(self, draft: Draft) -> None:
        """Called whenever a page begins: what was changed since, wherever and by whatever, is one step."""
        if draft == self.now:
            return
        if self.now is not None:
            self.past = [*self.past, self.now][-MOST_STEPS:]
        self.future, self.now = [], deepcopy(draft)

    def undo(self, draft: Draft) -> Draft:
        """The state before; the same one where there is none."""
        self.note(draft)
        return self._go(self.past, self.future, draft)

    def redo(self, draft: Draft) -> Draft:
        self.note(draft)
        return self._go(self.future, self.past, draft)

    def _go(self, come_from: list[Draft], leave_to: list[Draft], draft: Draft) -> Draft:
        if not come_from or self.now is None:
            return draft
        leave_to.append(self.now)
        there = _shown_anew(come_from.pop(), draft)
        self.now = deepcopy(there)
        return there


def _shown_anew(state: Draft, shown: Draft) -> Draft:
    """Widgets of what differs are new ones: a browser still holds the old ones' values."""
    there = deepcopy(state)
    there.rows = rows_of([row.layer for row in there.rows], shown.rows)
    there.ticket = new_ticket()
    there.undone = f"-{there.ticket}"
    return deepcopy(there)
