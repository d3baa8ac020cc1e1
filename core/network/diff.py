"""What changed between two networks, layer by layer."""

from dataclasses import dataclass
from typing import Any

from core.network.blocks import Layer
from core.network.costs import Cost, costs
from core.network.network import Network


@dataclass(frozen=True)
class Pair:
    """A layer before and after: `before` is None for an added layer, `after` for a removed one."""

    before: Cost | None
    after: Cost | None
    moved: bool = False
    """Its order among the layers that both networks have is different."""

    @property
    def words(self) -> list[str]:
        """The changes, in words; [] if there are none."""
        if self.before is None:
            return ["added"]
        if self.after is None:
            return ["removed"]
        return (["moved"] if self.moved else []) + changes(self.before.step.layer, self.after.step.layer)

    @property
    def parameters(self) -> int:
        """How many parameters were added (negative: removed)."""
        return (self.after.parameters if self.after else 0) - (self.before.parameters if self.before else 0)


def difference(before: Network, after: Network) -> list[Pair]:
    """Pairs in the order of `after`, with removed layers at their old position. Layers with the same name and kind form
    a pair; the rest are paired by kind, in order. Raises NetworkError as `costs` does."""
    old, new = costs(before), costs(after)
    partner = _partners([cost.step.layer for cost in old], [cost.step.layer for cost in new])
    stay = _longest_rising([partner[position] for position in sorted(partner)])
    pairs = [
        Pair(old[partner[index]], cost, partner[index] not in stay) if index in partner else Pair(None, cost)
        for index, cost in enumerate(new)
    ]
    for position in sorted(set(range(len(old))) - set(partner.values())):
        pairs.insert(_index_after(pairs, old[:position]), Pair(old[position], None))
    return pairs


def changes(before: Layer, after: Layer) -> list[str]:
    """["kernel size 5 x 5 -> 3 x 3", ...]; if the kinds differ, only that."""
    if before.kind != after.kind:
        return [f"{before.kind} -> {after.kind}"]
    return [
        f"{field.replace('_', ' ')} {_text(was)} -> {_text(now)}"
        for field in type(after).model_fields
        if field not in ("layers", "rows")  # the layers inside a block have lines of their own
        if (was := getattr(before, field)) != (now := getattr(after, field))
    ]


def _partners(old: list[Layer], new: list[Layer]) -> dict[int, int]:
    """Index in `new` -> index in `old`."""
    known = {(layer.name, layer.kind): index for index, layer in enumerate(old)}
    partner = {
        index: known[layer.name, layer.kind] for index, layer in enumerate(new) if (layer.name, layer.kind) in known
    }
    left = [index for index in range(len(old)) if index not in partner.values()]
    for index, layer in enumerate(new):
        same = next((other for other in left if old[other].kind == layer.kind), None)
        if index not in partner and same is not None:
            partner[index] = same
            left.remove(same)
    return partner


def _longest_rising(positions: list[int]) -> set[int]:
    """The longest rising subsequence: these layers did not move."""
    best: list[list[int]] = [[]]
    for position in positions:
        rising = max((chain for chain in best if not chain or chain[-1] < position), key=len)
        best.append([*rising, position])
    longest = max(best, key=len)
    return set(longest)


def _index_after(pairs: list[Pair], earlier: list[Cost]) -> int:
    """The index after the last of the layers that came earlier."""
    return max((k + 1 for k, pair in enumerate(pairs) if pair.before in earlier), default=0)


def _text(value: Any) -> str:
    """Pairs as 3 x 5, initial weights as their kind with its numbers."""
    if isinstance(value, tuple):
        return " x ".join(map(_text, value))
    if hasattr(value, "kind"):
        numbers = ", ".join(f"{name} {number}" for name, number in value if name != "kind")
        return str(value.kind).replace("_", " ") + (f" ({numbers})" if numbers else "")
    if value is None:
        return "none"
    return f"{value:,}" if isinstance(value, int) else str(value)
