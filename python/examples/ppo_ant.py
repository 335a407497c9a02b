"""Proximal policy optimization of stable-baselines3 on the ant: no gradients of the engine, its vector environment alone.

    python python/examples/ppo_ant.py --seed 0
"""

from __future__ import annotations

import argparse
import csv
import time
import warnings

import numpy as np
import torch
from shac import evaluate
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecNormalize

import ukemi.gym
from ukemi.gym.sb3 import SB3VecEnv


class Curve(BaseCallback):
    """Evaluates the policy without noise now and then, as the other examples do, and leaves the time of that out."""

    def __init__(self, envs: VecNormalize, steps: int, every: int, quiet: bool) -> None:
        super().__init__()
        self.envs, self.most, self.every, self.quiet = envs, steps, every, quiet
        self.points: list[tuple[float, int, float]] = []
        self.spent, self.mark, self.rollouts = 0.0, time.process_time(), 0

    def act(self, o: np.ndarray) -> np.ndarray:
        return self.model.predict(self.envs.normalize_obs(o), deterministic=True)[0]

    def look(self) -> None:
        self.spent += time.process_time() - self.mark
        returns = evaluate(ukemi.gym.Ant(), self.act)
        self.points.append((self.spent, self.num_timesteps, float(returns.mean())))
        if not self.quiet:
            print(f"{self.spent:6.1f} s {self.num_timesteps:8d} steps return {returns.mean():8.1f} ± {returns.std():.1f}", flush=True)
        self.mark = time.process_time()

    def _on_rollout_start(self) -> None:
        if self.rollouts % self.every == 0:
            self.look()
        self.rollouts += 1

    def _on_step(self) -> bool:
        return self.num_timesteps < self.most

    def _on_training_end(self) -> None:
        self.look()


def train(seed: int, steps: int = 500_000, every: int = 10, quiet: bool = False) -> list[tuple[float, int, float]]:
    """The curve: CPU seconds, environment steps, mean return."""
    envs = VecNormalize(SB3VecEnv(64, "Ant"))
    envs.seed(seed)
    curve = Curve(envs, steps, every, quiet)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of theirs
        ppo = PPO("MlpPolicy", envs, n_steps=64, batch_size=512, n_epochs=5, gamma=0.99, learning_rate=3e-4, device="cpu", seed=seed)
        ppo.learn(10**9, callback=curve)
    return curve.points


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--steps", type=int, default=500_000)
    p.add_argument("--out", help="a CSV file of the curve")
    a = p.parse_args()
    torch.set_num_threads(1)
    points = train(a.seed, a.steps)
    if a.out:
        with open(a.out, "w", newline="") as f:
            csv.writer(f).writerows([("cpu_s", "steps", "return"), *points])


if __name__ == "__main__":
    main()
