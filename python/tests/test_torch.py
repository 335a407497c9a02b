"""torch: gradients of steps and rollouts."""

import numpy as np
import pytest
from conftest import CLOSE, EPS, motion, random_states

import ukemi

torch = pytest.importorskip("torch", reason="left out: torch, which is not here (make python-torch installs it, 5 GB)")
import ukemi.torch  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning")


def leaf(a):
    return torch.tensor(a, dtype=torch.float64, requires_grad=True)


def problem(name, n=2, t=5):
    """A batch in motion whose differences torch can take: smooth, tightly solved."""
    m = motion(name, n)
    u = np.concatenate([m.u] * -(-t // 5), 1)[:, :t]
    return m.batch, leaf(m.s.x), torch.tensor(m.s.h), leaf(u)


def check(f, leaves, sizes, fast=False):
    """torch's gradcheck in reverse and forward mode, of one cotangent and of many at once: large models along random directions."""
    far = CLOSE * max([0.5, *(abs(a).max(initial=0) for a in sizes)])
    modes = dict(check_forward_ad=True, check_batched_grad=True, check_batched_forward_grad=True, fast_mode=fast)
    assert torch.autograd.gradcheck(f, leaves, eps=EPS, atol=far, rtol=1e-5, nondet_tol=0.0, **modes)


@pytest.mark.parametrize("name", ukemi.zoo())
def test_gradcheck(name):
    """A step, and a rollout of five."""
    m = motion(name)
    b, x, h, names = m.batch, leaf(m.s.x), torch.tensor(m.s.h), list(m.parameters)
    values = [leaf(v) for v in m.parameters.values()]
    for function, u, size in (
        (ukemi.torch.step, leaf(m.u[:, 0]), b.vjp(m.s, m.u[:, 0], np.ones_like(m.s.x), parameters=names)),
        (ukemi.torch.rollout, leaf(m.u), b.rollout_vjp(m.s, m.u, np.ones((1, 6, b.model.nx)), parameters=names)),
    ):

        def run(x, u, *values):
            return function(b, x, u, h, parameters=dict(zip(names, values))).x

        fixed = [v.detach() for v in values]
        fast = x.numel() > 8
        if u.numel():
            check(lambda x, u: run(x, u, *fixed), (x, u), (size.x, size.u), fast=fast)
        else:
            check(lambda x: run(x, u, *fixed), (x,), (size.x,), fast=fast)
        check(lambda *values: run(x.detach(), u.detach(), *values), values, (size.parameters,), fast=fast)  # small beside the others


def test_timestep_from_step_to_step():
    """Chained, its derivative lacked what it does to h: forward and reverse mode of a rollout gave different ones."""
    batch, x, h, u = problem("ant", n=2, t=3)
    tau = leaf(batch.model.timestep)
    start = torch.zeros_like(h)
    ukemi.torch.rollout(batch, x.detach(), u.detach(), h, parameters={"timestep": tau}).x.sum().backward()
    y = ukemi.torch.step(batch, x.detach(), u.detach()[:, 0], start, parameters={"timestep": tau})
    with pytest.raises(ukemi.ArgumentError, match="from step to step it changes h too"):
        ukemi.torch.step(batch, y.x, u.detach()[:, 1], y.h, parameters={"timestep": tau})
    ukemi.torch.step(batch, y.x.detach(), u[:, 1], y.h, parameters={"timestep": tau.detach()}).x.sum().backward()  # a constant
    with torch.autograd.forward_ad.dual_level(), pytest.raises(ukemi.ArgumentError, match="timestep"):
        dual = torch.autograd.forward_ad.make_dual(tau.detach(), torch.ones_like(tau))
        ukemi.torch.rollout(batch, x.detach(), u.detach(), parameters={"timestep": dual})


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

    check(step, (gravity, mass), (np.ones(1),))
    check(rollout, (gravity, mass), (np.ones(1),))


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

@pytest.mark.parametrize(
    "change, want",
    [
        ({"batch": None}, "batch is of type NoneType, want a ukemi.Batch"), ({"x": "text"}, "x is "), ({"u": None}, "u is "), ({"h": {}}, "h is "),
        ({"parameters": 3}, "parameters is 3, want a dict"), ({"parameters": {"gravity.z": object()}}, "parameter 'gravity.z'"),
        ({"parameters": {"nothing": 1.0}}, "nothing"), ({"x": torch.zeros(5, dtype=torch.float64)}, r"(state|x) has shape \(5,\)"), ({"u": torch.zeros((2, 7), dtype=torch.float64)}, r"u has shape \(2,"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("function", ["step", "rollout"])
def test_what_is_refused(function, change, want):
    m = ukemi.load("cartpole")
    call = dict(batch=ukemi.Batch(m, workers=1), x=torch.tensor(m.start.x), u=torch.zeros(1, dtype=torch.float64) if function == "step" else torch.zeros((1, 1), dtype=torch.float64), h=None, parameters=None) | change
    with pytest.raises(ukemi.ArgumentError, match=want):
        getattr(ukemi.torch, function)(call["batch"], call["x"], call["u"], call["h"], parameters=call["parameters"])
