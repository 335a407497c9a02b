"""Pictures of states, without a screen."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _native
from ._check import Floats, a, a_flag, a_number, count, numbers, positive
from ._rows import own
from .errors import ArgumentError
from .model import Model
from .state import State


class Renderer:
    """Draws states of a model on the processor, with shadows. The camera stands at an azimuth (degrees, from +x toward +y) and an
    elevation (degrees above the horizontal), so far away that all of the states to ``show`` (default: the start) are seen, or at
    ``distance`` (m), and goes along the ground with the center of mass unless ``follow`` is False."""

    def __init__(
        self,
        model: Model,
        width: int = 480,
        height: int = 360,
        *,
        show: State | ArrayLike | None = None,
        azimuth: float = -50.0,
        elevation: float = 17.0,
        distance: float | None = None,
        follow: bool = True,
        workers: int | None = None,
    ) -> None:
        self.model, self.width, self.height = a(Model, model, "model"), count(width, "width", 16), count(height, "height", 16)
        shown = model.start if show is None else show
        x = numbers(own(shown, model), "show", (model.nx,), exact=False)
        x = x.reshape(math.prod(x.shape[:-1]), model.nx)
        options = {
            "Show": x[:, : model.nq].tolist(),
            "Width": self.width, "Height": self.height, 
            "Azimuth": math.radians(a_number(azimuth, "azimuth")), "Elevation": math.radians(a_number(elevation, "elevation")),
            "Distance": 0.0 if distance is None else positive(distance, "distance"), "Follow": a_flag(follow, "follow"), "Workers": 0 if workers is None else count(workers, "workers", 1),
        }  # fmt: skip
        self._arguments: tuple[Any, ...] = (model, width, height, x, azimuth, elevation, distance, follow, workers)
        text, handle = json.dumps(options).encode(), model._handle
        self._handle = _native.Handle(lambda: _native.new("ukemi_renderer", handle(), text, error=ArgumentError))

    def render(self, state: State | ArrayLike) -> NDArray[np.uint8]:
        """The picture of one state, or of x (nx): (height, width, 3)."""
        x = numbers(own(state, self.model), "state", (self.model.nx,))
        out = np.empty((self.height, self.width, 3), np.uint8)
        _native.call("ukemi_render", self._handle(), _native.pointer(x), x.size, out.ctypes.data, out.size)
        return out

    def __reduce__(self) -> tuple[Any, ...]:
        return _renderer, self._arguments


def _renderer(model: Model, width: int, height: int, show: Floats, *camera: Any) -> Renderer:
    azimuth, elevation, distance, follow, workers = camera
    return Renderer(model, width, height, show=show, azimuth=azimuth, elevation=elevation, distance=distance, follow=follow, workers=workers)
