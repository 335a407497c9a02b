"""The mass of a pole and the damping of its cart from how they moved, by torch's L-BFGS through a rollout. `ukemi.fit` does the same with
standard errors; this is for losses that only torch can say.

    python python/examples/damping_torch.py
"""

import torch

import ukemi
import ukemi.torch

TRUE = {"pole.mass": 0.1, "track.damping": 0.4}


def main():
    cart = ukemi.load("cartpole")
    u = 5 * torch.sin(torch.arange(100) * 0.2).double().reshape(1, -1, 1)
    start = torch.tensor(cart.start.x).reshape(1, -1)
    measured = ukemi.torch.rollout(ukemi.Batch(cart.with_parameters(TRUE)), start, u).x

    guess = torch.tensor([0.3, 0.1], dtype=torch.float64).log().requires_grad_()  # logarithms stay those of something positive
    search = torch.optim.LBFGS([guess], max_iter=60, line_search_fn="strong_wolfe", tolerance_grad=1e-10, tolerance_change=1e-12)
    batch = ukemi.Batch(cart)

    def loss():
        search.zero_grad()
        path = ukemi.torch.rollout(batch, start, u, parameters=dict(zip(TRUE, guess.exp()))).x
        loss = 1e3 * ((path - measured) ** 2).sum(-1).mean()
        loss.backward()
        return loss

    search.step(loss)
    for (name, true), value in zip(TRUE.items(), guess.exp().tolist()):
        print(f"{name} {value:.5f}, true {true}")
        assert abs(value - true) < 1e-3 * true


if __name__ == "__main__":
    main()
