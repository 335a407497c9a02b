"""Augmented random search (Mania, Guy and Recht 2018, "Simple random search of static linear policies is competitive for reinforcement
learning", NeurIPS; its version 2-t): a linear policy of normalized observations goes along the differences of what pairs of perturbed ones earn.

    python python/examples/ars.py HalfCheetah                 # plain
    python python/examples/ars.py HalfCheetah --gradients     # perturbed policies give the gradient of what they earn, too

With gradients, policies that are perturbed as much run side by side for windows of some actions, and each gives the gradient of what it earned,
with a critic for what comes after the window: short-horizon actor-critic (shac.py) for a linear policy, with noise of its numbers in place of
noise of actions. Without a critic it learns fast and soon falls on its back, which pays within a window.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import time

import numpy as np
import shac
import torch
from torch import Tensor, nn

import ukemi.gym


@dataclasses.dataclass
class Settings:
    steps: int = 500_000  # of environments
    directions: int = 32
    best: int = 16
    rate: float = 0.02
    noise: float = 0.03


#: With gradients: the logarithm of the noise is that of the numbers of the policy.
GRADIENTS = shac.Settings(steps=100_000, noise=float(np.log(0.1)), actor_rate=0.04)


class Normal:
    """Mean and variance of all observations so far."""

    def __init__(self, n: int) -> None:
        self.n, self.mean, self.square = 0, np.zeros(n), np.zeros(n)

    def see(self, o: np.ndarray) -> None:
        mean, total = o.mean(0), self.n + len(o)
        away = mean - self.mean
        self.square += ((o - mean) ** 2).sum(0) + away**2 * self.n * len(o) / total
        self.mean, self.n = self.mean + away * len(o) / total, total

    @property
    def scale(self) -> np.ndarray:
        s = np.sqrt(self.square / max(1, self.n))
        return 1 / np.where(s < 1e-6, np.inf, s) if self.n else np.ones_like(self.mean)


class Search:
    def __init__(self, task: ukemi.gym.Task, s: Settings, seed: int) -> None:
        self.task, self.s, self.rng = task, s, np.random.default_rng(seed)
        self.policy, self.normal = np.zeros((task.actions, task.observations)), Normal(task.observations)
        self.steps = 0

    def act(self, o: np.ndarray) -> np.ndarray:
        return ((o - self.normal.mean) * self.normal.scale) @ self.policy.T

    def iterate(self) -> None:
        s, task = self.s, self.task
        away = self.rng.normal(size=(s.directions, *self.policy.shape))
        policies = self.policy + s.noise * np.concatenate([away, -away])
        envs = ukemi.gym.VectorEnv(len(policies), task)
        o, _ = envs.reset(seed=np.repeat(self.rng.integers(1 << 30), len(policies)).tolist())
        earned, going, seen = np.zeros(len(policies)), np.ones(len(policies), bool), []
        for _ in range(task.max_steps):
            seen.append(o[going])
            self.steps += int(going.sum())
            o, r, over, cut, _ = envs.step(np.einsum("nao,no->na", policies, (o - self.normal.mean) * self.normal.scale))
            earned += r * going
            going &= ~(over | cut)
            if not going.any():
                break
        self.normal.see(np.concatenate(seen))
        up, down = np.split(earned, 2)
        best = np.argsort(-np.maximum(up, down))[: s.best]
        spread = np.concatenate([up[best], down[best]]).std() + 1e-9
        self.policy += s.rate / (s.best * spread) * np.tensordot(up[best] - down[best], away[best], axes=1)


class WithGradients(shac.Trainer):
    def parameters(self) -> list[nn.Parameter]:
        self.actor = shac.Normalized(self.task.observations, self.task.actions, 0.0, widths=())
        return list(self.actor.parameters())

    def iterate(self) -> dict[str, float]:
        self.away = torch.randn(self.s.rows, self.task.actions, self.task.observations) * np.exp(self.s.noise)
        return super().iterate()

    def try_(self, o: Tensor) -> Tensor:
        o = self.actor.normal(o)
        return torch.tanh(self.actor.net(o) + (self.away @ o.unsqueeze(-1)).squeeze(-1))


def train(name: str, s: Settings, seed: int, every: int = 1, quiet: bool = False) -> list[tuple[float, int, float]]:
    """The curve of plain random search: CPU seconds, environment steps, mean return."""
    search, spent, curve, k = Search(ukemi.gym.TASKS[name](), s, seed), 0.0, [], 0
    while True:
        if k % every == 0 or search.steps >= s.steps:
            returns = shac.evaluate(search.task, search.act)
            curve.append((spent, search.steps, float(returns.mean())))
            if not quiet:
                print(f"{spent:6.1f} s {search.steps:8d} steps return {returns.mean():8.1f} ± {returns.std():.1f}", flush=True)
        if search.steps >= s.steps:
            return curve
        begun = time.process_time()
        search.iterate()
        spent += time.process_time() - begun
        k += 1


def train_with_gradients(name: str, s: shac.Settings, seed: int, every: int = 5, quiet: bool = False) -> list[tuple[float, int, float]]:
    return shac.train(name, s, seed, every, quiet, WithGradients)[0]


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("task", choices=ukemi.gym.TASKS)
    p.add_argument("--gradients", action="store_true")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--out", help="a CSV file of the curve")
    p.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE")
    a = p.parse_args()
    torch.set_num_threads(1)
    s = GRADIENTS if a.gradients else Settings()
    changes = {k: type(getattr(s, k))(float(v)) for k, v in (c.split("=") for c in a.set)}
    curve = (train_with_gradients if a.gradients else train)(a.task, dataclasses.replace(s, **changes), a.seed)
    if a.out:
        with open(a.out, "w", newline="") as f:
            csv.writer(f).writerows([("cpu_s", "steps", "return"), *curve])


if __name__ == "__main__":
    main()
