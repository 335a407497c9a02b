"""The vector environment of stable-baselines3.

>>> from stable_baselines3 import PPO
>>> from ukemi.gym.sb3 import SB3VecEnv
>>> PPO("MlpPolicy", SB3VecEnv(64, "Ant")).learn(1_000_000)
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray
from stable_baselines3.common.vec_env import VecEnv

from .env import VectorEnv
from .task import Task


class SB3VecEnv(VecEnv):
    """All rows in one call, with the episodes' returns and lengths in ``infos`` as its Monitor has them."""

    def __init__(self, num_envs: int, task: str | Task, render_mode: str | None = None, **options: Any) -> None:
        self.envs = VectorEnv(num_envs, task, autoreset_mode=AutoresetMode.SAME_STEP, render_mode=render_mode, **options)
        self.render_mode = render_mode
        super().__init__(num_envs, self.envs.single_observation_space, self.envs.single_action_space)
        self._begun = time.time()

    def reset(self) -> NDArray[np.float32]:
        self._returns, self._lengths = np.zeros(self.num_envs), np.zeros(self.num_envs, np.int64)
        seeds: list[int | None] = [None if s is None else int(s) for s in self._seeds]
        observation, _ = self.envs.reset(seed=seeds)
        self._reset_seeds()
        self._reset_options()
        return observation

    def step_async(self, actions: NDArray[Any]) -> None:
        self._actions = actions

    def step_wait(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_], list[dict[str, Any]]]:
        observation, reward, terminated, truncated, info = self.envs.step(self._actions)
        self._returns += reward
        self._lengths += 1
        done = terminated | truncated
        infos: list[dict[str, Any]] = [{"TimeLimit.truncated": False} for _ in range(self.num_envs)]
        for i in np.flatnonzero(done):
            infos[i] = {
                "TimeLimit.truncated": bool(truncated[i]),
                "terminal_observation": info["final_obs"][i],
                "episode": {"r": float(self._returns[i]), "l": int(self._lengths[i]), "t": time.time() - self._begun},
            }
        self._returns[done], self._lengths[done] = 0, 0
        return observation, reward.astype(np.float32), done, infos

    def close(self) -> None:
        self.envs.close()

    def get_images(self) -> Sequence[NDArray[np.uint8] | None]:
        return self.envs.render() or [None] * self.num_envs

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        value = self.render_mode if attr_name == "render_mode" else getattr(self.envs, attr_name)
        return [value for _ in self._get_indices(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        if len(list(self._get_indices(indices))) != self.num_envs:
            raise ValueError(f"{attr_name}: rows share their attributes, set them for all")
        setattr(self.envs, attr_name, value)

    def env_method(self, method_name: str, *method_args: Any, indices: Any = None, **method_kwargs: Any) -> list[Any]:
        result = getattr(self.envs, method_name)(*method_args, **method_kwargs)
        return [result for _ in self._get_indices(indices)]

    def env_is_wrapped(self, wrapper_class: type, indices: Any = None) -> list[bool]:
        rows: Iterable[int] = self._get_indices(indices)
        return [False for _ in rows]
