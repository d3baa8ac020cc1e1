"""What one can ask of a trained network. A question is data, so that it can be sent to the process that holds a
framework; the arrays that go with it, and those of the answer, travel beside it."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, TypeAdapter

from core.backend import Weights
from core.explain.inside_questions import Histograms, StrongestPatches
from core.explain.trained import Arrays, QuestionError, Trained, images_of, labels_of, probabilities
from core.explain.why_questions import Attribution, Maximise, RandomisationCheck
from core.numerics import dropout, losses
from core.random import generator
from core.spec import Spec


__all__ = [
    "QUESTION", "UNCHANGED", "Activations", "Arrays", "Attribution", "Changes", "Gradients", "Histograms", "Maximise",
    "Predict", "Question", "QuestionError", "RandomisationCheck", "StrongestPatches", "TrainStep", "Trained",
]  # fmt: skip


class Changes(Spec):
    """Changes made to the weights before a question is answered; the run itself stays as it is."""

    knocked_out: tuple[tuple[str, int], ...] = ()
    """(layer, filter or unit): its weights and its bias become 0, so its output is 0 before the activation."""
    silenced: tuple[str, ...] = ()
    """Layers whose biases become 0."""
    noise: float = Field(default=0.0, ge=0, le=10)
    """The standard deviation of Gaussian noise on each array of weights, as a multiple of the array's own."""
    seed: int = Field(default=0, ge=0)

    def applied(self, weights: Weights) -> Weights:
        """The changed weights; the arrays that change are copies. Raises QuestionError."""
        result = dict(weights)
        if self.noise:
            rng = generator(self.seed, "noise on weights")
            for name, values in weights.items():
                spread = self.noise * values.std()
                result[name] = (values + spread * rng.standard_normal(values.shape)).astype(values.dtype)
        for layer, unit in self.knocked_out:
            mine = [name for name in weights if name in (f"{layer}.weights", f"{layer}.biases")]
            if not mine or not 0 <= unit < len(weights[mine[0]]):
                raise QuestionError(f"there is no filter {unit + 1} in a layer called {layer!r}")
            for name in mine:
                result[name] = result[name].copy()
                result[name][unit] = 0
        for layer in self.silenced:
            if f"{layer}.biases" not in weights:
                raise QuestionError(f"no layer called {layer!r} has biases")
            result[f"{layer}.biases"] = np.zeros_like(weights[f"{layer}.biases"])
        return result


UNCHANGED = Changes()


class Predict(Spec):
    """images (N, C, H, W) -> logits (N, K) and probabilities (N, K)."""

    ask: Literal["predict"] = "predict"

    def answer(self, network: Trained, arrays: Arrays) -> Arrays:
        """Reads arrays["images"]."""
        outputs = network.model.predict(images_of(network, arrays))
        return {"logits": outputs, "probabilities": probabilities(network.experiment, outputs)}


class Activations(Spec):
    """images (N, C, H, W) -> the output of every layer, or of the named ones, by layer name."""

    ask: Literal["activations"] = "activations"
    layers: tuple[str, ...] = ()

    def answer(self, network: Trained, arrays: Arrays) -> Arrays:
        """Reads arrays["images"]. Raises QuestionError for a layer that does not exist."""
        outputs = network.model.activations(images_of(network, arrays))
        if unknown := [name for name in self.layers if name not in outputs]:
            raise QuestionError(f"there is no layer called {unknown[0]!r}; there are {', '.join(outputs)}")
        return {name: outputs[name] for name in self.layers or outputs}


class Gradients(Spec):
    """images (N, C, H, W) and seed (N, K), which is d(anything)/d(logits) -> "input", "weights/conv1.weights", ...,
    "activations/conv1", ...: the derivative of that anything."""

    ask: Literal["gradients"] = "gradients"

    def answer(self, network: Trained, arrays: Arrays) -> Arrays:
        """Reads arrays["images"] and arrays["seed"]."""
        images, seed = images_of(network, arrays), np.asarray(arrays["seed"])
        gradients = network.model.gradients(images, seed)
        return {"input": gradients.input} | _named(weights=gradients.weights, activations=gradients.activations)


class TrainStep(Spec):
    """One training step with everything in it: images (N, C, H, W), labels (N,) -> loss (), logits, the activations
    ("activations/..."), the gradients of the loss with respect to them ("gradients/..."), to the input
    ("gradients/input") and to the weights ("gradients/conv1.weights"), and the weights after the step ("after/...").

    Activations and gradients are computed with dropout off and running statistics; the step itself is a step of the
    run's recipe, with dropout on, from the run's own optimizer slots.
    """

    ask: Literal["train_step"] = "train_step"
    learning_rate: float | None = Field(default=None, gt=0)
    """None: the optimizer's own."""

    def answer(self, network: Trained, arrays: Arrays) -> Arrays:
        """Reads arrays["images"] and arrays["labels"]."""
        images = images_of(network, arrays)
        labels = labels_of(network, arrays, len(images))
        recipe = network.experiment.training
        model, step = network.copy(), network.state.step + 1
        outputs = model.predict(images)
        loss, seed = losses.batch_loss(recipe.loss, outputs, labels)
        activations, gradients = model.activations(images), model.gradients(images, seed)
        model.load(images, labels)
        masks = dropout.masks(network.experiment.network, network.experiment.seed, step, len(images))
        rate = np.array([self.learning_rate or recipe.optimizer.learning_rate])
        model.steps(np.arange(len(images))[None], rate, {name: mask[None] for name, mask in masks.items()})
        return {
            "loss": np.asarray(loss),
            "logits": outputs,
            "gradients/input": gradients.input,
            **_named(activations=activations, gradients={**gradients.activations, **gradients.weights}),
            **_named(after=model.state().weights),
        }


Question = Annotated[
    Predict
    | Activations
    | Gradients
    | TrainStep
    | Attribution
    | RandomisationCheck
    | Maximise
    | StrongestPatches
    | Histograms,
    Field(discriminator="ask"),
]
QUESTION: TypeAdapter[Question] = TypeAdapter(Question)


def _named(**groups: Arrays) -> Arrays:
    return {f"{group}/{name}": values for group, arrays in groups.items() for name, values in arrays.items()}
