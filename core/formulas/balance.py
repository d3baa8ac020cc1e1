"""How much each class counts in training, in words and formulas with the current numbers: class weights, batch orders."""

from core.formulas.recipe import number
from core.recipe.class_weights import AnyWeights, BalancedWeights, CustomWeights
from core.recipe.training import TrainingRecipe
from core.training.loop import steps_per_epoch, total_steps


WEIGHTS = {
    "equal": "Every image counts once in the loss.",
    "balanced": "An image of class k counts N / (K nₖ) times: all classes weigh the same, however many images they have.",
    "custom": "An image of class k counts wₖ times in the loss; with 0 the class is not learnt at all.",
}
ORDERS = {
    "shuffled": "Every epoch sees each image once, in an order of its own.",
    "fixed": "Every epoch sees each image once, always in the same order.",
    "with replacement": "Each image is drawn from all: an epoch sees some twice and others not at all.",
    "balanced": "Every batch of B has each of the K classes equally often, to within one: rare images come again sooner.",
}
ROW_ORDERS = {
    "file": "As the file has them: its first images train, the same ones whatever the seed.",
    "random": "The seed draws which images train and which validate; a rare class may fall short.",
    "stratified": "Drawn by the seed, but every class has its share in each part, as in all images together.",
}
PRECISIONS = {
    "float32": "About 7 digits, as networks are trained. Backends add up in other orders, so their curves drift apart.",
    "float64": "About 16 digits: slower, but the backends' curves stay together.",
}
IN_A_LINE, SHOWN = 3, 9
"""Weights that stand in a formula."""


def weighted_loss(it: AnyWeights, summed: bool) -> str:
    """Of a batch of B images; L_i is the loss of image i, y_i its class, counted from 0."""
    share = "" if summed else r"\frac{1}{B} "
    match it:
        case CustomWeights(weights=weights):
            lines = [rf"L &= {share}\sum_i w_{{y_i}} L_i", *_other_than_one(weights)]
            return r"\begin{aligned} " + r" \\[4pt] ".join(lines) + r" \end{aligned}"
        case BalancedWeights():
            return rf"L = {share}\sum_i \frac{{N}}{{K\,n_{{y_i}}}} L_i"
    return rf"L = {share}\sum_i L_i"


def batches(recipe: TrainingRecipe, rows: int) -> str:
    """How many batches an epoch has, and how many steps that makes: words with LaTeX in them. Raises ExperimentError
    where there are none."""
    each = steps_per_epoch(recipe, rows)
    left, right = (r"\lfloor", r"\rfloor") if recipe.drop_last else (r"\lceil", r"\rceil")
    said = rf"An epoch has ${left} {rows} / {recipe.batch_size} {right} = {each}$ batches"
    if recipe.steps:
        return f"{said}; training ends after step {recipe.steps:,}."
    return rf"{said}, in all ${recipe.epochs} \cdot {each} = {total_steps(recipe, rows)}$ steps."


def last_batch(recipe: TrainingRecipe, rows: int) -> str:
    """What becomes of the images that fill no batch, each epoch."""
    rest = rows % recipe.batch_size
    if not rest:
        return "Every batch is full."
    if recipe.drop_last:
        return f"{rest:,} of {rows:,} images are left out in each epoch, others each time where they are shuffled."
    meant = (
        "its step is smaller" if recipe.loss.reduction == "sum" else "each of them counts more than one in a full batch"
    )
    return f"The last batch of an epoch has {rest:,} images: {meant}."


def each_class_in_a_batch(batch_size: int, classes: int) -> str:
    return rf"\frac{{B}}{{K}} = \frac{{{batch_size}}}{{{classes}}} = {number(batch_size / classes)}"


def _other_than_one(weights: tuple[float, ...]) -> list[str]:
    """Lines of a few weights each, and what the others are."""
    said = [rf"w_{{{index}}} = {number(weight)}" for index, weight in enumerate(weights) if weight != 1]
    shown = said[:SHOWN]
    lines = [r"&\ " + r",\ ".join(shown[at : at + IN_A_LINE]) for at in range(0, len(shown), IN_A_LINE)]
    if len(said) > SHOWN:
        return [*lines, r"&\ \dots"]
    rest = r"&\ w_k = 1" + (r"\text{ for the others}" if said else "")
    return lines if len(said) == len(weights) else [*lines, rest]
