"""Questions about one answer: which pixels it depends on, whether such a map depends on the weights, and what image a
unit responds to most."""

from functools import partial
from typing import Literal

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.backend import Model
from core.explain import attribution as methods
from core.explain.activation_maximization import Ascent, ascend, variation
from core.explain.agreement import rank_correlation
from core.explain.randomization import randomised
from core.explain.trained import Arrays, QuestionError, Trained, classes, images_of, layer_shape, probabilities
from core.network.layers import Pool
from core.network.network import Network
from core.network.shapes import trace
from core.random import generator
from core.spec import Spec


Method = Literal[
    "saliency", "smoothgrad", "input_x_gradient", "integrated_gradients", "grad_cam", "occlusion"
]  # fmt: skip


class Attribution(Spec):
    """images (1, C, H, W), and optionally baseline (C, H, W), the image that stands for "nothing" -> map (H, W), score
    (), probability () of the label; besides, of integrated gradients: baseline_score (); of Grad-CAM: coarse (h, w),
    the map before it is enlarged, importance (maps,) and feature_maps (maps, h, w), which it is made of.

    The map of occlusion is the probability minus that with the square covered: positive where it speaks for the label.
    """

    ask: Literal["attribution"] = "attribution"
    method: Method
    label: int = Field(ge=0)
    layer: str = ""
    """Of Grad-CAM; "": the last convolution or activation with feature maps."""
    samples: int = Field(default=25, ge=1, le=1000)
    """Of SmoothGrad: how many noisy copies."""
    noise: float = Field(default=0.15, ge=0, le=10)
    """Of SmoothGrad: the standard deviation, as a share of the range of the image's values."""
    steps: int = Field(default=64, ge=1, le=2000)
    """Of integrated gradients: how many points on the line."""
    square: int = Field(default=5, ge=1)
    """Of occlusion: the side length in pixels."""

    def answer(self, network: Trained, arrays: Arrays) -> Arrays:
        """Reads arrays["images"] and, if it is there, arrays["baseline"]. Raises QuestionError."""
        return self.explain(network, network.model, arrays)

    def explain(self, network: Trained, model: Model, arrays: Arrays) -> Arrays:
        """The answer for a model of this network with any weights."""
        images = images_of(network, arrays)
        image, baseline = images[0], _image(network, arrays, "baseline", 0)
        if self.label >= classes(network):
            raise QuestionError(f"there is no class {self.label}; the network has {classes(network)}")
        outputs = model.predict(images[:1])
        probability = partial(probabilities, network.experiment)
        result = {
            "score": methods.score(outputs, self.label)[0],
            "probability": probability(outputs)[0, self.label],
        }
        match self.method:
            case "saliency":
                result["map"] = methods.saliency(model, image, self.label)
            case "smoothgrad":
                result["map"] = methods.smoothgrad(model, image, self.label, self.samples, self.noise)
            case "input_x_gradient":
                result["map"] = methods.input_x_gradient(model, image, self.label, baseline)
            case "integrated_gradients":
                result["map"] = methods.integrated_gradients(model, image, self.label, baseline, self.steps)
                result["baseline_score"] = methods.score(model.predict(baseline[None]), self.label)[0]
            case "grad_cam":
                layer = self.layer or last_maps(network.experiment.network)
                if len(layer_shape(network.experiment.network, layer)) != 3:
                    raise QuestionError(
                        f"{layer!r} has no feature maps; Grad-CAM needs a convolution or a pooling layer"
                    )
                importance, maps = methods.weighted_maps(model, image, self.label, layer)
                result |= {"importance": importance, "feature_maps": maps}
                result["coarse"] = methods.grad_cam(model, image, self.label, layer)
                result["map"] = methods.enlarged(result["coarse"], *image.shape[1:])
            case "occlusion":
                covered = methods.occlusion(model, image, self.label, self.square, baseline, probability)
                result["map"] = result["probability"] - covered
        return {name: np.asarray(values) for name, values in result.items()}


class RandomisationCheck(Spec):
    """images (1, C, H, W), and optionally baseline (C, H, W) -> maps (1 + L, H, W): as trained, then with the layers of
    core.explain.randomization.cascade random, one more each time; correlation (1 + L,): the rank correlation of each
    |map| with the first."""

    ask: Literal["randomisation_check"] = "randomisation_check"
    attribution: Attribution
    draw: int = Field(default=0, ge=0)

    def answer(self, network: Trained, arrays: Arrays) -> Arrays:
        """Reads the arrays of the attribution. Raises QuestionError."""
        trained = network.state.weights
        models = map(network.with_weights, randomised(network.experiment.network, trained, self.draw))
        maps = [self.attribution.explain(network, model, arrays)["map"] for model in (network.model, *models)]
        correlations = [rank_correlation(np.abs(maps[0]), np.abs(one)) for one in maps]
        return {"maps": np.stack(maps), "correlation": np.array(correlations)}


