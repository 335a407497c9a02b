"""Short-horizon actor-critic (Xu et al. 2022, "Accelerated policy learning with parallel differentiable simulation", ICLR): the policy follows the
gradient of what many short rollouts earn, taken through the engine's steps, and of what a critic expects of the states where they end.

    python python/examples/shac.py Ant --seed 0 --out ant.csv

prints a line per evaluation, of 32 episodes of the environment without noise: CPU seconds, environment steps, mean return.
"""

from __future__ import annotations

import argparse
import copy
import csv
import dataclasses
import time

import numpy as np
import torch
from torch import Tensor, nn

import ukemi
import ukemi.gym
import ukemi.torch


@dataclasses.dataclass
class Settings:
    steps: int = 200_000  # of environments
    rows: int = 64
    horizon: int = 16
    kappa: float = 1e-3  # of training: softer contact tells the gradient that the ground is near
    discount: float = 0.99
    trace: float = 0.95  # λ of TD(λ)
    actor_rate: float = 3e-3
    critic_rate: float = 1e-3
    critic_epochs: int = 8
    target: float = 0.8  # how far the target critic goes to the critic, each time
    noise: float = -1.0  # logarithm of the policy's first standard deviation
    least: float = 0.2  # at which part of the first rates training ends


#: What differs from the above.
TASKS = {
    "Ant": Settings(),
    "HalfCheetah": Settings(),
    "Hopper": Settings(actor_rate=1e-3),  # at 3e-3 it forgets from time to time how to land
    "Walker2d": Settings(actor_rate=1e-3),
    "Quadruped": Settings(actor_rate=1e-3),
    "CartpoleSwingup": Settings(horizon=32, critic_epochs=4, actor_rate=2e-3, least=0.1),  # 0.64 s: a good part of a swing
}


class Normalized(nn.Module):
    """A network of observations, which it brings to mean 0 and variance 1 by all that it has seen in training."""

    def __init__(self, inputs: int, outputs: int, last: float, widths: tuple[int, ...] = (128, 64)) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(inputs))
        self.register_buffer("variance", torch.ones(inputs))
        self.seen = 0
        layers: list[nn.Module] = []
        for width in widths:
            layers += [nn.Linear(inputs, width), nn.ELU(), nn.LayerNorm(width)]
            inputs = width
        layers.append(nn.Linear(inputs, outputs))
        layers[-1].weight.data *= last
        layers[-1].bias.data.zero_()
        self.net = nn.Sequential(*layers)

    def forward(self, o: Tensor) -> Tensor:
        return self.net(self.normal(o))

    def normal(self, o: Tensor) -> Tensor:
        return ((o.float() - self.mean) / (self.variance.sqrt() + 1e-5)).clamp(-10, 10)

    def see(self, o: Tensor) -> None:
        n, mean, variance = len(o), o.mean(0), o.var(0)
        total = self.seen + n
        away = mean - self.mean
        self.variance = (self.variance * self.seen + variance * n + away**2 * self.seen * n / total) / total
        self.mean = self.mean + away * n / total
        self.seen = total


