"""What calls cost: CPU time a row and step, of all threads, the fastest of several repeats. Wall time on a shared machine compares
neighbors."""

import time

import numpy as np

import ukemi


def cost(call, steps, repeats=7):
    """Microseconds of CPU time a step."""
    best = np.inf
    for _ in range(repeats):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
    return 1e6 * best / steps


def table(names=("ant", "quadruped4"), n=256, t=40, repeats=7):
    """Prints a line of a Markdown table per model: n rows under normal random inputs."""
    print("| | rollout | step by step | step in motion, κ = 1e-3 | with Jacobians, tangent | with Jacobians | vjp | rollout_vjp |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name in names:
        model = ukemi.load(name)
        batch, smooth = ukemi.Batch(model), ukemi.Batch(model, kappa=1e-3)
        start, u = model.start.repeat(n), np.random.default_rng(0).normal(size=(n, t, model.nu))

        def loop():
            s = start
            for k in range(t):
                s = batch.step(s, u[:, k]).state

        x, v, ones = batch.rollout(start, u).states[:, -1], np.ascontiguousarray(u[:, 0]), np.ones((n, t + 1, model.nx))
        numbers = [cost(lambda: batch.rollout(start, u), n * t, repeats), cost(loop, n * t, repeats)]
        for call in (
            lambda: smooth.step(x, v),
            lambda: smooth.jacobian(x, v, tangent=True),
            lambda: smooth.jacobian(x, v),
            lambda: smooth.vjp(x, v, ones[:, 0]),
        ):
            numbers.append(cost(call, n, repeats))
        numbers.append(cost(lambda: smooth.rollout_vjp(start, u, ones), n * t, repeats))
        print(f"| {name} | " + " | ".join(f"{c:.0f}" for c in numbers) + " |")


if __name__ == "__main__":
    table()
