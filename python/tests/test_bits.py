"""The same bits as the engine in Go, for any number of workers; test_zoo.py has all models and their derivatives."""

import numpy as np
import pytest

import ukemi

NAMES = ["cartpole", "ant", "quadruped4", "gripper"]
ROWS, STEPS = 5, 60


def inputs(model):
    r, k, i = np.meshgrid(np.arange(ROWS), np.arange(STEPS), np.arange(model.nu), indexing="ij")
    return ((k * 7 + i * 3 + r * 5) % 11 - 5) / 5


def starts(model):
    s = model.start.repeat(ROWS)
    s.v[:, 0] += 0.1 * np.arange(ROWS)
    return s


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
@pytest.mark.parametrize("name", NAMES)
def test_rollout(reference, name, workers):
    model = ukemi.load(name)
    r = ukemi.Batch(model, workers=workers).rollout(starts(model), inputs(model))
    np.testing.assert_array_equal(r.states.x, reference[name]["X"])
    np.testing.assert_array_equal(r.states.h, reference[name]["H"])
    assert (r.steps == STEPS).all() and (r.status == ukemi.Status.SOLVED).all()


@pytest.mark.parametrize("name", NAMES)
def test_step_by_step(reference, name):
    """h travels with the state: dropping it changes every step after a divided one, and the second."""
    model = ukemi.load(name)
    batch, s, u = ukemi.Batch(model), starts(model), inputs(model)
    for k in range(STEPS):
        s = batch.step(s, u[:, k]).state
        np.testing.assert_array_equal(s.x, reference[name]["X"][:, k + 1], err_msg=f"step {k}")


def test_gradient_of_a_rollout(reference):
    """Without quaternions tangents are the numbers themselves."""
    model, r = ukemi.load("cartpole"), reference["cartpole"]
    g = ukemi.Batch(model).rollout_vjp(model.start, inputs(model)[0], np.ones((STEPS + 1, model.nx)), parameters=["gravity.z"])
    np.testing.assert_array_equal(g.x, r["GradX"])
    np.testing.assert_array_equal(g.u, r["GradU"])
    np.testing.assert_array_equal(g.parameters, r["GradP"])


def test_a_pickled_or_saved_model_steps_to_the_same_bits(reference):
    model = ukemi.load(ukemi.load("quadruped4").to_bytes())
    r = ukemi.Batch(model).rollout(starts(ukemi.load("quadruped4")), inputs(model))
    np.testing.assert_array_equal(r.states.x, reference["quadruped4"]["X"])


def test_substeps_are_steps(ant):
    batch = ukemi.Batch(ant)
    u = np.full((3, ant.nu), 0.5)
    s = ant.start.repeat(3)
    five = batch.step(s, u, sub=5)
    total = 0
    for _ in range(5):
        one = batch.step(s, u)
        s, total = one.state, total + one.iterations
    np.testing.assert_array_equal(five.state.x, s.x)
    np.testing.assert_array_equal(five.state.h, s.h)
    np.testing.assert_array_equal(five.iterations, total)