class Trainer:
    """Its policy is a normal distribution of actions, by a network. Another one has other parameters, :meth:`try_` and :meth:`act`."""

    def __init__(self, task: ukemi.gym.Task, s: Settings, seed: int) -> None:
        torch.manual_seed(seed)
        torch.set_num_threads(1)  # gradients of a LayerNorm are summed in as many parts as there are threads, and learning makes another curve of the last bits
        self.task, self.s, self.rng = task, s, np.random.default_rng(seed)
        self.batch = ukemi.Batch(task.model, kappa=s.kappa)
        self.climb = self.parameters()
        self.critic = Normalized(task.observations, 1, 1.0)
        self.target = copy.deepcopy(self.critic)
        self.actor_adam = torch.optim.Adam(self.climb, lr=s.actor_rate, betas=(0.7, 0.95))
        self.critic_adam = torch.optim.Adam(self.critic.parameters(), lr=s.critic_rate, betas=(0.7, 0.95))
        self.x, self.goal = self.starts(s.rows)
        self.h = torch.zeros(s.rows, dtype=torch.float64)
        self.age = torch.randint(0, task.max_steps, (s.rows,))  # so that not all episodes end together
        self.steps = self.failed = 0

    def parameters(self) -> list[nn.Parameter]:
        """What is learned."""
        self.actor = Normalized(self.task.observations, self.task.actions, 0.01)
        self.log_std = nn.Parameter(torch.full((self.task.actions,), self.s.noise))
        return [*self.actor.parameters(), self.log_std]

    def try_(self, o: Tensor) -> Tensor:
        """Actions of training."""
        mean = self.actor(o)
        return torch.tanh(mean + self.log_std.exp() * torch.randn_like(mean))

    def act(self, observations: np.ndarray) -> np.ndarray:
        """Actions without noise."""
        with torch.no_grad():
            return torch.tanh(self.actor(torch.as_tensor(observations))).numpy()

    def starts(self, n: int) -> tuple[Tensor, Tensor]:
        starts = [self.task.start(self.rng) for _ in range(n)]
        return torch.tensor(np.stack([x for x, _ in starts])), torch.tensor(np.stack([g for _, g in starts]))

    def advance(self, x: Tensor, h: Tensor, action: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The next states, and whether a step failed."""
        y, h, status = ukemi.torch.step(self.batch, x, self.task.inputs(x, action.double()), h, sub=self.task.sub, strict=False)
        self.failed += int((status != 0).sum())
        return y, h, status != 0

    def iterate(self) -> dict[str, float]:
        """Climbs by one batch of short rollouts, and teaches the critic what they earned."""
        s, task, n = self.s, self.task, self.s.rows
        x, h, weight, earned = self.x.detach(), self.h, torch.ones(n), torch.zeros(n)
        seen, rewards, ends, dones, values = [], [], [], [], []
        for k in range(s.horizon):
            o = task.observe(x, self.goal)
            seen.append(o.detach().float())
            action = self.try_(o)
            y, h, failed = self.advance(x, h, action)
            r, over = task.reward(x, y, action.double(), self.goal)
            r, over = torch.where(failed, 0.0, r).float(), over | failed
            self.age += 1
            cut = ~over & (self.age >= task.max_steps)
            value = self.target(task.observe(y, self.goal)).squeeze(-1)
            earned = earned + weight * r
            end = cut | (~over if k == s.horizon - 1 else torch.zeros_like(over))
            earned = earned + torch.where(end, weight * s.discount * value, 0.0)
            done = over | cut
            rewards.append(r.detach()), ends.append(over), dones.append(done), values.append(value.detach())
            weight = torch.where(done, 1.0, weight * s.discount)
            if done.any():
                start, goal = self.starts(int(done.sum()))
                y, h, self.goal = y.clone(), h.clone(), self.goal.clone()
                y[done], h[done], self.goal[done], self.age[done] = start, 0.0, goal, 0
            x = y
        self.x, self.h = x.detach(), h
        self.steps += n * s.horizon
        slow = max(s.least, 1 - self.steps / s.steps)
        for group in self.actor_adam.param_groups:
            group["lr"] = s.actor_rate * slow
        self.actor_adam.zero_grad()
        (-earned.sum() / (n * s.horizon)).backward()
        norm = nn.utils.clip_grad_norm_(self.climb, 1.0)
        if torch.isfinite(norm):
            self.actor_adam.step()
        loss = self.teach(torch.stack(seen), torch.stack(rewards), torch.stack(ends), torch.stack(dones), torch.stack(values))
        return {"gradient": float(norm.detach()), "critic": loss, "reward": float(torch.stack(rewards).detach().mean())}

    def teach(self, seen: Tensor, rewards: Tensor, ends: Tensor, dones: Tensor, values: Tensor) -> float:
        """Fits the critic to TD(λ) returns; the target follows. Networks see by the new mean and variance only from the next rollouts on."""
        s, o, wanted = self.s, seen.flatten(0, 1), self.returns(rewards, ends, dones, values).flatten()
        for net in (self.actor, self.critic, self.target):
            net.see(o)
        for _ in range(s.critic_epochs):
            for rows in torch.randperm(len(o)).chunk(4):
                loss = ((self.critic(o[rows]).squeeze(-1) - wanted[rows]) ** 2).mean()
                self.critic_adam.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(self.critic.parameters(), 1.0)
                self.critic_adam.step()
        with torch.no_grad():
            for a, b in zip(self.target.parameters(), self.critic.parameters()):
                a.lerp_(b, s.target)
        return float(loss.detach())

    def returns(self, rewards: Tensor, ends: Tensor, dones: Tensor, values: Tensor) -> Tensor:
        """TD(λ): what each step earned and what follows; values are what is expected of the states it led to."""
        s, ahead, wanted = self.s, torch.zeros_like(rewards[0]), torch.zeros_like(rewards)
        for k in reversed(range(s.horizon)):
            value = torch.where(ends[k], 0.0, values[k])
            mixed = value if k == s.horizon - 1 else torch.where(dones[k], value, (1 - s.trace) * value + s.trace * ahead)
            wanted[k] = ahead = rewards[k] + s.discount * mixed
        return wanted


def evaluate(task: ukemi.gym.Task, act, n: int = 32) -> np.ndarray:
    """Returns of n episodes of the environment, the same starts each time."""
    envs = ukemi.gym.VectorEnv(n, task)
    o, _ = envs.reset(seed=1000)
    total, going = np.zeros(n), np.ones(n, bool)
    for _ in range(task.max_steps):
        o, r, over, cut, _ = envs.step(act(o))
        total += r * going
        going &= ~(over | cut)
    return total


def train(
    name: str, s: Settings, seed: int, every: int = 10, quiet: bool = False, trainer: type[Trainer] = Trainer
) -> tuple[list[tuple[float, int, float]], Trainer]:
    """The curve: CPU seconds of training, without that of evaluations, environment steps, mean return."""
    trainer = trainer(ukemi.gym.TASKS[name](), s, seed)
    spent, curve, k = 0.0, [], 0
    while True:
        if k % every == 0 or trainer.steps >= s.steps:
            returns = evaluate(trainer.task, trainer.act)
            curve.append((spent, trainer.steps, float(returns.mean())))
            if not quiet:
                more = " ".join(f"{key} {value:.3g}" for key, value in (told if k else {}).items())
                print(f"{spent:6.1f} s {trainer.steps:8d} steps return {returns.mean():8.1f} ± {returns.std():.1f} failed {trainer.failed} {more}", flush=True)
        if trainer.steps >= s.steps:
            return curve, trainer
        begun = time.process_time()
        told = trainer.iterate()
        spent += time.process_time() - begun
        k += 1


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("task", choices=TASKS)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--out", help="a CSV file of the curve")
    p.add_argument("--page", help="an HTML page of an episode at the end")
    p.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="settings: " + ", ".join(f.name for f in dataclasses.fields(Settings)))
    a = p.parse_args()
    changes = {k: type(getattr(TASKS[a.task], k))(float(v)) for k, v in (c.split("=") for c in a.set)}
    curve, trainer = train(a.task, dataclasses.replace(TASKS[a.task], **changes), a.seed)
    if a.out:
        with open(a.out, "w", newline="") as f:
            csv.writer(f).writerows([("cpu_s", "steps", "return"), *curve])
    if a.page:
        env = ukemi.gym.Env(trainer.task)
        o, _ = env.reset(seed=1000)
        for _ in range(trainer.task.max_steps):
            o, _, over, cut, _ = env.step(trainer.act(o))
            if over or cut:
                break
        env.film().save(a.page)


if __name__ == "__main__":
    main()
