"""The PyTorch backend: a network of nn modules that trains on data held on the device."""

from functools import partial
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from backends.pytorch.layers import module
from backends.pytorch.losses import per_sample_loss
from backends.pytorch.optimizers import update
from core.arrays import Array
from core.backend import Backend, BackendError, Device, Gradients, Masks, Model, State, Weights
from core.network.costs import weight_shapes
from core.network.network import Network
from core.network.running_statistics import initial_statistics
from core.network.shapes import Step, flat, outline
from core.network.training_order import training_order
from core.numerics.losses import prior_offsets
from core.numerics.optimizers import decays, slot_names
from core.numerics.penalties import by_weight
from core.recipe.training import TrainingRecipe


ROWS_AT_ONCE = 1000
"""The batch size of `predict`: more would only fill the memory with activations."""


class PyTorchBackend(Backend):
    def devices(self) -> list[Device]:
        return [Device("cpu", "CPU"), *_cuda_devices(), *_xpu_devices(), *_apple_devices()]

    def version(self) -> str:
        return torch.__version__

    def build(self, network: Network, weights: Weights, training: TrainingRecipe, device: str = "cpu") -> Model:
        known = [device.id for device in self.devices()]
        if device not in known:
            raise BackendError(f"PyTorch has no device {device!r} here; it has {', '.join(known)}")
        if device == "mps" and training.precision == "float64":
            raise BackendError("Apple GPUs have no float64; choose float32, or the device cpu")
        return PyTorchModel(network, weights, training, torch.device(device))


class PyTorchModel(Model):
    def __init__(self, network: Network, weights: Weights, training: TrainingRecipe, device: torch.device):
        _full_precision()
        self.device, self.optimizer, self.loss = device, training.optimizer, training.loss
        self.dtype = getattr(torch, training.precision)
        self.outline, self.training_order = outline(network), training_order(network)
        self.layers: dict[str, nn.Module] = {}
        self.weights: dict[str, Tensor] = {}
        for step in flat(self.outline):
            name = step.layer.name
            self.layers[name] = layer = module(step, self.dtype).to(device).eval()
            parts = zip(weight_shapes(step), layer.parameters(), strict=True)
            self.weights |= {f"{name}.{part}": weight for part, weight in parts}
        self.fresh = initial_statistics(network, training.precision)
        self.statistics = {name: self._buffer(name) for name in self.fresh}
        self.classes = self.outline[-1].output[0]
        self.penalties_for = partial(by_weight, network, training)
        self.decaying = [weight for name, weight in self.weights.items() if decays(name)]
        self.slots = {
            slot: [torch.zeros_like(weight, requires_grad=False) for weight in self.weights.values()]
            for slot in slot_names(self.optimizer)
        }
        self.restore(State(weights))

    def load(self, x: Array, y: Array, weight: Array | None = None) -> None:
        channels, *cells = x.shape[1:]
        self.x, self.image = self._tensor(x).permute(0, 2, 3, 1).flatten(1), (*cells, channels)
        self.y = torch.tensor(y, dtype=torch.int64, device=self.device)
        self.weight = self._tensor(np.ones(len(y)) if weight is None else weight)
        self.penalties = self.penalties_for(len(y))
        self.offsets = self._tensor(prior_offsets(self.loss, y, self.classes))

    def steps(self, order: Array, rates: Array, masks: Masks) -> Array:
        batches = torch.tensor(order, dtype=torch.int64, device=self.device)
        kept = {name: torch.tensor(mask, device=self.device) for name, mask in masks.items()}
        self._train(True)
        losses = [
            self._step(rows, float(rates[s]), {name: mask[s] for name, mask in kept.items()})
            for s, rows in enumerate(batches)
        ]
        self._train(False)
        return torch.stack(losses).cpu().numpy()

    def predict(self, x: Array) -> Array:
        starts = range(0, max(len(x), 1), ROWS_AT_ONCE)
        return np.concatenate([self._logits(x[start : start + ROWS_AT_ONCE]) for start in starts])

    def activations(self, x: Array) -> dict[str, Array]:
        with torch.inference_mode():
            return {name: _array(y) for name, y in self._outputs(self._tensor(x)).items()}

    def gradients(self, x: Array, seed: Array) -> Gradients:
        images = self._tensor(x).requires_grad_()
        outputs = self._outputs(images)
        *_, logits = outputs.values()
        sources = [images, *self.weights.values(), *outputs.values()]
        result = torch.autograd.grad(logits, sources, self._tensor(seed), materialize_grads=True)
        dx, *others = map(_array, result)
        dweights, doutputs = others[: len(self.weights)], others[len(self.weights) :]
        return Gradients(dx, dict(zip(self.weights, dweights, strict=True)), dict(zip(outputs, doutputs, strict=True)))

    def state(self) -> State:
        slots = {
            f"{slot}/{name}": _array(values[index])
            for index, name in enumerate(self.weights)
            for slot, values in self.slots.items()
        }
        weights, statistics = (
            {name: _array(value) for name, value in values.items()} for values in (self.weights, self.statistics)
        )
        return State(weights, slots, self.step, statistics=statistics)

    @torch.no_grad()
    def restore(self, state: State) -> None:
        for name, weight in self.weights.items():
            weight.copy_(_fitting(name, state.weights, weight))
        for slot, values in self.slots.items():
            for name, value in zip(self.weights, values, strict=True):
                known = f"{slot}/{name}" in state.slots
                value.copy_(_fitting(f"{slot}/{name}", state.slots, value)) if known else value.zero_()
        statistics = self.fresh | state.statistics
        for name, value in self.statistics.items():
            value.copy_(_fitting(name, statistics, value))
        self.step = state.step

    def _buffer(self, name: str) -> Tensor:
        """The buffer of the layer that holds a running statistic."""
        layer, statistic = name.rsplit(".", 1)
        return self.layers[layer].get_buffer(statistic)

    def _train(self, training: bool) -> None:
        """Switch training mode, in which batch norm uses the batch's statistics instead of its running ones."""
        for layer in self.layers.values():
            layer.train(training)

    def _step(self, rows: Tensor, rate: float, masks: dict[str, Tensor]) -> Tensor:
        weights = list(self.weights.values())
        loss = self._loss(rows, masks)
        gradients = [gradient.contiguous() for gradient in torch.autograd.grad(loss, weights)]
        self.step += 1
        update(self.optimizer, weights, gradients, self.slots, rate, self.step, self.decaying)
        return loss.detach()

    def _loss(self, rows: Tensor, masks: dict[str, Tensor]) -> Tensor:
        x = torch.unflatten(self.x[rows], 1, self.image).permute(0, 3, 1, 2)
        x = self._row(self.training_order, x, masks)
        losses = self.weight[rows] * per_sample_loss(self.loss, x, self.y[rows], self.offsets)
        loss = losses.sum() if self.loss.reduction == "sum" else losses.mean()
        for name, penalty in self.penalties.items():
            w = self.weights[name]
            loss = loss + penalty.l2 / 2 * w.square().sum() + penalty.l1 * w.abs().sum()
        return loss

    def _row(
        self, steps: tuple[Step, ...], x: Tensor, masks: dict[str, Tensor], outputs: dict[str, Tensor] | None = None
    ) -> Tensor:
        """x after these steps; stores the output of each in `outputs`."""
        for step in steps:
            y = self._layer(step, x, masks, outputs)
            if outputs is not None:
                outputs[step.layer.name] = y = (
                    y.view_as(y) if y is x else y
                )  # keeps the gradient of y separate from that of x
            x = y
        return x

    def _layer(self, step: Step, x: Tensor, masks: dict[str, Tensor], outputs: dict[str, Tensor] | None) -> Tensor:
        name, layer = step.layer.name, self.layers[step.layer.name]
        if step.rows:
            return cast(Tensor, layer([self._row(row, x, masks, outputs) for row in step.rows]))
        return cast(Tensor, layer(x, masks[name]) if name in masks else layer(x))

    def _outputs(self, x: Tensor) -> dict[str, Tensor]:
        outputs: dict[str, Tensor] = {}
        self._row(self.outline, x, {}, outputs)
        return outputs

    @torch.inference_mode()
    def _logits(self, x: Array) -> Array:
        return _array(self._row(self.outline, self._tensor(x), {}))

    def _tensor(self, values: Array) -> Tensor:
        return torch.tensor(values, dtype=self.dtype, device=self.device)


