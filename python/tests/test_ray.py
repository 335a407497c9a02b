"""Ray: the same bits as locally, on a cluster of two workers."""

import os
import signal

import numpy as np
import pytest
from conftest import random_states

import ukemi

ray = pytest.importorskip("ray", reason="left out: Ray, which is not here")
import ukemi.ray  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::ResourceWarning", "ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def pool(cluster, ant):
    with ukemi.ray.Pool(ukemi.Batch([ant, ant.with_parameters({"torso.mass": 1.0})], kappa=1e-4)) as p:
        assert len(p) == 2
        yield p


def inputs(n, t):
    return np.random.default_rng(1).normal(size=(n, t, 8))


def same(a, b):
    for name, x in vars(a).items():
        y = getattr(b, name)
        if isinstance(x, ukemi.State):
            x, y = np.c_[x.x.reshape(-1, 29), x.h.ravel()], np.c_[y.x.reshape(-1, 29), y.h.ravel()]
        np.testing.assert_array_equal(x, y, err_msg=name)


def test_the_same_bits(pool, ant):
    """Also of a batch of two models and rows that do not share out evenly."""
    b = pool.batch
    for n in (0, 1, 2, 3, 9):
        s, u = random_states(ant, n), inputs(n, 12)
        same(pool.rollout(s, u), b.rollout(s, u))
        same(pool.step(s, u[:, 0], sub=2), b.step(s, u[:, 0], sub=2))
        same(pool.jacobian(s, u[:, 0], parameters=["gravity.z"]), b.jacobian(s, u[:, 0], parameters=["gravity.z"]))
        g = np.ones((n, 13, ant.nx))
        same(pool.rollout_vjp(s, u, g, parameters=["gravity.z"]), b.rollout_vjp(s, u, g, parameters=["gravity.z"]))
    same(pool.rollout(s.x, steps=3), b.rollout(s.x, steps=3))
    mixed = {"torso.mass": np.linspace(0.2, 1, 9), "gravity.z": -3.0}
    same(pool.rollout(s, u, parameters=mixed), b.rollout(s, u, parameters=mixed))
    same(pool.jacobian(s, u[:, 0], parameters=mixed), b.jacobian(s, u[:, 0], parameters=mixed))


def loss(batch, seed):
    """A loss and its gradients, by inputs and by a parameter."""
    s, u = batch.model.start.repeat(2), np.random.default_rng(seed).normal(size=(2, 5, 8))
    x = batch.rollout(s, u).states.x
    pull = batch.rollout_vjp(s, u, 2 * x, parameters=["gravity.z"])
    return (x**2).sum(), {"u": pull.u, "gravity.z": pull.parameters.sum()}


def test_sums_do_not_depend_on_who_did_what(pool):
    value, gradient = pool.sum(loss, range(7))
    parts = [loss(pool.batch, k) for k in range(7)]
    assert value == sum(p[0] for p in parts)
    np.testing.assert_array_equal(gradient["u"], sum(p[1]["u"] for p in parts))
    assert gradient["gravity.z"] == sum(p[1]["gravity.z"] for p in parts)
    with pytest.raises(ukemi.ArgumentError, match="no items"):
        pool.sum(loss, [])


def height(batch, values):
    return batch.rollout(batch.model.start, steps=20).states.x[-1, 2], values["gravity.z"], os.getpid()


def test_sweep(pool, ant):
    values = [{"gravity.z": -g} for g in (1.0, 4.0, 9.0, 2.0)]
    got = pool.sweep(height, values)
    for (z, g, _), v in zip(got, values):
        assert g == v["gravity.z"]
        assert z == height(ukemi.Batch(ant.with_parameters(v), kappa=1e-4), v)[0]
    assert os.getpid() not in {pid for *_, pid in got}
    with pytest.raises(ukemi.ArgumentError, match="gravity.w"):
        pool.sweep(height, [{"gravity.w": 1.0}])


def test_errors(pool, ant):
    s = random_states(ant, 6)
    s.x[4, ant.joint("floating_base").v] = 1e10
    with pytest.raises(ukemi.StepError, match="1 of 6 rows; of rows 4 to 5 1 of 2 rows: row 0: .*floating_base") as e:
        pool.step(s)
    assert e.value.status.tolist() == [0, 0, 0, 0, 1, 0]
    assert pool.step(s, strict=False).status.tolist() == [0, 0, 0, 0, 1, 0]
    with pytest.raises(ukemi.ArgumentError, match="for 6 rows"):
        pool.step(s, np.zeros((5, 8)))
    with pytest.raises(ukemi.ArgumentError, match="want"):
        pool.step(s[0])
    with pytest.raises(ukemi.ArgumentError, match="u has shape"):
        pool.step(s, np.zeros((6, 7)))
    with pytest.raises(ukemi.ArgumentError, match="processors for 2 actors"):
        ukemi.ray.Pool(pool.batch, actors=3)


def pid(batch, _):
    return os.getpid()


def test_a_lost_worker_is_replaced(pool, ant):
    s, u = random_states(ant, 8), inputs(8, 5)
    for p in set(pool.map(pid, range(2))):
        os.kill(p, signal.SIGKILL)
    same(pool.rollout(s, u), pool.batch.rollout(s, u))
