"""Derivatives against central differences."""

import numpy as np
import pytest
from conftest import random_states

import ukemi

EPS = 1e-6


def batch_of(name):
    # Contact bends within about κ: differences need it smooth and steps solved tightly.
    return ukemi.Batch(ukemi.load(name), kappa=1e-3, tolerance=1e-12)


def moving(batch, n=2, steps=40):
    """States in the middle of a motion, in contact."""
    m = batch.model
    u = np.random.default_rng(1).normal(size=(n, steps, m.nu))
    s = batch.rollout(m.start.repeat(n), u).states[:, -1]
    return s, 0.3 * np.random.default_rng(2).normal(size=(n, m.nu))


def differences(f, a):
    """Central differences of f by every number of the last axis of a, in the last axis."""
    columns = []
    for k in range(a.shape[-1]):
        d = np.zeros(a.shape[-1])
        d[k] = EPS
        columns.append((f(a + d) - f(a - d)) / (2 * EPS))
    return np.stack(columns, axis=-1)


def close(got, want, tol=1e-5):
    np.testing.assert_allclose(got, want, rtol=0, atol=tol * max(1, np.abs(want).max()))


@pytest.mark.parametrize("name", ["pendulum", "cartpole", "hopper", "driven_block", "ant", "quadruped4"])
def test_jacobian(name):
    batch = batch_of(name)
    m = batch.model
    s, u = moving(batch)
    j = batch.jacobian(s, u)
    np.testing.assert_array_equal(j.state.x, batch.step(s, u).state.x)
    close(j.x, differences(lambda x: batch.step(m.state(x, s.h), u).state.x, s.x))
    close(j.u, differences(lambda u: batch.step(s, u).state.x, u))


def test_jacobian_of_a_quaternion_that_is_not_unit(ant):
    batch = batch_of("ant")
    s = random_states(ant, 2)
    s.x[:, 3:7] *= [[1.03], [0.96]]
    close(batch.jacobian(s).x, differences(lambda x: batch.step(x).state.x, s.x))


def test_jacobian_by_parameters():
    batch = batch_of("quadruped4")
    names = ["gravity.z", "FR_foot.friction", "trunk.mass", "FL_calf_joint.damping"]
    s, u = moving(batch)
    j = batch.jacobian(s, u, parameters=names)
    for k, name in enumerate(names):
        value = batch.model.get(name)
        up, down = (
            ukemi.Batch(batch.model.with_parameters({name: value + d}), **batch.settings).step(s, u).state.x for d in (EPS, -EPS)
        )
        close(j.parameters[..., k], (up - down) / (2 * EPS))


@pytest.mark.parametrize("name", ["cartpole", "ant", "quadruped4"])
def test_vjp_is_the_jacobian_transposed(name):
    batch = batch_of(name)
    s, u = moving(batch, n=3)
    g = np.random.default_rng(3).normal(size=s.x.shape)
    j = batch.jacobian(s, u, parameters=["gravity.z"])
    p = batch.vjp(s, u, g, parameters=["gravity.z"])
    close(p.x, np.einsum("nij,ni->nj", j.x, g), 1e-10)
    close(p.u, np.einsum("nij,ni->nj", j.u, g), 1e-10)
    close(p.parameters, np.einsum("nij,ni->nj", j.parameters, g), 1e-10)


@pytest.mark.parametrize("name", ["cartpole", "ant"])
def test_jacobian_of_substeps(name):
    """The product of the Jacobians of the steps, multiplied in numpy."""
    batch = batch_of(name)
    s, u = moving(batch)
    got = batch.jacobian(s, u, sub=4, parameters=["gravity.z", "gravity.x"])
    jx, ju, jp = np.eye(s.x.shape[-1]), 0, 0
    for _ in range(4):
        j = batch.jacobian(s, u, parameters=["gravity.z", "gravity.x"])
        s, jx, ju, jp = j.state, j.x @ jx, j.x @ ju + j.u if np.ndim(ju) else j.u, j.x @ jp + j.parameters if np.ndim(jp) else j.parameters
    np.testing.assert_array_equal(got.state.x, s.x)
    np.testing.assert_array_equal(got.state.h, s.h)
    close(got.x, jx, 1e-11)
    close(got.u, ju, 1e-11)
    close(got.parameters, jp, 1e-11)
    assert batch.jacobian(s, u, sub=4, tangent=True).x.shape == (2, 2 * batch.model.nv, 2 * batch.model.nv)