def _array(tensor: Tensor) -> Array:
    """A copy in NumPy's memory order, whatever the order in PyTorch."""
    return tensor.detach().cpu().contiguous().numpy().copy()


def _fitting(name: str, arrays: dict[str, Array], own: Tensor) -> Tensor:
    """arrays[name] as a tensor. Raises BackendError if it is missing or its shape differs from `own`."""
    if name not in arrays:
        raise BackendError(f"this state has no {name!r}: it belongs to another network")
    if arrays[name].shape != own.shape:
        shape = tuple(own.shape)
        raise BackendError(f"{name!r} has the shape {arrays[name].shape} in this state, but {shape} in this network")
    return torch.tensor(arrays[name])


def _full_precision() -> None:
    """Turn NVIDIA's TF32 off: it keeps only 10 of float32's 23 mantissa bits, and experiments ask for float32."""
    torch.backends.cuda.matmul.fp32_precision = "ieee"
    torch.backends.cudnn.conv.fp32_precision = "ieee"  # type: ignore[attr-defined] # torch's stubs lack it


def _cuda_devices() -> list[Device]:
    gpus = [torch.cuda.get_device_properties(i) for i in range(torch.cuda.device_count())]
    return [Device(f"cuda:{i}", gpu.name, gpu.total_memory) for i, gpu in enumerate(gpus)]


def _xpu_devices() -> list[Device]:
    gpus = [torch.xpu.get_device_properties(i) for i in range(torch.xpu.device_count())]
    return [Device(f"xpu:{i}", gpu.name, gpu.total_memory) for i, gpu in enumerate(gpus)]


def _apple_devices() -> list[Device]:
    if not torch.backends.mps.is_available():
        return []
    return [Device("mps", "Apple GPU", torch.mps.recommended_max_memory())]


BACKEND = PyTorchBackend()
