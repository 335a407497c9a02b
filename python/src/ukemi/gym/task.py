"""What a task is."""

from __future__ import annotations

import functools
import sys
from typing import Any

import numpy as np

from .._check import Floats
from ..model import Model, load

#: An array of numpy or a tensor of torch, one row per environment.
Array = Any


class Task:
    """What is rewarded, for all rows at once. States x are (rows, nx), actions (rows, actions) in −1 … 1, goals what ``start`` gave.

    ``inputs``, ``observe`` and ``reward`` are given arrays of numpy by the environments, and tensors of torch by who
    differentiates them (python/examples/shac.py). Written with operators, methods that both have, and the functions of
    :func:`namespace`, they serve both.
    """

    model: Model
    sub = 2  #: steps of the model under one action
    max_steps = 300  #: actions until an episode is truncated
    observations = 0  #: how many numbers are observed
    kappa = 1e-4
    bound = 100.0  #: observations are cut to −bound … bound

    @property
    def actions(self) -> int:
        """How many numbers an action has."""
        return self.model.nu

    def start(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """The first state x (nx) of an episode and its goal, of any length."""
        raise NotImplementedError

    def inputs(self, x: Array, action: Array) -> Array:
        """Inputs of the model, held for ``sub`` steps."""
        return action

    def observe(self, x: Array, goal: Array) -> Array:
        """What the agent sees, (rows, observations)."""
        raise NotImplementedError

    def reward(self, before: Array, after: Array, action: Array, goal: Array) -> tuple[Array, Array]:
        """Rewards, and whether episodes end here, as of a robot that fell."""
        raise NotImplementedError

    @property
    def dt(self) -> float:
        """Seconds between two actions."""
        return self.sub * self.model.timestep


def namespace(a: Array) -> Any:
    """numpy, or torch for a tensor: the module whose functions take a."""
    return np if isinstance(a, np.ndarray) else sys.modules["torch"]


@functools.lru_cache(maxsize=None)
def model(name: str, servo: tuple[float, float] | None = None) -> Model:
    """A model of the zoo, loaded once."""
    return load(name, servo=servo)


def turned(q: Array) -> tuple[Array, Array, Array]:
    """Of quaternions (rows, 4): where the body's x axis points in the plane, as cosine and sine, and the vertical part of its z axis."""
    w, x, y, z = q[:, 0], q[:, 1], q[:, 2], q[:, 3]
    c, s = 1 - 2 * (y**2 + z**2), 2 * (x * y + w * z)
    n = (c**2 + s**2 + 1e-12) ** 0.5
    return c / n, s / n, 1 - 2 * (x**2 + y**2)
