"""A cart with a pole."""

from __future__ import annotations

import numpy as np

from .._check import Floats
from .task import Array, Task, model, namespace


class CartpoleSwingup(Task):
    """Swing a pole up that hangs from a cart, and hold it there: the height of its end, less how far the cart is from the middle, how fast the
    pole turns, and the effort."""

    force = 10.0  # N

    def __init__(self) -> None:
        self.model = model("cartpole")
        self.observations = 5

    def start(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        return np.array([0, np.pi, 0, 0]) + 0.05 * rng.normal(size=4), np.zeros(0)

    def inputs(self, x: Array, action: Array) -> Array:
        return self.force * action

    def observe(self, x: Array, goal: Array) -> Array:
        xp = namespace(x)
        return xp.stack([x[:, 0], xp.cos(x[:, 1]), xp.sin(x[:, 1]), x[:, 2], x[:, 3]], axis=1)

    def reward(self, before: Array, after: Array, action: Array, goal: Array) -> tuple[Array, Array]:
        x, angle, w = after[:, 0], after[:, 1], after[:, 3]
        up = (1 + namespace(after).cos(angle)) / 2
        return up - 0.02 * x**2 - 0.001 * w**2 - 0.01 * action[:, 0] ** 2, x != x


class InvertedPendulum(CartpoleSwingup):
    """Keep the pole up that stands on a cart: one for every action before it leans by 0.2 rad."""

    def start(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        return 0.01 * rng.normal(size=4), np.zeros(0)

    def reward(self, before: Array, after: Array, action: Array, goal: Array) -> tuple[Array, Array]:
        x, angle = after[:, 0], after[:, 1]
        return 1 - angle**2 - 0.02 * x**2 - 0.01 * action[:, 0] ** 2, (abs(angle) > 0.2) | (abs(x) > 2.3)
