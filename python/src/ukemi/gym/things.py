"""Things that are moved by touching them."""

from __future__ import annotations

import numpy as np

from .._check import Floats
from .task import Array, Task, model, namespace


class Push(Task):
    """Push a box over the ground with two fingers, side by side, to a distance and a heading: actions are speeds of the fingers."""

    speed = 0.5  # m/s
    lead = 0.05  # m: how far ahead of a finger its servo aims at an action of 1
    kappa = 1e-5

    def __init__(self) -> None:
        self.model = model("pusher")
        self.observations = self.model.nx - 1 + 3

    def start(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        x = self.model.start.x
        x[9:11] = 0  # fingers at rest, behind the box
        x[:2] -= rng.uniform(0, 0.05, 2)
        x[3] += rng.uniform(-0.01, 0.01)
        return x, np.array([rng.uniform(0.1, 0.3), rng.uniform(-0.3, 0.3)])

    def inputs(self, x: Array, action: Array) -> Array:
        return x[:, :2] + self.lead * action

    def observe(self, x: Array, goal: Array) -> Array:
        away, turn = self.errors(x, goal)
        return namespace(x).concatenate([x[:, 1:], away[:, None], turn[:, None], goal[:, :1]], axis=1)

    def errors(self, x: Array, goal: Array) -> tuple[Array, Array]:
        """How far the box has still to go (m), and to turn (rad, for small turns)."""
        return goal[:, 0] - x[:, 2], goal[:, 1] - 2 * x[:, 5] * x[:, 8]

    def reward(self, before: Array, after: Array, action: Array, goal: Array) -> tuple[Array, Array]:
        away, turn = self.errors(after, goal)
        reward = 1 / (1 + (away / 0.05) ** 2) + 1 / (1 + (turn / 0.1) ** 2) - 0.01 * (action**2).sum(1)
        return reward, abs(after[:, 3]) > 0.3


class Gripper(Task):
    """Take a cube from the ground between two fingers, and hold it at a height. Actions are the speed of the hand, and how far each of the springs
    that close the fingers is let go."""

    lead = 0.03  # m: how far from the hand its servo aims at an action of 1
    pull = 20.0  # N: on each finger, −40 at an action of −1 opens it
    kappa = 1e-5

    def __init__(self) -> None:
        self.model = model("gripper")
        self.observations = self.model.nx + 1

    def start(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        x = self.model.start.x
        x[:3] = 0, -0.01, -0.01  # the hand above the cube, open
        x[3:6] = rng.uniform(-0.01, 0.01), rng.uniform(-0.005, 0.005), 0.03 + 1e-4
        return x, rng.uniform(0.1, 0.25, 1)

    def inputs(self, x: Array, action: Array) -> Array:
        xp = namespace(action)
        return xp.stack([x[:, 0] + self.lead * action[:, 0], self.pull * (action[:, 1] - 1), self.pull * (action[:, 2] - 1)], axis=1)

    def observe(self, x: Array, goal: Array) -> Array:
        return namespace(x).concatenate([x, goal], axis=1)

    def reward(self, before: Array, after: Array, action: Array, goal: Array) -> tuple[Array, Array]:
        away, around = after[:, 5] - goal[:, 0], after[:, 0] + 0.13 - after[:, 5]  # of the cube, of the fingers
        reward = 1 / (1 + (away / 0.03) ** 2) + 0.2 / (1 + (around / 0.05) ** 2) - 0.01 * (action**2).sum(1)
        return reward, (after[:, 3] ** 2 + after[:, 4] ** 2) > 0.2**2
