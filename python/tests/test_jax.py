"""JAX: compiled steps and their derivatives."""

import ctypes
import gc

import numpy as np
import pytest
from conftest import CLOSE, EPS, motion, random_states

import ukemi
from ukemi import _native

jax = pytest.importorskip("jax", reason="left out: JAX, which is not here")
import jax.numpy as jnp  # noqa: E402
from jax.test_util import check_grads  # noqa: E402

import ukemi.jax  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(autouse=True)
def float64():
    with jax.enable_x64(True):
        yield


def problem(name, n=2, t=5):
    """A batch in motion whose differences can be taken: smooth, tightly solved."""
    batch = ukemi.Batch(ukemi.load(name), kappa=1e-3, tolerance=1e-12)
    m, rng = batch.model, np.random.default_rng(0)
    steps = 10 if name == "quadruped" else 30  # its limits, later on, are too stiff for differences
    s = batch.rollout(m.start.repeat(n), rng.normal(size=(n, steps, m.nu))).states[:, -1]
    return batch, s, jnp.asarray(0.3 * rng.normal(size=(n, t, m.nu)))


@pytest.mark.parametrize("name", ukemi.zoo())
def test_gradients(name):
    """A step and a rollout of five, along random directions."""
    m = motion(name)
    b, s, names = m.batch, m.s, list(m.parameters)
    values = tuple(m.parameters.values())

    def step(x, u, *values):
        return ukemi.jax.step(b, x, u, s.h, parameters=dict(zip(names, values))).x

    def rollout(x, u, *values):
        return ukemi.jax.rollout(b, x, u, s.h, parameters=dict(zip(names, values))).x

    one, many = (b.vjp(s, m.u[:, 0], np.ones_like(s.x), parameters=names), b.rollout_vjp(s, m.u, np.ones((1, 6, b.model.nx)), parameters=names))
    for f, u, modes, size in ((step, m.u[:, 0], ("fwd", "rev"), one), (rollout, m.u, ("rev",), many)):
        for g, at, sizes in (
            (lambda x, u, f=f: f(x, u, *values), (s.x, u), (size.x, size.u)),
            (lambda *values, f=f, u=u: f(s.x, u, *values), values, (size.parameters,)),  # small beside the others, so by themselves
        ):
            far = CLOSE * max([0.5, *(abs(a).max(initial=0) for a in sizes)])
            check_grads(g, at, order=1, modes=modes, eps=EPS, atol=far, rtol=1e-5)


def scanned(batch, x, h, u, **options):
    """A rollout of steps."""

    def next(s, u):
        y = ukemi.jax.step(batch, s[0], u, s[1], **options)
        return (y.x, y.h), y.x

    return jax.lax.scan(next, (x, h), jnp.moveaxis(u, -2, 0))[1]


def test_timestep_from_step_to_step():
    """Chained, its derivative lacked what it does to h."""
    batch, s, u = problem("ant", t=3)
    tau = jnp.asarray(batch.model.timestep)
    jax.grad(lambda p: ukemi.jax.rollout(batch, s.x, u, s.h, parameters={"timestep": p}).x.sum())(tau)
    jax.grad(lambda p: ukemi.jax.step(batch, s.x, u[:, 0], parameters={"timestep": p}).x.sum())(tau)
    jax.jit(lambda p: scanned(batch, s.x, s.h, u, parameters={"timestep": p}))(tau)
    with pytest.raises(ukemi.Error, match="from step to step it changes h too"):
        jax.jacfwd(lambda p: scanned(batch, s.x, s.h, u, parameters={"timestep": p}))(tau)


def test_the_same_bits():
    batch, s, u = problem("ant", t=20)
    want = batch.rollout(s, np.asarray(u)).states
    path = jax.jit(lambda x, u, h: ukemi.jax.rollout(batch, x, u, h))(s.x, u, s.h)
    np.testing.assert_array_equal(path.x, want.x)
    np.testing.assert_array_equal(path.h, want.h)
    np.testing.assert_array_equal(jax.jit(lambda x, h, u: scanned(batch, x, h, u))(s.x, s.h, u), np.moveaxis(want.x[:, 1:], 1, 0))
    four = ukemi.jax.step(batch, s.x, u[:, 0], s.h, sub=4)
    np.testing.assert_array_equal(four.x, batch.step(s, np.asarray(u[:, 0]), sub=4).state.x)
    assert four.status.tolist() == [0, 0]