class Maximise(Spec):
    """Gradient ascent on an image, for each of `units`: what would it respond to most?

    Optionally low and high (C, H, W), a black and a white image as the network takes them -> images (units, C, H, W)
    from 0 (black) to 1 (white), values (steps + 1, units): the unit before the first and after each step; variation
    (units,): total variation per pair of neighbouring pixels; for the last layer, probability (units,).
    """

    ask: Literal["maximise"] = "maximise"
    units: tuple[int, ...] = Field(min_length=1, max_length=64)
    """Classes; units of a dense layer; feature maps, of which the mean counts, or one cell of each."""
    layer: str = ""
    """"": the last layer."""
    cell: tuple[int, int] | None = None
    """(row, column) in the feature maps."""
    ascent: Ascent = Ascent()
    steps: int = Field(default=200, ge=1, le=2000)
    draw: int = Field(default=0, ge=0)

    def answer(self, network: Trained, arrays: Arrays) -> Arrays:
        """Reads arrays["low"] and arrays["high"] if they are there. Raises QuestionError."""
        whole = network.experiment.network
        last = trace(whole)[-1].layer.name
        ends = self.layer in ("", last)
        model = network.model if ends else network.up_to(self.layer)
        low, high = _image(network, arrays, "low", 0), _image(network, arrays, "high", 1)
        noise = generator(self.draw, "maximise").normal(0.2, 0.05, low.shape)
        start = np.repeat(np.clip(noise, 0, 1)[None], len(self.units), axis=0).astype(low.dtype)
        outputs = model.predict((low + start * (high - low)).astype(low.dtype))
        wanted = self._class_seeds(network, outputs) if ends else self._seeds(layer_shape(whole, self.layer))
        values, images = [(outputs * wanted).sum(axis=1)], start
        for images in ascend(model, start, wanted, self.ascent, self.steps, low, high):
            outputs = model.predict(low + images * (high - low))
            values.append((outputs * wanted).sum(axis=1))
        result = {
            "images": images,
            "values": np.stack(values),
            "variation": np.array([variation(one) for one in images]),
        }
        if ends:
            shares = probabilities(network.experiment, outputs)
            result["probability"] = shares[np.arange(len(self.units)), self.units]
        return result

    def _class_seeds(self, network: Trained, outputs: Array) -> Array:
        self._check(classes(network), "class")
        return np.concatenate(
            [methods.seed(row[None], unit) for row, unit in zip(outputs, self.units, strict=True)]
        ).astype(outputs.dtype)

    def _seeds(self, shape: tuple[int, ...]) -> Array:
        self._check(shape[0], "unit" if len(shape) == 1 else "feature map")
        seeds = np.zeros((len(self.units), *shape))
        rows, columns = shape[1:] or (1, 1)
        if self.cell and len(shape) == 1:
            raise QuestionError(f"{self.layer!r} has no feature maps, so its units have no row and column")
        if self.cell and not (self.cell[0] in range(rows) and self.cell[1] in range(columns)):
            raise QuestionError(f"a feature map of {self.layer!r} has {rows} x {columns} cells")
        for number, unit in enumerate(self.units):
            if self.cell:
                seeds[number, unit, self.cell[0], self.cell[1]] = 1
            else:
                seeds[number, unit] = 1 / (rows * columns)
        return seeds.reshape(len(self.units), -1)

    def _check(self, count: int, noun: str) -> None:
        if wrong := [unit for unit in self.units if not 0 <= unit < count]:
            raise QuestionError(f"there is no {noun} {wrong[0]}; they are numbered from 0 to {count - 1}")


def last_maps(network: Network) -> str:
    """The last layer of more than one cell per map that is no pooling layer. Raises QuestionError if there is none."""
    maps = [step.layer for step in trace(network) if len(step.output) == 3 and step.output[1:] != (1, 1)]
    names = [layer.name for layer in maps if not isinstance(layer, Pool)] or [layer.name for layer in maps]
    if not names:
        raise QuestionError("this network has no feature maps; Grad-CAM needs a convolution or a pooling layer")
    return str(names[-1])


def _image(network: Trained, arrays: Arrays, name: str, default: float) -> Array:
    """arrays[name] (C, H, W), or an image of one value. Raises QuestionError if it does not fit."""
    shape, dtype = network.experiment.network.input_shape, network.experiment.training.precision
    values = np.asarray(arrays.get(name, np.full(shape, default)))
    if values.shape != shape:
        raise QuestionError(f"{name} must have the shape of an image, {'x'.join(map(str, shape))}")
    return values.astype(dtype)