@pytest.mark.parametrize("name", ["pendulum", "ant"])
def test_timestep_of_substeps(name):
    """Of several steps it is no product: the timestep is the length of the intervals between them too."""
    batch = batch_of(name)
    s, u = moving(batch)
    j = batch.jacobian(s, u, sub=4, parameters=["timestep"])
    again = batch.rollout_vjp(s, np.repeat(u[:, None], 4, 1), np.pad(np.ones((2, 1, batch.model.nx)), ((0, 0), (4, 0), (0, 0))), parameters=["timestep"])
    close(again.parameters[:, 0], j.parameters[:, :, 0].sum(1), 1e-9)


@pytest.mark.parametrize("name", ["cartpole", "ant", "quadruped4"])
def test_rollout_vjp(name):
    """One backward sweep against Jacobians multiplied in numpy, and against differences along random directions."""
    batch = batch_of(name)
    m, t = batch.model, 12
    s, _ = moving(batch, n=3)
    rng = np.random.default_rng(4)
    u, g = 0.3 * rng.normal(size=(3, t, m.nu)), rng.normal(size=(3, t + 1, m.nx))
    p = batch.rollout_vjp(s, u, g, parameters=["gravity.z"])

    states = batch.rollout(s, u).states
    y, gu, gp = g[:, t], np.empty_like(u), np.zeros((3, 1))
    for k in reversed(range(t)):
        j = batch.jacobian(states[:, k], u[:, k], parameters=["gravity.z"])
        gu[:, k] = np.einsum("nij,ni->nj", j.u, y)
        gp += np.einsum("nij,ni->nj", j.parameters, y)
        y = np.einsum("nij,ni->nj", j.x, y) + (g[:, k] if k else 0)
    close(p.u, gu, 1e-9)
    close(p.parameters, gp, 1e-9)

    def cost(x, u):
        return (g * batch.rollout(m.state(x, s.h), u).states.x).sum((1, 2))

    dx, du = rng.normal(size=s.x.shape), rng.normal(size=u.shape)
    want = (cost(s.x + EPS * dx, u + EPS * du) - cost(s.x - EPS * dx, u - EPS * du)) / (2 * EPS)
    close((p.x * dx).sum(1) + (p.u * du).sum((1, 2)), want, 1e-4)


def test_divided_steps_have_derivatives():
    """A start with 30 turns a second: the solver divides the step, h says so, and the derivative is still right."""
    batch = batch_of("ant")
    s = batch.model.start.repeat(1)
    s.x[:, batch.model.joint("hip_1").v] = 1000
    assert batch.step(s).state.h < batch.model.timestep
    j = batch.jacobian(s)
    close(j.x[:, :, 15:18], differences(lambda v: batch.step(np.concatenate([s.x[:, :15], v, s.x[:, 18:]], 1)).state.x, s.x[:, 15:18]), 1e-3)


def test_gradient_kappa():
    """Steps stay hard while derivatives are smooth."""
    m = ukemi.load("ant")
    hard, both = ukemi.Batch(m, kappa=1e-6), ukemi.Batch(m, kappa=1e-6, gradient_kappa=1e-2)
    s = random_states(m, 2)
    a, b = hard.jacobian(s), both.jacobian(s)
    np.testing.assert_array_equal(a.state.x, b.state.x)
    assert np.abs(a.x - b.x).max() > 1e-6
