"""torch: gradients of steps and rollouts."""

import numpy as np
import pytest
from conftest import random_states

import ukemi

torch = pytest.importorskip("torch", reason="left out: torch, which is not here (make python-torch installs it, 5 GB)")
import ukemi.torch  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning")


def leaf(a):
    return torch.tensor(a, dtype=torch.float64, requires_grad=True)


def problem(name, n=2, t=5):
    """A batch in motion whose differences torch can take: smooth, tightly solved."""
    batch = ukemi.Batch(ukemi.load(name), kappa=1e-3, tolerance=1e-12)
    m, rng = batch.model, np.random.default_rng(0)
    steps = 10 if name == "quadruped4" else 30  # its limits, later on, are too stiff for differences
    s = batch.rollout(m.start.repeat(n), rng.normal(size=(n, steps, m.nu))).states[:, -1]
    return batch, leaf(s.x), torch.tensor(s.h), leaf(0.3 * rng.normal(size=(n, t, m.nu)))


# Central differences of steps are good to about 1e-4 of the largest entry.
CHECK = dict(eps=1e-6, atol=2e-4, rtol=1e-4, nondet_tol=0.0)


@pytest.mark.parametrize("name", ["cartpole", "ant", "quadruped4"])
def test_gradcheck_of_a_step(name):
    batch, x, h, u = problem(name)
    gravity = leaf(-9.0)

    def f(x, u, gravity):
        return ukemi.torch.step(batch, x, u, h, parameters={"gravity.z": gravity}).x

    assert torch.autograd.gradcheck(f, (x, u[:, 0].detach().requires_grad_(), gravity), check_forward_ad=True, **CHECK)


@pytest.mark.parametrize("name", ["cartpole", "ant", "quadruped4"])
def test_gradcheck_of_a_rollout(name):
    batch, x, h, u = problem(name)
    gravity = leaf(-9.0)

    def f(x, u, gravity):
        return ukemi.torch.rollout(batch, x, u, h, parameters={"gravity.z": gravity}).x

    assert torch.autograd.gradcheck(f, (x, u, gravity), **CHECK)


def test_a_loop_of_steps_is_a_rollout():
    """The same bits forward, the same gradient to rounding; h travels along."""
    batch, x, h, u = problem("ant", n=3, t=8)
    path = ukemi.torch.rollout(batch, x, u, h)
    y, hy = x, h
    for k in range(8):
        y, hy, status = ukemi.torch.step(batch, y, u[:, k], hy)
        assert torch.equal(y, path.x[:, k + 1]) and torch.equal(hy, path.h[:, k + 1]) and not status.any()
    four = u[:, :1].expand(-1, 4, -1)
    together = ukemi.torch.step(batch, x, u[:, 0], h, sub=4)
    assert torch.equal(together.x, ukemi.torch.rollout(batch, x, four, h).x[:, -1])
    a, b = (torch.autograd.grad(y.sum(), u)[0] for y in (together.x, ukemi.torch.rollout(batch, x, four, h).x[:, -1]))
    torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-9)
    with torch.no_grad():
        assert torch.equal(ukemi.torch.step(batch, x, u[:, 0], h).x, path.x[:, 1])
    loss = (path.x[:, -1] ** 2).sum()
    for a, b in zip(torch.autograd.grad(loss, (x, u)), torch.autograd.grad((y**2).sum(), (x, u))):
        torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-9)


def test_gradcheck_of_parameters_of_rows():
    batch, x, h, u = problem("ant")
    gravity, mass = leaf([-9.0, -5.0]), leaf(0.4)

    def step(gravity, mass):
        return ukemi.torch.step(batch, x, u[:, 0], h, parameters={"gravity.z": gravity, "torso.mass": mass}).x

    def rollout(gravity, mass):
        return ukemi.torch.rollout(batch, x, u, h, parameters={"gravity.z": gravity, "torso.mass": mass}).x

    assert torch.autograd.gradcheck(step, (gravity, mass), check_forward_ad=True, **CHECK)
    assert torch.autograd.gradcheck(rollout, (gravity, mass), **CHECK)


def test_float32():
    batch, x, h, u = problem("cartpole")
    x32, u32 = x.detach().float().requires_grad_(), u.detach().float()[:, 0]
    y = ukemi.torch.step(batch, x32, u32, h.float())
    assert y.x.dtype == torch.float32
    y.x.sum().backward()
    assert x32.grad.dtype == torch.float32 and torch.isfinite(x32.grad).all()
    gravity = torch.tensor(-9.0, requires_grad=True)
    ukemi.torch.step(batch, x32, u32, parameters={"gravity.z": gravity, "cart.mass": 2.0}).x.sum().backward()
    assert gravity.grad.dtype == torch.float32 and gravity.grad != 0


def test_failed_rows_have_no_gradient(ant):
    batch = ukemi.Batch(ant)
    s = random_states(ant, 3)
    s.x[1, 18] = 1e10
    x, u = leaf(s.x), leaf(np.zeros((3, 8)))
    with pytest.raises(ukemi.StepError):
        ukemi.torch.step(batch, x, u)
    for y in (ukemi.torch.step(batch, x, u, strict=False), ukemi.torch.rollout(batch, x, u[:, None], strict=False)):
        assert y.status.tolist() == [0, 1, 0]
        (g,) = torch.autograd.grad(y.x.sum(), x)
        assert (g[1] == 0).all() and torch.isfinite(g).all() and (g[0] != 0).any()


def test_twice_is_refused():
    batch, x, h, u = problem("cartpole")
    for y in (ukemi.torch.step(batch, x, u[:, 0], h), ukemi.torch.rollout(batch, x, u, h)):
        with pytest.raises(RuntimeError, match="first derivatives alone"):
            torch.autograd.grad(y.x.sum(), x, create_graph=True)


def test_learning_a_parameter():
    """Friction of a sliding block from where it came to rest, by torch's optimizer."""
    model = ukemi.load("driven_block")
    batch = ukemi.Batch(model, kappa=1e-4)
    x = model.start.repeat(1).x
    x[:, 2], x[0, model.nq] = 0.2501, 1.0
    name = next(n for n in model.parameters() if n.endswith(".friction"))
    u = torch.zeros(1, 40, model.nu)
    start = torch.tensor(x)

    def travel(mu):
        return ukemi.torch.rollout(batch, start, u, parameters={name: mu}).x[0, -1, 0]

    want, mu = travel(torch.tensor(0.3, dtype=torch.float64)), leaf(0.2)
    optimizer = torch.optim.LBFGS([mu], line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        e = 100 * (travel(mu) - want) ** 2
        e.backward()
        return e

    optimizer.step(loss)
    assert abs(mu.item() - 0.3) < 1e-4
