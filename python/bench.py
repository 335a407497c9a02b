"""What calls cost: CPU time a row and step, of all threads, the fastest of several repeats. Wall time on a shared machine compares
neighbors.

    python python/bench.py            # calls
    python python/bench.py peers      # environments and rollouts beside those of Gymnasium and MuJoCo, on wall time too: wants a quiet machine
"""

import os
import pathlib
import sys
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


def rates(call, steps, repeats):
    """Steps a second of wall time, and microseconds of CPU time a step, children included: the best of several repeats."""
    wall = cpu = np.inf
    for _ in range(repeats):
        begun, used = time.perf_counter(), sum(os.times()[:4])
        call()
        wall, cpu = min(wall, time.perf_counter() - begun), min(cpu, sum(os.times()[:4]) - used)
    return steps / wall, 1e6 * cpu / steps


def environments(envs, k):
    """A call of k random actions in all rows."""
    envs.reset(seed=0)
    envs.action_space.seed(0)
    actions = [envs.action_space.sample() for _ in range(k)]

    def call():
        for a in actions:
            envs.step(a)

    return call


def peers(n=16, k=40, rows=256, repeats=7):
    """Prints the environment of the ant beside Gymnasium's. What the children of its AsyncVectorEnv take is not in the CPU time."""
    import gymnasium

    import ukemi.gym

    print("| environments, 50 ms of simulation a step | steps/s | CPU µs a step |")
    print("|---|--:|--:|")
    ant = ukemi.gym.Ant()
    ant.sub = 5
    cases = [("Gymnasium Ant-v5, " + m, gymnasium.make_vec("Ant-v5", num_envs=n, vectorization_mode=m), n) for m in ("sync", "async")]
    cases += [("ukemi/Ant-v0", ukemi.gym.VectorEnv(m, ant), m) for m in (n, rows)]
    for name, envs, m in cases:
        rate, cpu = rates(environments(envs, k), k * m, repeats)
        print(f"| {name}, {m} rows | {rate:.0f} | {'' if 'async' in name else f'{cpu:.0f}'} |")
        envs.close()


def same_file(rows=256, t=100, repeats=7):
    """Prints rollouts of Gymnasium's ant.xml by MuJoCo and by the engine, under the same torques."""
    import gymnasium
    import mujoco
    import mujoco.rollout

    path = pathlib.Path(gymnasium.__file__).parent / "envs" / "mujoco" / "assets" / "ant.xml"
    peer = mujoco.MjModel.from_xml_path(str(path))
    data, full = [mujoco.MjData(peer) for _ in range(os.cpu_count())], mujoco.mjtState.mjSTATE_FULLPHYSICS
    start = np.empty(mujoco.mj_stateSize(peer, full))
    mujoco.mj_getState(peer, data[0], start, full)
    control = np.random.default_rng(0).uniform(-1, 1, (rows, t, peer.nu))
    print(f"| rollouts of Gymnasium's ant.xml, {rows} rows, {t} steps of 10 ms | steps/s | CPU µs a step |")
    print("|---|--:|--:|")
    for name in ("RK4", "IMPLICITFAST", "EULER"):
        peer.opt.integrator = getattr(mujoco.mjtIntegrator, "mjINT_" + name)
        with mujoco.rollout.Rollout(nthread=len(data)) as runner:
            rate, cpu = rates(lambda: runner.rollout(peer, data, np.tile(start, (rows, 1)), control), rows * t, repeats)
        print(f"| MuJoCo {mujoco.__version__}, {name.lower()}{' (as the file says)' if name == 'RK4' else ''} | {rate:.0f} | {cpu:.1f} |")
    model = ukemi.load(path)
    for kappa in (1e-5, 1e-3):
        batch, torque = ukemi.Batch(model, kappa=kappa), control * peer.actuator_gear[:, 0]  # inputs are torques here
        rate, cpu = rates(lambda: batch.rollout(model.start.repeat(rows), torque), rows * t, repeats)
        print(f"| ukemi, κ = {kappa:g} | {rate:.0f} | {cpu:.1f} |")


if __name__ == "__main__":
    if sys.argv[1:] == ["peers"]:
        peers()
        print()
        same_file()
    else:
        table()
