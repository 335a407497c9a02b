"""Calls of every public function with one argument after the other replaced by something else: a result, or one of the package's exceptions."""

import warnings

import numpy as np
import pytest

import ukemi
from ukemi import HeightField, Mesh, Sensor, Surface, Term, Unknown

CALLS = 6000
NAMES = "a name that nothing has"
JUNK = [
    None, NAMES, "", "\0", b"bytes", -1, 0, 1, 3, 2**70, 0.5, -0.5, np.nan, np.inf, -np.inf, 1e308, 5e-324, 1j, True, object(), [], (), {}, {"a": 1}, [None],
    ["x"], [1, [2, 3]], np.zeros(0), np.zeros((2, 3)), np.full(29, np.nan), np.zeros(19), np.ones((4, 29)), np.array("text"), np.array([object()]), slice(2),
    np.zeros(4, "datetime64[s]"), np.zeros((3, 3), complex), len, int, float("-0.0"), np.float32(2), np.int8(3),
]  # fmt: skip


class Zoo:
    """What calls are made of."""

    def __init__(self):
        self.ant, self.cart = ukemi.load("ant"), ukemi.load("cartpole")
        self.batch, self.felt = ukemi.Batch(self.cart, workers=1), ukemi.Batch(self.ant, workers=2, sensors=["foot_1", Sensor("imu", "torso", position=(0.1, 0, 0))])
        self.smooth = ukemi.Batch(self.cart, kappa=1e-3, workers=1)
        self.path = self.batch.rollout(self.cart.start, np.zeros((4, 1))).states
        self.renderer = ukemi.Renderer(self.cart, 16, 16, workers=1)


def good(z):
    """Calls that work: a function, its arguments and its named ones."""
    ant, cart, batch, felt = z.ant, z.cart, z.batch, z.felt
    two = ant.start.repeat(2)
    u, x = np.zeros((2, ant.nu)), cart.start
    hills = HeightField(np.zeros((3, 3)), (1.0, 1.0))
    yield ukemi.load, ("sphere",), dict(timestep=0.01, friction=0.5, ground=True, base="auto", repair=False, servo=None, terrain=None, surfaces=None, self_contact=False, decompose=None)
    yield ukemi.load, ("sphere",), dict(terrain=hills, surfaces={"ball": Surface(restitution=0.5)})
    yield ukemi.load, ("cartpole",), dict(servo=(10.0, 1.0))
    yield HeightField, (np.zeros((3, 3)), (1.0, 1.0)), {}
    yield Mesh, (np.eye(3), [[0, 1, 2]]), {}
    yield lambda **k: ukemi.load("sphere", surfaces={"ball": Surface(**k)}), (), dict(velocity=(0, 0, 0), restitution=0.0, stiffness=1e4, damping=1.0, torsion=0.01, rolling=0.01)
    yield lambda *a: ukemi.load("sphere", terrain=Mesh(*a)), ([[-1, -1, 0], [1, -1, 0], [0, 1, 0.0]], [[0, 1, 2]]), {}
    for name, of in (("joint", "hip_1"), ("input", "hip_1"), ("link", "torso"), ("collider", "torso"), ("get", "gravity.z"), ("with_parameters", {"gravity.z": -1.0})):
        yield getattr(ant, name), (of,), {}
    yield ant.save, ("/nonexistent/folder/model.json",), {}
    yield ukemi.Batch, (cart,), dict(kappa=1e-4, tolerance=1e-9, centrality=1e-4, gradient_kappa=1e-3, workers=1, divide_impacts=False, sensors=("pole",))
    yield lambda x, h: batch.step(ukemi.State(x, h, nq=2)), (np.zeros(4), 0.01), {}
    yield x.repeat, (2,), {}
    yield felt.step, (two, u), dict(sub=2, forces=True, parameters={"gravity.z": -1.0, "torso.mass": [1.0, 2.0]}, strict=False)
    yield felt.step, (ant.start, u[0]), dict(sub=1, strict=False)
    yield felt.rollout, (two, np.zeros((2, 2, ant.nu))), dict(steps=2, parameters=None, strict=False)
    yield felt.jacobian, (two, u), dict(sub=1, parameters=["gravity.z"], tangent=False, strict=False)
    yield felt.vjp, (two, u, two.x), dict(parameters=["gravity.z"], strict=False)
    yield felt.rollout_vjp, (two, np.zeros((2, 1, ant.nu)), np.zeros((2, 2, ant.nx))), dict(parameters=(), strict=False)
    for name in ("energy", "poses", "mass_matrix", "bias"):
        yield getattr(felt, name), (two,), {}
    yield felt.frames, (two, ["torso", "foot_1"]), dict(body=True, jacobians=True)
    yield felt.distance, (two, [("torso", "ground"), (0, 1)]), {}
    yield felt.rays, (two, [[0, 0, 2.0]], [[0, 0, -1.0]]), {}
    yield felt.inverse, (two, np.zeros((2, ant.nv))), {}
    yield batch.bind, (2,), dict(sub=1)
    yield lambda *a: bound(z, *a), (x, 1, 0.0, 0.0, True), {}
    yield ukemi.Renderer, (cart, 16, 16), dict(show=x, azimuth=0.0, elevation=10.0, distance=3.0, follow=True, workers=1)
    yield z.renderer.render, (x,), {}
    yield film, (cart, z.path), dict(u=np.zeros((4, 1)), interval=0.01, title="title", fps=50.0)
    yield ukemi.replay(cart, z.path).save, ("/nonexistent/folder/film.html",), {}
    data = [(z.path, np.zeros((4, 1)))]
    yield ukemi.fit, (cart, data, ["cart.mass"]), dict(noise=(1e-3, 1e-2), start_noise=None, substeps=1, window=0, kappas=(), loss="square", width=3.0, iterations=2, searches=1, workers=1)
    yield fit_one, (cart, data), dict(name="cart.mass", lower=0.1, upper=5.0, mean=1.0, std=1.0, ties={"pole.mass": 1.0})
    yield plan, (cart, x, 2), dict(
        stage=[Term.input().weigh(0.1)], final=[Term.state(x)], goal=(), limit=[Term.input().at_most(5.0)], lower=-1.0, upper=[1.0], guess=np.zeros((2, 1)), method="ilqr",
        kappas=(), gradient_kappa=None, iterations=2, tolerance=1e-3, penalty=1.0, workers=1, strict=False,
    )  # fmt: skip
    for make, frame in ((Term.position, np.zeros(3)), (Term.orientation, [1.0, 0, 0, 0]), (Term.velocity, np.zeros(6))):
        yield lambda *a, make=make: plan(cart, x, 2, final=[make(*a)], iterations=1, workers=1, strict=False), ("pole", frame), {}
    for make in (Term.input, Term.state):
        yield lambda a, make=make: plan(cart, x, 2, stage=[make(a)], iterations=1, workers=1, strict=False), (x,) if make is Term.state else ([0.0],), {}
    for name, value in (("weigh", 1.0), ("rows", 0), ("at_most", 1.0), ("at_least", -1.0), ("named", "name")):
        yield lambda a, name=name: plan(cart, x, 2, limit=[getattr(Term.input(), name)(a)], iterations=1, workers=1, strict=False), (value,), {}


