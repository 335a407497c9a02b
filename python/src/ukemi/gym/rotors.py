"""What flies."""

from __future__ import annotations

import numpy as np

from .._check import Floats
from .task import Array, Task, model, namespace, turned


class Quadrotor(Task):
    """Fly to a point and hover there. Actions change the thrust of each rotor from a fourth of the weight, down to none and up to twice as much."""

    def __init__(self) -> None:
        self.model = model("quadrotor")
        self.observations = self.model.nx
        self.hover = 9.81 * self.model.mass / 4  # N

    def start(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        x = self.model.start.x
        x[:3] = 0, 0, 1.5
        x[3:7] = 1, 0, 0, 0
        x[7:] += 0.1 * rng.normal(size=6)
        return x, np.array([0, 0, 1.5]) + rng.uniform(-0.5, 0.5, 3)

    def inputs(self, x: Array, action: Array) -> Array:
        return self.hover * (1 + action)

    def observe(self, x: Array, goal: Array) -> Array:
        return namespace(x).concatenate([goal - x[:, :3], x[:, 3:]], axis=1)

    def reward(self, before: Array, after: Array, action: Array, goal: Array) -> tuple[Array, Array]:
        away = ((after[:, :3] - goal) ** 2).sum(1)
        upright = turned(after[:, 3:7])[2]
        return 1 / (1 + away / 0.3**2) + 0.2 * upright - 0.01 * (action**2).sum(1), (upright < 0) | (away > 3**2) | (after[:, 2] < 0.1)
