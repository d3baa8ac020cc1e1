"""Questions about the units of a layer: the images that they respond to most, and how their numbers are distributed."""

from typing import Literal

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.explain.top_patches import box, peaks_of, strongest_of
from core.explain.trained import Arrays, Trained, images_of, labels_of, layer_shape
from core.explain.units import activation_after, histogram, saturated_share, zero_share
from core.numerics import losses
from core.spec import Spec


class StrongestPatches(Spec):
    """images (N, C, H, W) -> for the `most` first feature maps (or units) of a layer, the `count` images with the
    largest activations: images (maps, count), values (maps, count), cells (maps, count, 2), and boxes (maps, count, 4),
    the receptive fields in the input (core.explain.top_patches.box)."""

    ask: Literal["strongest_patches"] = "strongest_patches"
    layer: str
    count: int = Field(default=9, ge=1, le=100)
    most: int = Field(default=64, ge=1)

    def answer(self, network: Trained, arrays: Arrays) -> Arrays:
        """Reads arrays["images"]. Raises QuestionError for a layer that does not exist."""
        whole = network.experiment.network
        layer_shape(whole, self.layer)
        spots = strongest_of(peaks_of(network.model, images_of(network, arrays), self.layer), self.count)[: self.most]
        origin = box(whole, self.layer, 0, 0)
        down, right = (a - b for a, b in zip(box(whole, self.layer, 1, 1)[:2], origin[:2], strict=True))
        cells = np.array([[(one.row, one.column) for one in nine] for nine in spots])
        return {
            "images": np.array([[one.image for one in nine] for nine in spots]),
            "values": np.array([[one.answer for one in nine] for nine in spots]),
            "cells": cells,
            "boxes": np.array(origin) + np.tile(cells * (down, right), 2),
        }


class Histograms(Spec):
    """images (N, C, H, W), labels (N,) -> for each layer its activations, the gradients of the loss with respect to
    them and, if it has any, its weights and their gradients: "conv1/weights/counts" (bins,), ".../edges" (bins + 1,),
    ".../zeros" (), and so with "activations", "weight_gradients" and "activation_gradients"; besides, of the activation
    that it goes through, "conv1/zero" and "conv1/saturated" (units,): core.explain.units."""

    ask: Literal["histograms"] = "histograms"
    layers: tuple[str, ...] = Field(min_length=1)
    bins: int = Field(default=40, ge=2, le=400)

    def answer(self, network: Trained, arrays: Arrays) -> Arrays:
        """Reads arrays["images"] and arrays["labels"]. Raises QuestionError."""
        whole, images = network.experiment.network, images_of(network, arrays)
        labels = labels_of(network, arrays, len(images))
        for layer in self.layers:
            layer_shape(whole, layer)
        outputs = network.model.activations(images)
        _, seed = losses.batch_loss(network.experiment.training.loss, network.model.predict(images), labels)
        gradients = network.model.gradients(images, seed)
        result: Arrays = {}
        for layer in self.layers:
            kinds = {
                "weights": network.state.weights.get(f"{layer}.weights"),
                "weight_gradients": gradients.weights.get(f"{layer}.weights"),
                "activations": outputs[layer],
                "activation_gradients": gradients.activations[layer],
            }
            for kind, values in kinds.items():
                if values is not None:
                    result |= self._histogram(f"{layer}/{kind}", values)
            through = activation_after(whole, layer)
            after = outputs[through.name if through else layer]
            result[f"{layer}/zero"] = zero_share(after)
            result[f"{layer}/saturated"] = saturated_share(after, through.function if through else "")
        return result

    def _histogram(self, name: str, values: Array) -> Arrays:
        made = histogram(values, self.bins)
        return {f"{name}/counts": made.counts, f"{name}/edges": made.edges, f"{name}/zeros": np.array(made.zeros)}