def bound(z, state, sub, u, x, strict):
    b = z.batch.bind()
    b.reset(state)
    b.sub = sub
    for array, value in ((b.u, u), (b.x, x)):
        if isinstance(value, float):  # who writes into arrays has numpy's word on what fits
            array[:] = value
    b.step(strict=strict)
    return b.state


def film(model, states, u, **options):
    return ukemi.replay(model, states, u, **options).html


def fit_one(model, data, **k):
    return ukemi.fit(model, data, [Unknown(**k)], noise=(1e-3, 1e-2), iterations=1, workers=1)


def plan(*args, **k):
    return ukemi.optimize(*args, **k)


def finite(r):
    """Results have no NaN."""
    if isinstance(r, ukemi.State):
        assert np.isfinite(r.x).all() and np.isfinite(r.h).all()
    elif isinstance(r, (ukemi.Step, ukemi.Rollout, ukemi.Jacobian, ukemi.Pull, ukemi.Energy, ukemi.Frames, ukemi.Distance)):
        for field in vars(r).values():
            if isinstance(field, np.ndarray) and field.dtype == np.float64:
                assert not np.isnan(field).any()


@pytest.mark.filterwarnings("ignore::ukemi.LoadWarning")
def test_every_function(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng, z = np.random.default_rng(11), Zoo()
    calls = list(good(z))
    refused = done = 0
    for f, args, named in calls:  # all of them work as they are, but for what has nowhere to be written
        try:
            finite(f(*args, **named))
        except OSError as e:
            assert "/nonexistent" in str(e)
    for k in range(CALLS):
        f, args, named = calls[k % len(calls)]
        args, named = list(args), dict(named)
        for _ in range(rng.integers(1, 3)):
            i = int(rng.integers(len(args) + len(named)))
            junk = JUNK[rng.integers(len(JUNK))]
            if i < len(args):
                args[i] = junk
            else:
                named[list(named)[i - len(args)]] = junk
        try:
            finite(f(*args, **named))
            done += 1
        except (ukemi.Error, OSError):
            refused += 1
        except Exception as e:
            raise AssertionError(f"{type(e).__name__}: {e}, of {getattr(f, '__qualname__', f)} with {args!r:.300} {named!r:.300}") from e
    print(done, refused)
    assert min(done, refused) > CALLS / 20
