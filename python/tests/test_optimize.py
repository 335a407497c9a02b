"""Trajectory optimization."""

import numpy as np
import pytest

import ukemi
from ukemi import Term


@pytest.fixture(scope="module")
def cart():
    model = ukemi.load("cartpole", timestep=0.02)
    top = model.start
    top.q[1] = 0
    hanging = top.copy()
    hanging.q[1] = np.pi
    return model, hanging, top


def test_swing_up(cart):
    """The pole stands after two seconds, within a meter of track; the plan is what a batch rolls out, and its feedback stands a push."""
    model, start, top = cart
    at = Term.state(top).rows(0)
    plan = ukemi.optimize(
        model, start, 100, stage=[Term.input().weigh(0.01)], goal=[Term.state(top).named("upright")], limit=[at.at_most(1), at.at_least(-1)],
        guess=np.full((100, 1), 0.1),
    )  # fmt: skip
    assert plan.status == "converged" and plan.violation < 1e-3
    assert plan.u.shape == (100, 1) and plan.gains.shape == (100, 1, 4) and plan.states.shape == (101,)
    assert np.abs(plan.states.x[:, 0]).max() < 1.001 and np.abs(plan.u).max() <= 10
    np.testing.assert_allclose(plan.states.x[-1], top.x, atol=1e-3)
    again = ukemi.Batch(model).rollout(start, plan.u).states
    np.testing.assert_array_equal(again.x, plan.states.x)
    np.testing.assert_array_equal(again.h, plan.states.h)
    ends = []
    for follow in (0, 1):
        s = start.copy()
        s.q[0] += 0.02
        for k in range(100):
            away = s.x - plan.states.x[k]
            s = ukemi.Batch(model).step(s, plan.u[k] + follow * plan.gains[k] @ away).state
        ends.append(np.abs(s.x - top.x).max())
    assert ends[1] < 0.1 * ends[0]


def test_methods_agree(cart):
    model, start, top = cart
    terms = dict(stage=[Term.input().weigh(0.01)], final=[Term.position("cart", [0.5, 0, 1.2]).weigh(100, 0, 0)])
    a, b = (ukemi.optimize(model, top, 30, **terms, method=m) for m in ("ilqr", "shoot"))
    assert abs(a.cost - b.cost) < 1e-2 * a.cost
    assert abs(ukemi.Batch(model).poses(a.states[-1])[model.link("cart"), 0] - 0.5) < 0.1


def test_what_cannot_be_reached(cart):
    model, start, top = cart
    far = Term.position("cart", [2, 0, 1.2]).rows(0).named("far away")
    with pytest.raises(ukemi.SearchError, match="far away") as e:
        ukemi.optimize(model, top, 10, goal=[far])
    best = ukemi.optimize(model, top, 10, goal=[far], strict=False)
    assert best.violation > 1 and best.worst and e.value.plan.violation == best.violation


@pytest.mark.parametrize(
    "change, match",
    [
        (dict(stage=[Term("speed")]), "speed"),
        (dict(stage=[Term.position("nose", [0, 0, 0])]), "nose"),
        (dict(stage=[Term.position("cart", [0, 0])]), "2 numbers, want 3"),
        (dict(stage=[Term.input([[1.0]] * 3)]), "3 targets"),
        (dict(stage=[Term.input().weigh(np.nan)]), "not finite"),
        (dict(goal=[3]), "ukemi.Term"),
        (dict(lower=[1, 2]), "lower has shape"),
        (dict(lower=1, upper=-1), "bound|lower|upper"),
        (dict(guess=np.zeros((3, 1))), "guess has shape"),
        (dict(method="magic"), "magic"),
        (dict(kappas=[-1]), "kappa"),
        (dict(steps=0), "steps"),
        (dict(start=np.zeros(3)), "start has shape"),
        (dict(start=[0, np.nan, 0, 0]), "start is not finite"),
    ],
)
def test_what_it_refuses(cart, change, match):
    model, start, _ = cart
    with pytest.raises(ukemi.ArgumentError, match=match):
        ukemi.optimize(model, **({"start": start, "steps": 10} | change))
