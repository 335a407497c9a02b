"""Robots that walk and run."""

from __future__ import annotations

import numpy as np

from .._check import Floats
from .task import Array, Task, model, namespace, turned


class Runner(Task):
    """Run along x: speed, and one for every action in which the robot has not fallen, less the effort. Where it is in the plane is not observed."""

    alive = 1.0
    effort = 0.02
    hidden = 2  #: the first coordinates, which are not observed
    noise = 0.1
    torque: Floats | float = 1.0  #: N m at an action of 1

    def __init__(self, name: str) -> None:
        self.model = model(name)
        self.observations = self.model.nx - self.hidden

    def start(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        x, m = self.model.start.x, self.model
        free = m.nv - m.nu  # the base, which has no drives
        x[m.nq - m.nu : m.nq] += rng.uniform(-self.noise, self.noise, m.nu)
        x[m.nq :] += self.noise * rng.normal(size=m.nv)
        assert free > 0
        return x, np.zeros(0)

    def inputs(self, x: Array, action: Array) -> Array:
        return action * namespace(action).asarray(self.torque)

    def observe(self, x: Array, goal: Array) -> Array:
        return x[:, self.hidden :]

    def reward(self, before: Array, after: Array, action: Array, goal: Array) -> tuple[Array, Array]:
        speed = (after[:, 0] - before[:, 0]) / self.dt
        return speed + self.alive - self.effort * (action**2).sum(1), self.fell(after)

    def fell(self, x: Array) -> Array:
        """Which episodes end here."""
        return x[:, 0] != x[:, 0]


class Ant(Runner):
    """Run along x with four legs of two torques each."""

    torque = 5.0

    def __init__(self) -> None:
        super().__init__("ant")

    def start(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        x, goal = super().start(rng)
        x[2] -= 0.09  # feet just above the ground
        return x, goal

    def fell(self, x: Array) -> Array:
        return (x[:, 2] < 0.2) | (x[:, 2] > 1.0)


class HalfCheetah(Runner):
    """Run along x in a plane; nothing ends an episode. Torques are those of Gymnasium's."""

    alive = 0.0
    effort = 0.1
    hidden = 1
    torque = np.array([120.0, 90, 60, 120, 60, 30])

    def __init__(self) -> None:
        super().__init__("halfcheetah")


class Upright(Runner):
    """Run along x in a plane, the torso upright. To lean costs, more the further it leans: who follows gradients of a few steps else learns to
    fall forward, which is fast."""

    effort = 0.01
    lean = 5.0  #: times the square of the angle from upright (rad)
    hidden = 1
    noise = 0.01
    low = 0.5  #: m that the torso may sink
    tilt = 0.4  #: rad that it may lean

    def reward(self, before: Array, after: Array, action: Array, goal: Array) -> tuple[Array, Array]:
        reward, over = super().reward(before, after, action, goal)
        return reward - self.lean * after[:, 2] ** 2, over

    def fell(self, x: Array) -> Array:
        return (x[:, 1] < self.model.start.x[1] - self.low) | (abs(x[:, 2]) > self.tilt)


class Walker2d(Upright):
    """Two legs in a plane: Gymnasium's robot and torques."""

    tilt = 1.0
    torque = 100.0

    def __init__(self) -> None:
        super().__init__("walker")


class Hopper(Upright):
    """One leg in a plane, which has to hop: Gymnasium's robot, torques and inertias of rotors."""

    torque = 200.0

    def __init__(self) -> None:
        super().__init__("monopod")
        self.model = self.model.with_parameters({f"{joint}.armature": 1.0 for joint in ("thigh", "leg", "foot")})


class Humanoid(Runner):
    """Run along x on two legs, with arms; actions are parts of what each drive can do."""

    alive = 5.0
    effort = 0.1
    noise = 0.01

    def __init__(self) -> None:
        super().__init__("humanoid")
        self.torque = np.array([u.effort for u in self.model.inputs])

    def fell(self, x: Array) -> Array:
        return (x[:, 2] < 0.9) | (x[:, 2] > 2.0)


class Quadruped(Task):
    """Walk at a commanded velocity with position servos: actions turn joints away from a stance. The goal is the speed forward (m/s),
    to the left, and of turning (rad/s), in the axes of the trunk's heading."""

    reach = 0.4  # rad
    least, most = np.array([-0.5, -0.3, -0.5]), np.array([1.0, 0.3, 0.5])

    def __init__(self) -> None:
        self.model = model("quadruped4", servo=(80.0, 2.0))
        self.stance = np.array([self.model.start.x[self.model.joint(u.name).q][0] for u in self.model.inputs])
        self.observations = self.model.nx - 2 + 3

    def start(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        x = self.model.start.x
        x[7:19] += rng.uniform(-0.05, 0.05, 12)
        return x, rng.uniform(self.least, self.most)

    def inputs(self, x: Array, action: Array) -> Array:
        return namespace(action).asarray(self.stance) + self.reach * action

    def observe(self, x: Array, goal: Array) -> Array:
        return namespace(x).concatenate([x[:, 2:], goal], axis=1)

    def reward(self, before: Array, after: Array, action: Array, goal: Array) -> tuple[Array, Array]:
        c, s, upright = turned(after[:, 3:7])
        dx, dy = (after[:, 0] - before[:, 0]) / self.dt, (after[:, 1] - before[:, 1]) / self.dt
        turn = after[:, self.model.nq + 5]
        off = (c * dx + s * dy - goal[:, 0]) ** 2 + (c * dy - s * dx - goal[:, 1]) ** 2
        xp = namespace(after)
        reward = xp.exp(-4 * off) + 0.5 * xp.exp(-4 * (turn - goal[:, 2]) ** 2) + 0.2 * upright - 0.01 * (action**2).sum(1)
        return reward, (after[:, 2] < 0.15) | (upright < 0.5)
