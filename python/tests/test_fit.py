"""Identification."""

import os
import signal
import threading

import numpy as np
import pytest

import ukemi


@pytest.fixture(scope="module")
def toss():
    """A block that slides and tumbles, with the friction that is sought, and a model that has another."""
    true = ukemi.load("block")
    true = true.with_parameters({next(p for p in true.parameters() if p.endswith("friction")): 0.35})
    name = next(p for p in true.parameters() if p.endswith("friction"))
    states = ukemi.Batch(true).rollout(true.start, steps=100).states
    return true.with_parameters({name: 0.6}), name, states


def test_friction_is_found(toss):
    model, name, states = toss
    found = ukemi.fit(model, [states], [name], noise=(1e-3, 1e-2), start_noise=(0, 0))
    assert found.status == "converged" and found.cost < 1e-6 * found.start_cost
    assert found[name].start == 0.6 and abs(found[name].value - 0.35) < 1e-4 and found[name].standard_error < 1e-3
    assert found.model.get(name) == found[name].value and model.get(name) == 0.6
    np.testing.assert_array_equal(found.model.start.x, model.start.x)
    assert found.misfits.shape == (1,) and found.correlation.tolist() == [[1.0]] and name in str(found)


def test_missing_samples_and_beliefs(toss):
    """Rows of NaN are left out, velocities that were not measured too; a firm belief outweighs the data."""
    model, name, states = toss
    x = states.x.copy()
    x[10:20] = np.nan
    found = ukemi.fit(model, [ukemi.State(x, states.h, nq=model.nq)], [name], noise=(1e-3, np.inf))
    assert abs(found[name].value - 0.35) < 1e-3
    held = ukemi.fit(model, [states], [ukemi.Unknown(name, mean=0.6, std=1e-9)], noise=(1e-3, 1e-2))
    assert abs(held[name].value - 0.6) < 1e-3
    low = ukemi.fit(model, [states], [ukemi.Unknown(name, lower=0.5, upper=1)], noise=(1e-3, 1e-2))
    assert low[name].at_bound and abs(low[name].value - 0.5) < 1e-9


def test_noise_of_the_first_sample(toss):
    """It is that of the others unless told: taken for exact it took the friction of a block to another."""
    model, name, states = toss
    rng, q = np.random.default_rng(1), model.nq
    x = states.x + rng.normal(size=states.x.shape) * np.where(np.arange(states.x.shape[-1]) < q, 2e-3, 2e-2)
    x[:, 3:7] /= np.linalg.norm(x[:, 3:7], axis=1, keepdims=True)
    noisy = ukemi.State(x, states.h, nq=q)
    found = ukemi.fit(model, [noisy], [name], noise=(2e-3, 2e-2))
    exact = ukemi.fit(model, [noisy], [name], noise=(2e-3, 2e-2), start_noise=(0, 0))
    assert abs(found[name].value - 0.35) < 3 * found[name].standard_error < 0.02 and exact.cost > 10 * found.cost


def test_motions_with_inputs():
    """The mass of a driven cart, from motions of its own inputs, steps coarser than the model's."""
    true = ukemi.load("cartpole")
    u = np.random.default_rng(0).normal(size=(2, 40, 1))
    paths = [ukemi.Batch(true).rollout(true.start, v).states[::2] for v in u]
    model = true.with_parameters({"cart.mass": 2.0})
    found = ukemi.fit(model, list(zip(paths, u)), [ukemi.Unknown("cart.mass", lower=0.1)], noise=(1e-3, 1e-2), substeps=2)
    assert abs(found["cart.mass"].value - 1) < 1e-6 and len(found.misfits) == 2


@pytest.mark.parametrize(
    "change, match",
    [
        (dict(parameters=["nose.mass"]), "nose"),
        (dict(noise=(1, 2, 3)), "noise has shape"),
        (dict(noise=(-1, 1)), "negative"),
        (dict(loss="cubic"), "cubic"),
        (dict(kappas=[0]), "kappa"),
        (dict(motions=[np.zeros((4, 5))]), "motion 0 has shape"),
        (dict(motions=[]), "trajector|motion"),
        (dict(window=-1), "window"),
        (dict(parameters=[ukemi.Unknown("block.mass", lower=2, upper=1)]), "block.mass"),
    ],
)
def test_what_it_refuses(toss, change, match):
    model, name, states = toss
    arguments = {"motions": [states], "parameters": [name], "noise": (1e-3, 1e-2)} | change
    with pytest.raises(ukemi.ArgumentError, match=match):
        ukemi.fit(model, **arguments)


def test_half_a_sample_is_refused(toss):
    model, name, states = toss
    x = states.x.copy()
    x[3, 5] = np.nan
    with pytest.raises(ukemi.ArgumentError, match="sample 3 lacks number 5"):
        ukemi.fit(model, [x], [name], noise=(1e-3, 1e-2))


@pytest.mark.skipif(os.name != "posix", reason="left out: signals")
@pytest.mark.parametrize("wait", [0.05, 0.2, 1])
def test_ctrl_c_ends_a_search(wait):
    """The interrupt is heard while the data is read and while the search goes on, which takes long, and the library works afterward."""
    model = ukemi.load("ant")
    rng = np.random.default_rng(0)
    states = model.state(np.tile(model.start.x, (400, 1)))
    states.x[:, 7:15] += rng.normal(size=(400, 8))
    masses = [p for p in model.parameters() if p.endswith(".mass")]
    killer = threading.Timer(wait, os.kill, (os.getpid(), signal.SIGINT))
    killer.start()
    with pytest.raises(KeyboardInterrupt):
        ukemi.fit(model, [states] * 20, masses, noise=(1e-3, 1e-2), start_noise=(1e-3, 1e-2))
    killer.join()
    assert ukemi.Batch(model).step(model.start).status == 0