def test_a_scan_has_the_gradient_of_a_rollout():
    batch, s, u = problem("ant", t=8)

    def loss(how, x, u, gravity):
        return (how(x, u, {"gravity.z": gravity}) ** 2).sum()

    def scan(x, u, parameters):
        return scanned(batch, x, jnp.asarray(s.h), u, parameters=parameters)[-1]

    def whole(x, u, parameters):
        return ukemi.jax.rollout(batch, x, u, s.h, parameters=parameters).x[:, -1]

    a, b = (jax.jit(jax.grad(lambda *z: loss(how, *z), (0, 1, 2)))(s.x, u, -9.0) for how in (scan, whole))
    for p, q in zip(a, b):
        np.testing.assert_allclose(p, q, rtol=1e-9, atol=1e-9)
    dx = jnp.ones_like(s.x)
    forward = jax.jvp(lambda x: loss(scan, x, u, -9.0), (jnp.asarray(s.x),), (dx,))[1]
    np.testing.assert_allclose(forward, (a[0] * dx).sum(), rtol=1e-9)


def test_torch_has_the_same_gradient():
    torch = pytest.importorskip("torch", reason="left out: torch's gradient beside JAX's, without torch")
    import ukemi.torch

    batch, s, u = problem("ant")
    x, v, g = (torch.tensor(np.array(a), dtype=torch.float64, requires_grad=True) for a in (s.x, u, -9.0))
    (ukemi.torch.rollout(batch, x, v, torch.tensor(s.h), parameters={"gravity.z": g}).x ** 2).sum().backward()
    got = jax.grad(lambda x, u, g: (ukemi.jax.rollout(batch, x, u, s.h, parameters={"gravity.z": g}).x ** 2).sum(), (0, 1, 2))(s.x, u, -9.0)
    for a, b in zip(got, (x, v, g)):
        np.testing.assert_allclose(a, b.grad, rtol=1e-13, atol=1e-13)
    y = ukemi.torch.step(batch, x, v[:, 0], torch.tensor(s.h)).x
    (want,) = torch.autograd.grad((y**2).sum(), x)
    np.testing.assert_allclose(jax.grad(lambda x: (ukemi.jax.step(batch, x, u[:, 0], s.h).x ** 2).sum())(s.x), want, rtol=1e-13, atol=1e-13)


def test_vmap():
    """Of states, of parameters alone, of both, twice."""
    batch, s, u = problem("ant", n=6)
    one = lambda x, u, h, g: ukemi.jax.step(batch, x, u, h, parameters={"gravity.z": g}).x  # noqa: E731
    g = jnp.linspace(-9, -2, 6)
    want = [ukemi.Batch(batch.model.with_parameters({"gravity.z": float(g[i])}), **batch.settings).step(s[i], u[i, 0]).state.x for i in range(6)]
    np.testing.assert_array_equal(jax.vmap(one)(s.x, u[:, 0], s.h, g), want)
    np.testing.assert_array_equal(one(s.x, u[:, 0], s.h, g), want)
    np.testing.assert_array_equal(jax.vmap(one, (None, None, None, 0))(s.x, u[:, 0], s.h, g)[np.arange(6), np.arange(6)], want)
    twice = jax.jit(jax.vmap(jax.vmap(one), (0, 0, 0, 0)))
    again = [a.reshape(2, 3, *a.shape[1:]) for a in map(jnp.asarray, (s.x, u[:, 0], s.h, g))]
    np.testing.assert_array_equal(twice(*again), np.reshape(want, (2, 3, -1)))
    loss = lambda x, u, h, g: one(x, u, h, g).sum()  # noqa: E731
    rows = [jax.grad(loss, 3)(s.x[i], u[i, 0], s.h[i], g[i]) for i in range(6)]
    np.testing.assert_allclose(jax.vmap(jax.grad(loss, 3))(s.x, u[:, 0], s.h, g), rows, rtol=1e-12)
    np.testing.assert_allclose(jax.grad(loss, 3)(s.x, u[:, 0], s.h, g), rows, rtol=1e-12)
    whole = jax.grad(lambda g: ukemi.jax.rollout(batch, s.x, u, s.h, parameters={"gravity.z": g}).x.sum())
    np.testing.assert_allclose(whole(-9.0), whole(jnp.full(6, -9.0)).sum(), rtol=1e-12)


