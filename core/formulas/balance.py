"""How much each class counts in training, in words and formulas: class weights, orders, batches, precision."""

from core.formulas.recipe import number
from core.recipe.class_weights import AnyWeights, BalancedWeights, CustomWeights
from core.recipe.training import TrainingRecipe
from core.training.loop import steps_per_epoch, total_steps


WEIGHTS = {
    "equal": "Every image counts once in the loss.",
    "balanced": "An image of class k counts N / (K nₖ) times: all classes have the same total weight.",
    "custom": "An image of class k counts wₖ times in the loss; with 0 the network does not learn the class.",
}
ORDERS = {
    "shuffled": "Every epoch uses each image once, in a new order.",
    "fixed": "Every epoch uses each image once, always in the same order.",
    "with replacement": "Each image is drawn from all: an epoch uses some twice and others not at all.",
    "balanced": "Every batch of B has each of the K classes equally often, to within one: rare images return sooner.",
}
ROW_ORDERS = {
    "file": "The order of the file: its first images form the training set, whatever the seed.",
    "random": "The seed decides which images go into training and validation; a rare class may be under-represented.",
    "stratified": "Drawn by the seed, but every class has the same share in training and validation.",
}
PRECISIONS = {
    "float32": "About 7 digits, the usual choice. Backends add in different orders, so their curves drift apart.",
    "float64": "About 16 digits: slower, but the backends' curves stay together.",
}
PER_LINE, SHOWN = 3, 9
"""How many weights a formula shows, in a line and in all."""


def weighted_loss(it: AnyWeights, summed: bool) -> str:
    """LaTeX of the loss of a batch of B images; L_i is the loss of image i, y_i its class, counted from 0."""
    share = "" if summed else r"\frac{1}{B} "
    match it:
        case CustomWeights(weights=weights):
            lines = [rf"L &= {share}\sum_i w_{{y_i}} L_i", *_other_than_one(weights)]
            return r"\begin{aligned} " + r" \\[4pt] ".join(lines) + r" \end{aligned}"
        case BalancedWeights():
            return rf"L = {share}\sum_i \frac{{N}}{{K\,n_{{y_i}}}} L_i"
    return rf"L = {share}\sum_i L_i"


def batches(recipe: TrainingRecipe, rows: int) -> str:
    """How many batches an epoch has, and how many steps training has: words with LaTeX. Raises ExperimentError if there
    are no batches."""
    each = steps_per_epoch(recipe, rows)
    left, right = (r"\lfloor", r"\rfloor") if recipe.drop_last else (r"\lceil", r"\rceil")
    text = rf"An epoch has ${left} {rows} / {recipe.batch_size} {right} = {each}$ batches"
    if recipe.steps:
        return f"{text}; training ends after step {recipe.steps:,}."
    return rf"{text}, in all ${recipe.epochs} \cdot {each} = {total_steps(recipe, rows)}$ steps."


def last_batch(recipe: TrainingRecipe, rows: int) -> str:
    """What happens in each epoch to the images that do not fill a batch."""
    rest = rows % recipe.batch_size
    if not rest:
        return "Every batch is full."
    if recipe.drop_last:
        return f"{rest:,} of {rows:,} images are left out in each epoch; with shuffling, different ones each time."
    effect = (
        "its step is smaller" if recipe.loss.reduction == "sum" else "each counts more than an image of a full batch"
    )
    return f"The last batch of an epoch has {rest:,} images: {effect}."


def each_class_in_a_batch(batch_size: int, classes: int) -> str:
    return rf"\frac{{B}}{{K}} = \frac{{{batch_size}}}{{{classes}}} = {number(batch_size / classes)}"


def _other_than_one(weights: tuple[float, ...]) -> list[str]:
    """Lines of a few weights each, and the value of the others."""
    terms = [rf"w_{{{index}}} = {number(weight)}" for index, weight in enumerate(weights) if weight != 1]
    shown = terms[:SHOWN]
    lines = [r"&\ " + r",\ ".join(shown[start : start + PER_LINE]) for start in range(0, len(shown), PER_LINE)]
    if len(terms) > SHOWN:
        return [*lines, r"&\ \dots"]
    rest = r"&\ w_k = 1" + (r"\text{ for the others}" if terms else "")
    return lines if len(terms) == len(weights) else [*lines, rest]
