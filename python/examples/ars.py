"""Augmented random search (Mania, Guy and Recht 2018, "Simple random search of static linear policies is competitive for reinforcement
learning", NeurIPS; its version 2-t): a linear policy of normalized observations goes along the differences of what pairs of perturbed ones earn.

    python python/examples/ars.py HalfCheetah                 # plain
    python python/examples/ars.py HalfCheetah --gradients     # perturbed policies give the gradient of what they earn, too

With gradients every perturbed policy earns one episode, and its gradient is taken through windows of a few steps: what an action does to the
state counts until the window ends. The average over all of them smooths contact as the differences do, and tells a direction for every number
of the policy instead of one number for each direction.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import time

import numpy as np
import torch
from shac import evaluate
from torch import Tensor

import ukemi
import ukemi.gym
import ukemi.torch


@dataclasses.dataclass
class Settings:
    steps: int = 1_000_000  # of environments
    directions: int = 32
    best: int = 16
    rate: float = 0.02
    noise: float = 0.03


@dataclasses.dataclass
class Gradients:
    steps: int = 200_000
    directions: int = 16
    rate: float = 0.03  # of Adam
    noise: float = 0.03
    window: int = 16  # actions
    kappa: float = 1e-3


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
    """What both have in common: a policy, and what has been seen."""

    def __init__(self, task: ukemi.gym.Task, s: Settings | Gradients, seed: int) -> None:
        self.task, self.s, self.rng = task, s, np.random.default_rng(seed)
        self.policy, self.normal = np.zeros((task.actions, task.observations)), Normal(task.observations)
        self.steps = 0

    def act(self, o: np.ndarray) -> np.ndarray:
        return ((o - self.normal.mean) * self.normal.scale) @ self.policy.T


class Plain(Search):
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


class WithGradients(Search):
    def __init__(self, task: ukemi.gym.Task, s: Gradients, seed: int) -> None:
        super().__init__(task, s, seed)
        self.batch = ukemi.Batch(task.model, kappa=s.kappa)
        self.center = torch.zeros(self.policy.shape, dtype=torch.float64, requires_grad=True)
        self.adam = torch.optim.Adam([self.center], lr=s.rate, betas=(0.7, 0.95))

    def iterate(self) -> None:
        s, task, n = self.s, self.task, self.s.directions
        policies = (self.center + s.noise * torch.from_numpy(self.rng.normal(size=(n, *self.policy.shape)))).detach().requires_grad_()
        starts = [task.start(self.rng) for _ in range(n)]
        x, goal = (torch.from_numpy(np.stack(v)) for v in zip(*starts))
        h, going, seen = torch.zeros(n, dtype=torch.float64), torch.ones(n, dtype=torch.bool), []
        mean, scale = torch.from_numpy(self.normal.mean), torch.from_numpy(self.normal.scale)
        for k in range(0, task.max_steps, s.window):
            earned = torch.zeros(n, dtype=torch.float64)
            for _ in range(min(s.window, task.max_steps - k)):
                x, h, going, r, o = self.step(x, h, going, policies, goal, mean, scale)
                earned = earned + r
                seen.append(o)
            earned.sum().backward()
            x = x.detach()
            if not going.any():
                break
        self.normal.see(np.concatenate(seen))
        g = policies.grad
        length = g.flatten(1).norm(dim=1).clamp(min=1e-9)
        self.center.grad = -(g / length.clamp(min=float(length.median()))[:, None, None]).mean(0)  # wild ones count as the median does
        self.adam.step()
        self.policy = self.center.detach().numpy().copy()

    def step(self, x: Tensor, h: Tensor, going: Tensor, policies: Tensor, goal: Tensor, mean: Tensor, scale: Tensor) -> tuple[Tensor, ...]:
        o = self.task.observe(x, goal)
        action = ((policies @ ((o - mean) * scale).unsqueeze(-1)).squeeze(-1)).clamp(-1, 1)
        y, h, status = ukemi.torch.step(self.batch, x, self.task.inputs(x, action), h, sub=self.task.sub, strict=False)
        r, over = self.task.reward(x, y, action, goal)
        self.steps += int(going.sum())
        seen = o.detach().numpy()[going.numpy()]
        return y, h, going & ~over.detach() & (status == 0), torch.where(going & (status == 0), r, 0.0), seen


def train(name: str, s: Settings | Gradients, seed: int, every: int = 1, quiet: bool = False) -> list[tuple[float, int, float]]:
    """The curve: CPU seconds, environment steps, mean return."""
    torch.manual_seed(seed)
    kind = Plain if isinstance(s, Settings) else WithGradients
    search, spent, curve, k = kind(ukemi.gym.TASKS[name](), s, seed), 0.0, [], 0
    while True:
        if k % every == 0 or search.steps >= s.steps:
            returns = evaluate(search.task, search.act)
            curve.append((spent, search.steps, float(returns.mean())))
            if not quiet:
                print(f"{spent:6.1f} s {search.steps:8d} steps return {returns.mean():8.1f} ± {returns.std():.1f}", flush=True)
        if search.steps >= s.steps:
            return curve
        begun = time.process_time()
        search.iterate()
        spent += time.process_time() - begun
        k += 1


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("task", choices=ukemi.gym.TASKS)
    p.add_argument("--gradients", action="store_true")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--out", help="a CSV file of the curve")
    p.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE")
    a = p.parse_args()
    torch.set_num_threads(1)
    s: Settings | Gradients = Gradients() if a.gradients else Settings()
    changes = {k: type(getattr(s, k))(float(v)) for k, v in (c.split("=") for c in a.set)}
    curve = train(a.task, dataclasses.replace(s, **changes), a.seed)
    if a.out:
        with open(a.out, "w", newline="") as f:
            csv.writer(f).writerows([("cpu_s", "steps", "return"), *curve])


if __name__ == "__main__":
    main()