def test_shapes(ant):
    batch = ukemi.Batch(ant)
    for lead in ((), (1,), (2, 3), (0,)):
        x, u = np.broadcast_to(ant.start.x, (*lead, ant.nx)), np.zeros((*lead, 4, ant.nu))
        y = ukemi.jax.step(batch, x, u[..., 0, :])
        assert y.x.shape == (*lead, ant.nx) and y.h.shape == y.status.shape == lead
        assert ukemi.jax.rollout(batch, x, u).x.shape == (*lead, 5, ant.nx)
    still = ukemi.Batch(ukemi.load("sphere"))
    x = still.model.start.repeat(2).x
    assert jax.jacrev(lambda x: ukemi.jax.step(still, x, np.zeros((2, 0))).x)(x).shape == (2, 13, 2, 13)


def test_float32():
    """What JAX works in unless told otherwise."""
    batch, s, u = problem("ant")
    want = jax.grad(lambda u: ukemi.jax.rollout(batch, s.x, u, s.h).x[:, -1].sum())(u)
    with jax.enable_x64(False):
        x, u, h = (jnp.asarray(a, jnp.float32) for a in (s.x, u, s.h))
        y = jax.jit(lambda x, u, h: ukemi.jax.step(batch, x, u, h))(x, u[:, 0], h)
        assert y.x.dtype == y.h.dtype == jnp.float32
        np.testing.assert_allclose(y.x, batch.step(s, np.asarray(u[:, 0])).state.x, atol=2e-5)
        got = jax.grad(lambda u: ukemi.jax.rollout(batch, x, u, h).x[:, -1].sum())(u)
        assert got.dtype == jnp.float32
        np.testing.assert_allclose(got, want, atol=1e-3 * np.abs(want).max())
    with pytest.raises(ukemi.ArgumentError, match="complex"):
        ukemi.jax.step(batch, x + 1j, u[:, 0])


def test_failed_rows(ant):
    batch = ukemi.Batch(ant)
    s, u = random_states(ant, 3), np.zeros((3, 2, 8))
    s.x[1, ant.joint("floating_base").v] = 1e10
    for f in (lambda x, **o: ukemi.jax.step(batch, x, u[:, 0], **o), lambda x, **o: ukemi.jax.rollout(batch, x, u, **o)):
        with pytest.raises(Exception, match="1 of 3 rows: row 1: .*floating_base"):
            jax.block_until_ready(jax.jit(f)(s.x))
        y = f(s.x, strict=False)
        assert y.status.tolist() == [0, 1, 0]
        g = jax.grad(lambda x: f(x, strict=False).x.sum())(s.x)
        assert (g[1] == 0).all() and jnp.isfinite(g).all() and (g[0] != 0).any()


def test_what_is_refused(ant):
    batch, x, u = ukemi.Batch(ant), ant.start.repeat(2).x, np.zeros((2, 8))
    for call, want in (
        (lambda: ukemi.jax.step(batch, x[:, 1:], u), r"x has shape \(2, 28\)"),
        (lambda: ukemi.jax.step(batch, x, u[:1]), r"u has shape \(1, 8\), want \(2, 8\)"),
        (lambda: ukemi.jax.step(batch, x, u, np.zeros(3)), "h has shape"),
        (lambda: ukemi.jax.step(batch, x, u, sub=0), "sub"),
        (lambda: ukemi.jax.step(batch, x, u, parameters={"torso.weight": 1.0}), "torso.weight"),
        (lambda: ukemi.jax.step(batch, x, u, parameters={"gravity.z": np.zeros(3)}), r"'gravity.z' has shape \(3,\)"),
        (lambda: ukemi.jax.rollout(batch, x, u[0, 0]), "u has shape"),
        (lambda: ukemi.jax.step(ant, x, u), "want a ukemi.Batch"),
    ):
        with pytest.raises(ukemi.ArgumentError, match=want):
            call()
    for bad in (-1.0, np.nan):  # known only when the program runs
        with pytest.raises(Exception, match="mass"):
            jax.block_until_ready(jax.jit(lambda m: ukemi.jax.step(batch, x, u, parameters={"torso.mass": m}))(bad))
    with pytest.raises(Exception, match="row 1: .*torso|row 1: .*floating_base"):
        jax.block_until_ready(ukemi.jax.step(batch, jnp.asarray(x).at[1, 0].set(jnp.nan), u))


