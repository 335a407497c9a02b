"""How a block must be thrown to come to rest in a given place, by SciPy's L-BFGS-B and the gradient of a whole rollout.

    python python/examples/throw_scipy.py
"""

import numpy as np
from scipy.optimize import minimize

import ukemi

block = ukemi.load("block")
target = np.array([2.0, 0.5])  # m
batch = ukemi.Batch(block, kappa=1e-3)  # soft enough that the gradient sees the ground coming
steps = 150


def miss(velocity):
    """Half the squared distance from the target at the end, and its derivative by the first velocity (linear, m/s)."""
    start = block.start
    start.v[:] = [*velocity, 0, 3, 0]  # it tumbles
    last = batch.rollout(start, steps=steps).states.x[-1]
    away = np.zeros((steps + 1, block.nx))
    away[-1, :2] = last[:2] - target
    pull = batch.rollout_vjp(start, None, away)
    return 0.5 * (away**2).sum(), pull.x[block.nq : block.nq + 3]


def main():
    begin = np.array([1.0, 0.0, 1.0])
    found = minimize(miss, begin, jac=True, method="L-BFGS-B", options={"maxiter": 50})
    before, after = (np.sqrt(2 * miss(v)[0]) for v in (begin, found.x))
    print(f"thrown at {begin} m/s it ends {before:.3f} m away, at {found.x.round(3)} m/s {1000 * after:.2f} mm, after {found.nfev} rollouts")
    assert after < 0.01 < before


if __name__ == "__main__":
    main()
