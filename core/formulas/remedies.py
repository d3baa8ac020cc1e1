"""Class imbalance and its remedies as LaTeX formulas with the current class counts, a few lines each."""

import numpy as np
from pydantic import TypeAdapter

from core.arrays import Array
from core.data.preparation.augmentation import Noise
from core.data.preparation.class_imbalance import Counts, LongTail, NoImbalance, Shares
from core.data.preparation.class_resampling import (
    AnyBalance,
    Balance,
    NoisyCopies,
    TransformedCopies,
    Undersample,
    counts_after,
)
from core.experiment.imbalance_remedies import PLAIN, Remedy
from core.formulas import augmentation as augmentation_formulas, recipe as formulas
from core.formulas.balance import each_class_in_a_batch
from core.formulas.recipe import number
from core.recipe.class_weights import balanced
from core.recipe.losses import Focal, LogitAdjusted, Loss


SURE = 0.9
"""The probability for which the focal loss is computed as an example."""
CLASSES_SHOWN = 3


def remedy_formula(remedy: Remedy, counts: Array, batch_size: int) -> list[str]:
    """One formula per line, for training images with these counts (K,) per class. Raises ValidationError for invalid
    parameters."""
    fields = PLAIN | remedy.fields
    balance: AnyBalance = TypeAdapter(Balance).validate_python(fields["data.balance"])
    loss = TypeAdapter(Loss).validate_python(fields["training.loss"])
    counts = np.asarray(counts)
    there = counts[counts > 0]
    if "data.balance" in remedy.fields:
        return [_new_counts(balance, counts), *_copies(balance)]
    if "training.class_weights" in remedy.fields:
        weight = number(round(float(balanced(there).max()), 4))
        return [
            r"w_k = \dfrac{N}{K\,n_k},\quad w_{\text{rarest}} = "
            rf"\dfrac{{{there.sum()}}}{{{len(there)} \cdot {there.min()}}} = {weight}"
        ]
    if fields["training.order"] == "balanced":
        return [each_class_in_a_batch(batch_size, len(there)) + r"\text{ of each class in a batch}"]
    match loss:
        case Focal():
            return [formulas.loss(loss), _focal(loss)]
        case LogitAdjusted(tau=tau):
            return [formulas.loss(loss), _priors(tau, there)]
    return [
        rf"N = {there.sum()},\quad n_{{\text{{largest}}}} = {there.max()},\quad n_{{\text{{rarest}}}} = {there.min()}"
    ]


def imbalance_formula(it: NoImbalance | Counts | Shares | LongTail, there: Array) -> str:
    """How many of the `there` (K,) training images of each class stay; n' is what is left of n."""
    match it:
        case NoImbalance():
            return rf"n'_k = n_k,\quad N = {there.sum()}"
        case LongTail(ratio=ratio):
            last = len(there) - 1
            return rf"n'_k = {there.max()} \cdot {number(ratio)}^{{-k / {last}}},\quad k = 0 \dots {last}"
        case Counts(keep=keep, others=others):
            rest = [rf"n'_k = {others}\text{{ for the others}}"] if others else []
            return _listed([_kept(k, kept, there) for k, kept in keep.items()] + rest)
        case Shares(keep=keep):
            return _listed(
                [rf"n'_{{{k}}} = {number(share)} \cdot {there[k]}" for k, share in keep.items() if k < len(there)]
            )
    raise TypeError(f"no formula for {type(it).__name__}")


def _kept(k: int, kept: int, there: Array) -> str:
    before = rf"n_{{{k}}} = {there[k]},\; " if k < len(there) else ""
    return rf"{before}n'_{{{k}}} = {kept}"


def _listed(terms: list[str]) -> str:
    shown = terms[:CLASSES_SHOWN] + [r"\dots"] * (len(terms) > CLASSES_SHOWN)
    return r",\quad ".join(shown) if terms else r"n'_k = n_k"


def _new_counts(balance: AnyBalance, counts: Array) -> str:
    """n' of the rarest class (with undersampling, of the largest), and the total."""
    after, there = counts_after(balance, counts), counts[counts > 0]
    if isinstance(balance, Undersample):
        rule, position = rf"n'_k = \min_j n_j = {there.min()}", int(counts.argmax())
    else:
        times = getattr(balance, "times", None)
        most = rf"\max_j n_j = {there.max()}"
        rule = rf"n'_k = {most}" if times is None else rf"n'_k = \min({there.max()},\, {times}\,n_k)"
        position = int(np.where(counts > 0, counts, counts.max() + 1).argmin())
    change = rf"{counts[position]} \to {after[position]}"
    return rf"{rule},\quad {change},\quad N = {counts.sum()} \to {after.sum()}"


def _copies(balance: AnyBalance) -> list[str]:
    """The formulas of the transforms applied to each copy."""
    match balance:
        case NoisyCopies(deviation=deviation):
            return [augmentation_formulas.formula(Noise(deviation=deviation))]
        case TransformedCopies(transforms=transforms):
            return [augmentation_formulas.formula(transform) for transform in transforms]
    return []


def _focal(loss: Focal) -> str:
    counted = number(float(f"{(1 - SURE) ** loss.gamma:.3g}"))
    return rf"p_y = {SURE}:\quad (1 - {SURE})^{{{number(loss.gamma)}}} = {counted}\text{{ times as much}}"


def _priors(tau: float, there: Array) -> str:
    """What is added to the logits of the rarest and the largest class."""
    added = [
        rf"{number(tau)} \log\dfrac{{{count}}}{{{there.sum()}}} = {tau * np.log(count / there.sum()):.2f}"
        for count in (there.min(), there.max())
    ]
    return rf"\text{{rarest: }}{added[0]},\quad \text{{largest: }}{added[1]}"