def test_twice_is_refused():
    batch, s, u = problem("cartpole")
    for y in (lambda x: ukemi.jax.step(batch, x, u[:, 0], s.h).x, lambda x: ukemi.jax.rollout(batch, x, u, s.h).x):
        first = jax.grad(lambda x: y(x).sum())
        with pytest.raises(ukemi.Error, match="first derivatives alone"):
            jax.grad(lambda x: (first(x) ** 2).sum())(jnp.asarray(s.x))


def test_a_batch_outlives_its_name(ant):
    """A compiled program knows the batch by its number alone."""
    batches = [ukemi.Batch(ant, kappa=1e-4)]
    step = jax.jit(lambda x, u: ukemi.jax.step(batches[0], x, u).x)
    first = step(ant.start.x, np.zeros(8))
    batches.clear()
    gc.collect()
    np.testing.assert_array_equal(step(ant.start.x, np.zeros(8)), first)


def test_another_device(monkeypatch, ant):
    monkeypatch.setattr(jax, "default_backend", lambda: "gpu")
    with pytest.raises(ukemi.Error, match="works on gpu here: use jax.default_device"):
        ukemi.jax.step(ukemi.Batch(ant), ant.start.x, np.zeros(8))
    with jax.default_device(jax.devices("cpu")[0]):
        ukemi.jax.step(ukemi.Batch(ant), ant.start.x, np.zeros(8))


def test_a_forked_child(monkeypatch, ant):
    batch = ukemi.Batch(ant)
    monkeypatch.setattr(_native, "generation", 1)
    with pytest.raises(ukemi.Error, match="does not survive a fork"):
        ukemi.jax.step(batch, ant.start.x, np.zeros(8))


class _Frame(ctypes.Structure):
    """The head of a call of XLA that asks for the version."""

    _fields_ = [("size", ctypes.c_size_t), ("extension", ctypes.c_void_p), ("api", ctypes.c_void_p), ("rest", ctypes.c_void_p * 32)]


def test_the_version_of_the_interface():
    """0.x is spoken to in its own minor version; a later interface hears 0.3, and refuses; the first did not say its own."""
    word = ctypes.c_size_t
    for major, minor, want in ((0, 1, (0, 1)), (0, 7, (0, 7)), (1, 0, (0, 3)), (None, 0, (0, 1))):
        metadata = (word * 8)()
        asks = (word * 4)(32, 1, 0, ctypes.addressof(metadata))
        api = (word * 8)(64, 0, 32, 0, (major or 0) | minor << 32)
        frame = _Frame(ctypes.sizeof(_Frame), ctypes.addressof(asks), None if major is None else ctypes.addressof(api))
        handler = _native.library().ukemi_xla_step
        handler.restype, handler.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
        assert handler(ctypes.byref(frame)) is None
        assert (metadata[3] & 0xFFFFFFFF, metadata[3] >> 32) == want

@pytest.mark.parametrize(
    "change, want",
    [
        ({"batch": None}, "batch is of type NoneType, want a ukemi.Batch"), ({"x": "text"}, "x is "), ({"u": None}, "u is "), ({"h": {}}, "h is "),
        ({"parameters": 3}, "parameters is 3, want a dict"), ({"parameters": {"gravity.z": object()}}, "parameter 'gravity.z'"),
        ({"parameters": {"nothing": 1.0}}, "nothing"), ({"x": np.zeros(5)}, r"(state|x) has shape \(5,\)"), ({"u": np.zeros((2, 7))}, r"u has shape \(2,"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("function", ["step", "rollout"])
def test_what_is_refused(function, change, want):
    m = ukemi.load("cartpole")
    call = dict(batch=ukemi.Batch(m, workers=1), x=m.start.x, u=np.zeros(1) if function == "step" else np.zeros((1, 1)), h=None, parameters=None) | change
    with pytest.raises(ukemi.ArgumentError, match=want):
        getattr(ukemi.jax, function)(call["batch"], call["x"], call["u"], call["h"], parameters=call["parameters"])
