"""Environments that run tasks."""

from __future__ import annotations

import tempfile
import webbrowser
from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Box
from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from .._check import Floats
from ..batch import Batch
from ..errors import ArgumentError
from ..film import Film, replay
from ..picture import Renderer
from .task import Task

Bools = NDArray[np.bool_]
Observations = NDArray[np.float32]


class VectorEnv(gymnasium.vector.VectorEnv):
    """Many environments of one task in one call. What happens where an episode ends is ``autoreset_mode``, as in gymnasium: with
    ``NEXT_STEP`` the row starts anew at the next step, whose action it does not take; with ``SAME_STEP`` at once, its last observation
    being in ``info["final_obs"]``; with ``DISABLED`` it waits for ``reset(options={"reset_mask": rows})``. A row whose step fails ends its
    episode. ``render`` gives one picture per row."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 50, "autoreset_mode": AutoresetMode.NEXT_STEP}

    def __init__(
        self,
        num_envs: int,
        task: str | Task,
        *,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        render_mode: str | None = None,
        width: int = 480,
        height: int = 360,
        workers: int | None = None,
    ) -> None:
        if render_mode not in (None, *self.metadata["render_modes"]):
            raise ArgumentError(f"render_mode is {render_mode!r}, want one of {self.metadata['render_modes']}")
        self.num_envs, self.task, self.render_mode, self.size = num_envs, _task(task), render_mode, (width, height)
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.metadata = {**self.metadata, "autoreset_mode": self.autoreset_mode, "render_fps": round(1 / self.task.dt)}
        self.batch = Batch(self.task.model, kappa=self.task.kappa, workers=workers)
        self.single_action_space = Box(-1, 1, (self.task.actions,), np.float32)
        self.single_observation_space = Box(-self.task.bound, self.task.bound, (self.task.observations,), np.float32)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.generators: list[np.random.Generator | None] = [None] * num_envs
        self.steps = np.zeros(num_envs, np.int64)
        self.over = np.zeros(num_envs, bool)
        self._renderer: Renderer | None = None

    def reset(
        self, *, seed: int | list[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observations, dict[str, Any]]:
        super().reset(seed=seed if not isinstance(seed, list) else None, options=options)
        rows = np.arange(self.num_envs) if options is None or "reset_mask" not in options else np.flatnonzero(options["reset_mask"])
        seeds = seed if isinstance(seed, list) else [None if seed is None else seed + i for i in range(self.num_envs)]
        if len(seeds) != self.num_envs:
            raise ArgumentError(f"{len(seeds)} seeds for {self.num_envs} environments")
        for i in rows:
            if seeds[i] is not None or self.generators[i] is None:
                self.generators[i] = seeding.np_random(seeds[i])[0]
        if len(rows) == self.num_envs:
            starts = [self._draw(i) for i in range(self.num_envs)]
            self.state = self.task.model.state(np.stack([x for x, _ in starts]))
            self.goal = np.stack([goal for _, goal in starts])
            self.steps[:], self.over[:] = 0, False
        else:
            self._begun()
            self._restart(rows)
        return self._observe(), {}

    def _begun(self) -> None:
        if not hasattr(self, "state"):
            raise gymnasium.error.ResetNeeded("no row has a state before the first reset() of them all")

    def step(self, actions: Any) -> tuple[Observations, Floats, Bools, Bools, dict[str, Any]]:
        self._begun()
        a = np.clip(np.asarray(actions, np.float64), -1, 1)
        if self.autoreset_mode == AutoresetMode.DISABLED and self.over.any():
            raise ArgumentError(f"episodes of rows {np.flatnonzero(self.over)} are over: reset them, as reset(options={{'reset_mask': rows}})")
        go, before = ~self.over, self.state.x
        some = slice(None) if go.all() else go
        moved = self.batch.step(self.state[some], self.task.inputs(before[some], a[some]), sub=self.task.sub, strict=False)
        self.state = self.state.copy()
        self.state.x[some], self.state.h[some] = moved.state.x, moved.state.h
        reward, terminated = np.zeros(self.num_envs), np.zeros(self.num_envs, bool)
        reward[some], terminated[some] = self.task.reward(before[some], moved.state.x, a[some], self.goal[some])
        terminated[some] |= moved.status != 0
        self.steps[some] += 1
        truncated = go & ~terminated & (self.steps >= self.task.max_steps)
        self._restart(np.flatnonzero(self.over))  # of the step before: a new start, and no reward
        self.over, info = terminated | truncated, {}
        if self.autoreset_mode == AutoresetMode.SAME_STEP and self.over.any():
            last, seen = np.full(self.num_envs, None, dtype=object), self._observe()
            for i in np.flatnonzero(self.over):
                last[i] = seen[i]
            info = {"final_obs": last, "_final_obs": self.over.copy(), "final_info": {}, "_final_info": self.over.copy()}
            self._restart(np.flatnonzero(self.over))
        return self._observe(), reward, terminated, truncated, info

    def render(self) -> tuple[NDArray[np.uint8], ...] | None:  # type: ignore[override,unused-ignore]
        if self.render_mode is None:
            gymnasium.logger.warn("render() without a render_mode: give render_mode='rgb_array'")
            return None
        self._begun()
        if self._renderer is None:
            show = np.stack([self.task.model.start.x, self.state.x[0]])
            self._renderer = Renderer(self.task.model, *self.size, show=show)
        return tuple(self._renderer.render(x) for x in self.state.x)

    def _draw(self, i: int) -> tuple[Floats, Floats]:
        generator = self.generators[i]
        assert generator is not None, "step before reset"
        return self.task.start(generator)

    def _restart(self, rows: NDArray[np.intp]) -> None:
        for i in rows:
            self.state.x[i], self.goal[i] = self._draw(i)
        self.state.h[rows], self.steps[rows], self.over[rows] = 0, 0, False

    def _observe(self) -> Observations:
        seen: Floats = self.task.observe(self.state.x, self.goal)
        return np.clip(seen, -self.task.bound, self.task.bound).astype(np.float32)


class Env(gymnasium.Env):  # type: ignore[type-arg,unused-ignore]
    """One environment: a row of a :class:`VectorEnv`. With ``render_mode="human"`` every episode that has ended, and the last one on ``close``,
    opens as a page in the browser; :meth:`film` gives the episode at hand in any mode."""

    metadata = {"render_modes": ["rgb_array", "human"], "render_fps": 50}

    def __init__(self, task: str | Task, render_mode: str | None = None, width: int = 480, height: int = 360) -> None:
        if render_mode not in (None, *self.metadata["render_modes"]):
            raise ArgumentError(f"render_mode is {render_mode!r}, want one of {self.metadata['render_modes']}")
        self.render_mode = render_mode
        pictures = None if render_mode == "human" else render_mode
        self.rows = VectorEnv(1, task, autoreset_mode=AutoresetMode.DISABLED, render_mode=pictures, width=width, height=height, workers=1)
        self.metadata = {**self.metadata, "render_fps": self.rows.metadata["render_fps"]}
        self.action_space, self.observation_space = self.rows.single_action_space, self.rows.single_observation_space
        self._inputs: list[Floats] = []

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Observations, dict[str, Any]]:
        self._show()
        super().reset(seed=seed)
        self.rows.generators = [self.np_random]
        observation, info = self.rows.reset(options=options)
        self._first, self._inputs = self.rows.state[0], []
        return observation[0], info

    def step(self, action: Any) -> tuple[Observations, float, bool, bool, dict[str, Any]]:
        action = np.asarray(action, np.float64)[None]
        self._inputs.append(self.rows.task.inputs(self.rows.state.x, np.clip(action, -1, 1))[0])
        self.rows.over[:] = False  # gymnasium lets who wants to go on after the end
        observation, reward, terminated, truncated, info = self.rows.step(action)
        return observation[0], float(reward[0]), bool(terminated[0]), bool(truncated[0]), info

    def film(self) -> Film:
        """The episode so far, with its contact forces: see :func:`ukemi.replay`."""
        inputs = np.repeat(np.reshape(self._inputs, (-1, self.rows.task.model.nu)), self.rows.task.sub, axis=0)
        return replay(self.rows.batch, self._first, inputs, title=type(self.rows.task).__name__)

    def render(self) -> NDArray[np.uint8] | None:  # type: ignore[override,unused-ignore]
        if self.render_mode == "human":
            return None
        pictures = self.rows.render()
        return None if pictures is None else pictures[0]

    def close(self) -> None:
        self._show()

    def _show(self) -> None:
        if self.render_mode == "human" and self._inputs:
            page = tempfile.NamedTemporaryFile(prefix="ukemi-", suffix=".html", delete=False)  # the browser reads it when it likes
            page.close()
            self.film().save(page.name)
            webbrowser.open(f"file://{page.name}")
            self._inputs = []


def _task(task: str | Task) -> Task:
    from . import TASKS

    if isinstance(task, Task):
        return task
    if task not in TASKS:
        raise ArgumentError(f"there is no task {task!r}; there are {', '.join(TASKS)}, or give a ukemi.gym.Task")
    return TASKS[task]()


def register(task: type[Task]) -> None:
    """Makes a task known to gymnasium as ``ukemi/NAME-v0``."""
    gymnasium.register(
        f"ukemi/{task.__name__}-v0",
        entry_point="ukemi.gym:Env",
        vector_entry_point="ukemi.gym:VectorEnv",
        kwargs={"task": task.__name__},
        disable_env_checker=True,
    )
