"""Derivatives of every model of the zoo: the bits of Go, and differences along random directions."""

import numpy as np
import pytest
from conftest import EPS, motion

import ukemi


@pytest.mark.parametrize("name", ukemi.zoo())
def test_bits_of_go(reference, name):
    """A rollout of a second, and the derivatives of its last step by states, inputs and eight parameters."""
    r, model = reference[name], ukemi.load(name)
    steps = r["X"].shape[1] - 1
    u = ((7 * np.arange(steps)[:, None] + 3 * np.arange(model.nu)) % 11 - 5) / 5  # as the reference has it
    batch = ukemi.Batch(model)
    path = batch.rollout(model.start, u).states
    np.testing.assert_array_equal(path.x, r["X"][0])
    np.testing.assert_array_equal(path.h, r["H"][0])
    j = batch.jacobian(path[-2], u[-1], parameters=r["Params"], tangent=True)
    np.testing.assert_array_equal(j.x.ravel(), r["Jx"])
    np.testing.assert_array_equal(j.u.ravel(), r["Ju"])
    np.testing.assert_array_equal(j.parameters.ravel(), r["Jp"])
    np.testing.assert_array_equal(j.state.x, path.x[-1])


def along(f, size):
    """The central difference of f along its direction, by Richardson's extrapolation."""
    return (8 * (f(size / 2) - f(-size / 2)) - (f(size) - f(-size))) / (6 * size)


@pytest.mark.parametrize("name", ukemi.zoo())
def test_derivatives_of_a_step(name):
    """Against differences along a direction of states, inputs and parameters at once."""
    m = motion(name, n=2)
    b, s, u, rng = m.batch, m.s, m.u[:, 0], np.random.default_rng(5)
    dx, du, dp = rng.normal(size=s.x.shape), rng.normal(size=u.shape), {p: 0.1 * v * rng.normal() for p, v in m.parameters.items()}
    j = b.jacobian(s, u, parameters=m.parameters)
    got = np.einsum("nij,nj->ni", j.x, dx) + np.einsum("nij,nj->ni", j.u, du) + j.parameters @ list(dp.values())
    want = along(lambda e: b.step(b.model.state(s.x + e * dx, s.h), u + e * du, parameters={p: v + e * dp[p] for p, v in m.parameters.items()}).state.x, EPS)
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-6 * np.abs(want).max())

    g = rng.normal(size=s.x.shape)
    p = b.vjp(s, u, g, parameters=m.parameters)
    for pulled, matrix in ((p.x, j.x), (p.u, j.u), (p.parameters, j.parameters)):
        want = np.einsum("nij,ni->nj", matrix, g)
        np.testing.assert_allclose(pulled, want, rtol=0, atol=1e-9 * max(1, np.abs(matrix).max(initial=0)))


@pytest.mark.parametrize("name", ukemi.zoo())
def test_derivatives_of_a_rollout(name):
    m = motion(name, n=2)
    b, s, u, rng = m.batch, m.s, m.u, np.random.default_rng(6)
    g, dx, du = rng.normal(size=(2, 6, b.model.nx)), rng.normal(size=s.x.shape), rng.normal(size=u.shape)
    dp = {p: 0.1 * v * rng.normal() for p, v in m.parameters.items()}
    p = b.rollout_vjp(s, u, g, parameters=m.parameters)
    got = (p.x * dx).sum(1) + (p.u * du).sum((1, 2)) + p.parameters @ list(dp.values())

    def cost(e):
        path = b.rollout(b.model.state(s.x + e * dx, s.h), u + e * du, parameters={p: v + e * dp[p] for p, v in m.parameters.items()})
        return (g * path.states.x).sum((1, 2))

    want = along(cost, EPS)
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-6 * np.abs(want).max())
