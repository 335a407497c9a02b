"""gymnasium environments.

>>> import gymnasium, ukemi.gym
>>> env = gymnasium.make("ukemi/Ant-v0")
>>> envs = gymnasium.make_vec("ukemi/Ant-v0", num_envs=64)

There is one vector environment, which steps all rows on all cores in one call, and an environment of one row of it. What is
rewarded is a :class:`Task`, written in numpy for all rows at once: give your own as ``VectorEnv(64, task=MyTask())``. Row i of a vector
environment that was seeded with s does what an environment seeded with s + i does, bit for bit.
"""

from __future__ import annotations

import functools
from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Box
from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from ._check import Floats
from .batch import Batch
from .model import Model, load
from .state import State

Bools = NDArray[np.bool_]


class Task:
    """What is rewarded. Arrays have one row per environment; actions are in −1 … 1."""

    model: Model
    sub = 2  #: steps of the model under one action
    max_steps = 500  #: actions until an episode is truncated
    observations = 0  #: how many numbers are observed
    kappa = 1e-4
    bound = 100.0  #: observations are cut to −bound … bound

    @property
    def actions(self) -> int:
        return self.model.nu

    def start(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """The first state x (nx) of an episode and its goal, of any length."""
        raise NotImplementedError

    def inputs(self, action: Floats) -> Floats:
        """Inputs of the model."""
        return action

    def observe(self, state: State, goal: Floats) -> Floats:
        raise NotImplementedError

    def reward(self, before: State, after: State, action: Floats, goal: Floats) -> tuple[Floats, Bools]:
        """Rewards, and whether episodes end here, as a robot that fell."""
        raise NotImplementedError

    @property
    def dt(self) -> float:
        """Seconds between two actions."""
        return self.sub * self.model.timestep


class Ant(Task):
    """Run along x: forward speed, one for being upright, less the effort."""

    torque = 5.0  # N m

    def __init__(self) -> None:
        self.model = _model("ant")
        self.observations = self.model.nx - 2  # where it is on the plane does not matter

    def start(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        x = self.model.start.x
        x[2] -= 0.09  # feet just above the ground
        x[7:15] += rng.uniform(-0.1, 0.1, 8)
        x[15:] += 0.1 * rng.normal(size=14)
        return x, np.zeros(0)

    def inputs(self, action: Floats) -> Floats:
        return self.torque * action

    def observe(self, state: State, goal: Floats) -> Floats:
        return state.x[:, 2:]

    def reward(self, before: State, after: State, action: Floats, goal: Floats) -> tuple[Floats, Bools]:
        speed = (after.x[:, 0] - before.x[:, 0]) / self.dt
        fell = (after.x[:, 2] < 0.2) | (after.x[:, 2] > 1.0)
        return speed + 1 - 0.02 * (action**2).sum(1), fell


class Quadruped(Task):
    """Trot at a commanded speed along x, 0 to 1 m/s, with position servos: actions turn joints away from a stance."""

    reach = 0.4  # rad

    def __init__(self) -> None:
        self.model = _model("quadruped4", servo=(80.0, 2.0))
        self.stance = np.array([self.model.start.x[self.model.joint(u.name).q][0] for u in self.model.inputs])
        self.observations = self.model.nx - 2 + 1

    def start(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        x = self.model.start.x
        x[7:19] += rng.uniform(-0.05, 0.05, 12)
        return x, rng.uniform(0, 1, 1)

    def inputs(self, action: Floats) -> Floats:
        return self.stance + self.reach * action

    def observe(self, state: State, goal: Floats) -> Floats:
        return np.concatenate([state.x[:, 2:], goal], axis=1)

    def reward(self, before: State, after: State, action: Floats, goal: Floats) -> tuple[Floats, Bools]:
        move = (after.x[:, :2] - before.x[:, :2]) / self.dt
        upright = 1 - 2 * (after.x[:, 4] ** 2 + after.x[:, 5] ** 2)  # the vertical part of its own vertical axis
        error = (move[:, 0] - goal[:, 0]) ** 2 + move[:, 1] ** 2
        return np.exp(-4 * error) + 0.2 * upright - 0.01 * (action**2).sum(1), (after.x[:, 2] < 0.15) | (upright < 0.5)


class CartpoleSwingup(Task):
    """Swing a pole up that hangs from a cart, and hold it there."""

    force = 10.0  # N

    def __init__(self) -> None:
        self.model = _model("cartpole")
        self.observations = 5

    def start(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        return np.array([0, np.pi, 0, 0]) + 0.05 * rng.normal(size=4), np.zeros(0)

    def inputs(self, action: Floats) -> Floats:
        return self.force * action

    def observe(self, state: State, goal: Floats) -> Floats:
        x, angle, v, w = state.x.T
        return np.stack([x, np.cos(angle), np.sin(angle), v, w], axis=1)

    def reward(self, before: State, after: State, action: Floats, goal: Floats) -> tuple[Floats, Bools]:
        x, angle, _, w = after.x.T
        return (1 + np.cos(angle)) / 2 - 0.02 * x**2 - 0.001 * w**2 - 0.01 * action[:, 0] ** 2, np.zeros(len(x), bool)


@functools.lru_cache(maxsize=None)
def _model(name: str, servo: tuple[float, float] | None = None) -> Model:
    return load(name, servo=servo)


TASKS: dict[str, type[Task]] = {"Ant": Ant, "Quadruped": Quadruped, "CartpoleSwingup": CartpoleSwingup}


class VectorEnv(gymnasium.vector.VectorEnv):
    """Many environments of one task in one call. A row whose episode ended starts anew at the next step, whose action it does not take
    (``AutoresetMode.NEXT_STEP``). A row whose step fails ends its episode."""

    metadata = {"render_modes": [], "autoreset_mode": AutoresetMode.NEXT_STEP}
    render_mode = None

    def __init__(self, num_envs: int, task: str | Task, workers: int | None = None) -> None:
        self.num_envs, self.task = num_envs, _task(task)
        self.batch = Batch(self.task.model, kappa=self.task.kappa, workers=workers)
        self.single_action_space = Box(-1, 1, (self.task.actions,), np.float32)
        self.single_observation_space = Box(-self.task.bound, self.task.bound, (self.task.observations,), np.float32)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.generators: list[np.random.Generator | None] = [None] * num_envs
        self.steps = np.zeros(num_envs, np.int64)
        self.over = np.zeros(num_envs, bool)

    def reset(self, *, seed: int | list[int | None] | None = None, options: dict[str, Any] | None = None) -> tuple[NDArray[np.float32], dict[str, Any]]:
        super().reset(seed=seed if not isinstance(seed, list) else None, options=options)
        seeds = seed if isinstance(seed, list) else [None if seed is None else seed + i for i in range(self.num_envs)]
        for i, s in enumerate(seeds):
            if s is not None or self.generators[i] is None:
                self.generators[i] = seeding.np_random(s)[0]
        starts = [self.task.start(g) for g in self.generators if g is not None]
        self.state = self.task.model.state(np.stack([x for x, _ in starts]))
        self.goal = np.stack([goal for _, goal in starts])
        self.steps[:], self.over[:] = 0, False
        return self._observe(), {}

    def step(self, actions: Any) -> tuple[NDArray[np.float32], Floats, Bools, Bools, dict[str, Any]]:
        a = np.clip(np.asarray(actions, np.float64), -1, 1)
        go, state = ~self.over, self.state.copy()
        moved = self.batch.step(self.state[go], self.task.inputs(a[go]), sub=self.task.sub, strict=False)
        state.x[go], state.h[go] = moved.state.x, moved.state.h
        reward, terminated = np.zeros(self.num_envs), np.zeros(self.num_envs, bool)
        reward[go], terminated[go] = self.task.reward(self.state[go], moved.state, a[go], self.goal[go])
        terminated[go] |= moved.status != 0
        for i in np.flatnonzero(self.over):
            generator = self.generators[i]
            assert generator is not None
            state.x[i], self.goal[i] = self.task.start(generator)
            state.h[i] = 0
        self.steps = np.where(self.over, 0, self.steps + 1)
        truncated = ~terminated & (self.steps >= self.task.max_steps)
        self.state, self.over = state, terminated | truncated
        return self._observe(), reward, terminated, truncated, {}

    def _observe(self) -> NDArray[np.float32]:
        return np.clip(self.task.observe(self.state, self.goal), -self.task.bound, self.task.bound).astype(np.float32)


class Env(gymnasium.Env):  # type: ignore[type-arg,unused-ignore]
    """One environment: a row of a :class:`VectorEnv`."""

    metadata = {"render_modes": []}

    def __init__(self, task: str | Task, render_mode: str | None = None) -> None:
        if render_mode is not None:
            raise ValueError(f"render_mode {render_mode!r}: these environments do not render")
        self.render_mode = None
        self.rows = VectorEnv(1, task, workers=1)
        self.action_space, self.observation_space = self.rows.single_action_space, self.rows.single_observation_space

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[NDArray[np.float32], dict[str, Any]]:
        super().reset(seed=seed)
        self.rows.generators = [self.np_random]
        observation, info = self.rows.reset(options=options)
        return observation[0], info

    def step(self, action: Any) -> tuple[NDArray[np.float32], float, bool, bool, dict[str, Any]]:
        observation, reward, terminated, truncated, info = self.rows.step(np.asarray(action)[None])
        return observation[0], float(reward[0]), bool(terminated[0]), bool(truncated[0]), info


def _task(task: str | Task) -> Task:
    if isinstance(task, Task):
        return task
    if task not in TASKS:
        raise ValueError(f"there is no task {task!r}; there are {', '.join(TASKS)}, or give a ukemi.gym.Task")
    return TASKS[task]()


for _name in TASKS:
    gymnasium.register(
        f"ukemi/{_name}-v0", entry_point="ukemi.gym:Env", vector_entry_point="ukemi.gym:VectorEnv", kwargs={"task": _name}, disable_env_checker=True
    )
