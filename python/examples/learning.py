"""The learning curves of docs/learning.md.

    python python/examples/learning.py run "SHAC Ant" --seed 0     # appends to docs/learning.csv
    python python/examples/learning.py plot                        # writes docs/img/learning.png and the table of docs/learning.md

Runs take one thread each (OMP_NUM_THREADS=1), and about a minute.
"""

from __future__ import annotations

import argparse
import csv
import pathlib
from collections import defaultdict

import numpy as np

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
DATA = DOCS / "learning.csv"


def shac(task):
    def run(seed):
        import shac as module

        return module.train(task, module.TASKS[task], seed, every=5)[0]

    return run


def ppo(seed):
    import ppo_ant

    return ppo_ant.train(seed)


def ars(gradients):
    def run(seed):
        import ars as module

        if gradients:
            return module.train_with_gradients("HalfCheetah", module.GRADIENTS, seed)
        return module.train("HalfCheetah", module.Settings(), seed, every=2)

    return run


RUNS = {
    "SHAC Ant": shac("Ant"), "PPO Ant": ppo,
    "SHAC HalfCheetah": shac("HalfCheetah"), "ARS HalfCheetah": ars(False), "ARS with gradients HalfCheetah": ars(True),
    "SHAC Hopper": shac("Hopper"), "SHAC CartpoleSwingup": shac("CartpoleSwingup"),
}  # fmt: skip
#: Returns that say something: to stand still, or what was asked for.
MARKS = {"Ant": 850}


def load():
    """Curves by name and seed: rows of CPU seconds, steps, return."""
    curves = defaultdict(lambda: defaultdict(list))
    with DATA.open(newline="") as f:
        for row in csv.DictReader(f):
            curves[row["run"]][int(row["seed"])].append([float(row[k]) for k in ("cpu_s", "steps", "return")])
    return {name: {seed: np.array(c) for seed, c in seeds.items()} for name, seeds in curves.items()}


def save(name, seed, curve):
    """Replaces a curve."""
    rows = [(n, s, *point) for n, seeds in (load() if DATA.exists() else {}).items() for s, c in seeds.items() if (n, s) != (name, seed) for point in c]
    rows += [(name, seed, *point) for point in curve]
    with DATA.open("w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["run", "seed", "cpu_s", "steps", "return"])
        out.writerows((n, s, f"{cpu:.1f}", int(steps), f"{r:.1f}") for n, s, cpu, steps, r in rows)


def first(curve, mark, column):
    """Where a curve first reaches a return, between its points by a line; NaN if it does not."""
    k = np.flatnonzero(curve[:, 2] >= mark)
    if not len(k):
        return np.nan
    if k[0] == 0:
        return curve[0, column]
    a, b = curve[k[0] - 1], curve[k[0]]
    return a[column] + (mark - a[2]) / (b[2] - a[2]) * (b[column] - a[column])


def table(curves):
    lines = ["| | seeds | steps | CPU s | return at the end | reaches | after steps | after CPU s |", "|---|--:|--:|--:|--:|--:|--:|--:|"]
    for name in RUNS:
        if name not in curves:
            continue
        seeds = [curves[name][s] for s in sorted(curves[name])]
        ends = np.array([c[-1] for c in seeds])
        task = name.split()[-1]
        mark = MARKS.get(task, bar(curves, task))
        steps, cpu = (["–" if np.isnan(v) else f"{v:.0f}" for v in (first(c, mark, k) for c in seeds)] for k in (1, 0))
        lines.append(
            f"| {name} | {len(seeds)} | {ends[:, 1].mean():.0f} | {ends[:, 0].mean():.0f} | {', '.join(f'{r:.0f}' for r in ends[:, 2])} "
            f"| {mark:.0f} | {', '.join(steps)} | {', '.join(cpu)} |"
        )
    return "\n".join(lines)


def bar(curves, task):
    """What plain random search has at the end, the mean of its seeds; of tasks that it does not have, 95 % of the worst seed's end."""
    plain = curves.get(f"ARS {task}")
    if plain:
        return np.mean([c[-1, 2] for c in plain.values()])
    return 0.95 * min(c[-1, 2] for name, seeds in curves.items() if name.endswith(" " + task) for c in seeds.values())


def plot(curves):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    tasks = list(dict.fromkeys(name.split()[-1] for name in RUNS))
    figure, axes = plt.subplots(2, len(tasks), figsize=(4 * len(tasks), 6), squeeze=False)
    for column, task in enumerate(tasks):
        names = [n for n in RUNS if n.split()[-1] == task and n in curves]
        for name, color in zip(names, ("#0072b2", "#d55e00", "#009e73")):
            seeds = [curves[name][s] for s in sorted(curves[name])]
            for row, k in enumerate((1, 0)):
                at = np.linspace(0, min(c[-1, k] for c in seeds), 200)
                values = np.array([np.interp(at, c[:, k], c[:, 2]) for c in seeds])
                axes[row, column].plot(at, values.mean(0), color=color, label=name.removesuffix(" " + task))
                axes[row, column].fill_between(at, values.min(0), values.max(0), color=color, alpha=0.2, linewidth=0)
        axes[0, column].set_title(task)
        axes[0, column].set_xlabel("environment steps")
        axes[1, column].set_xlabel("CPU seconds")
        axes[0, column].legend(frameon=False, fontsize=8)
    for a in axes[:, 0]:
        a.set_ylabel("return")
    for a in axes.flat:
        a.spines[["top", "right"]].set_visible(False)
        a.grid(color="0.9")
    figure.tight_layout()
    figure.savefig(DOCS / "img" / "learning.png", dpi=80, metadata={"Software": None})


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=["run", "plot"])
    p.add_argument("name", nargs="?", choices=RUNS)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--data", type=pathlib.Path, default=DATA)
    a = p.parse_args()
    globals()["DATA"] = a.data
    if a.what == "run":
        import torch

        torch.set_num_threads(1)
        save(a.name, a.seed, RUNS[a.name](a.seed))
        return
    curves = load()
    plot(curves)
    page = DOCS / "learning.md"
    begin, end = "<!-- curves: begin -->", "<!-- curves: end -->"
    text = page.read_text()
    head, rest = text.split(begin)
    page.write_text(f"{head}{begin}\n\n{table(curves)}\n\n{end}" + rest.split(end)[1])


if __name__ == "__main__":
    main()
