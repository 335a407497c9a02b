"""Thousands of calls with arguments of all kinds: a result or one of the package's exceptions, never NaN, never a crash."""

import warnings

import numpy as np
from test_model import MJCF, URDF

import ukemi

CALLS = 4000


def junk(rng, shape):
    """An array of nearly the right shape with numbers of all kinds, or something else altogether."""
    kind = rng.integers(8)
    if kind == 0:
        return rng.choice(np.array([None, "x", 3, np.nan, b"", object()], dtype=object))
    if kind == 1:
        shape = tuple(rng.integers(0, 4, size=rng.integers(0, 4)))
    elif kind == 2 and shape:
        shape = (*shape[:-1], shape[-1] + rng.integers(-1, 2))
    a = rng.normal(size=[max(0, n) for n in shape]) * 10.0 ** rng.integers(-3, 4)
    if kind == 3 and a.size:
        a.flat[rng.integers(a.size)] = rng.choice([np.nan, np.inf, -np.inf, 1e308, -1e308, 5e-324, 1e18])
    if kind == 4:
        return a.astype(rng.choice(["float32", "int64", "complex128", "bool", "float16", "U3"]))
    if kind == 5:
        return a[..., ::-1]
    return a


def state(rng, model, n):
    x = model.start.repeat(n).x + rng.normal(size=(n, model.nx)) * 10.0 ** rng.integers(-4, 2)
    for j in model.joints:
        if j.quaternion:
            x[:, j.quaternion] = rng.normal(size=(n, 4)) if rng.random() < 0.1 else model.start.x[j.quaternion]
    return x if rng.random() < 0.7 else junk(rng, x.shape)


def finite(result):
    for field in vars(result).values() if not isinstance(result, np.ndarray) else [result]:
        if isinstance(field, ukemi.State):
            assert np.isfinite(field.x).all() and np.isfinite(field.h).all()
        elif isinstance(field, np.ndarray) and field.dtype == np.float64:
            assert np.isfinite(field).all()


def test_fuzz():
    rng = np.random.default_rng(7)
    batches = [ukemi.Batch(ukemi.load(n), workers=2) for n in ("cartpole", "ant", "gripper", "sphere")]
    outcomes = {"result": 0, "refused": 0, "failed": 0}
    for _ in range(CALLS):
        b = batches[rng.integers(len(batches))]
        m, n, t = b.model, rng.integers(0, 4), rng.integers(0, 4)
        x = state(rng, m, n)
        if rng.random() < 0.3:
            h = rng.choice([0.0, 0.01, 1e-9, -1.0, np.nan, 1e9, np.inf])
        else:
            h = None
        strict, names = bool(rng.integers(2)), [[], ["gravity.z"], ["gravity.x", "timestep"], ["nothing"], "gravity.y"][rng.integers(5)]

        def u(*lead):
            return None if rng.random() < 0.2 else rng.normal(size=(n, *lead, m.nu)) if rng.random() < 0.6 else junk(rng, (n, *lead, m.nu))

        def g(*lead):
            return rng.normal(size=(n, *lead, m.nx)) if rng.random() < 0.7 else junk(rng, (n, *lead, m.nx))

        try:
            if h is not None:
                x = m.state(x, h)
            match rng.integers(10):
                case 0:
                    r = b.step(x, u(), sub=int(rng.integers(-1, 3)), forces=bool(rng.integers(2)), strict=strict)
                case 1:
                    r = b.rollout(x, u(t), steps=[None, int(t)][rng.integers(2)], strict=strict)
                case 2:
                    r = b.jacobian(x, u(), sub=int(rng.integers(0, 4)), parameters=names, tangent=bool(rng.integers(2)), strict=strict)
                case 3:
                    r = b.vjp(x, u(), g(), parameters=names, strict=strict)
                case 4:
                    r = b.rollout_vjp(x, u(t), g(t + 1), parameters=names, strict=strict)
                case 5:
                    r = b.energy(x)
                case 6:
                    r = b.poses(x)
                case 7:
                    some = [rng.choice(np.array([*m.colliders, *m.half_spaces, "roof", -1, 0, 1, 7, 2**40, None], dtype=object), 2) for _ in range(t)]
                    r = b.distance(x, some if rng.random() < 0.8 else None)
                case 8:
                    r = b.inverse(x, rng.normal(size=(n, m.nv)) if rng.random() < 0.7 else junk(rng, (n, m.nv)))
                case _:
                    r = b.rays(x, junk(rng, (n, t, 3)), junk(rng, (t, 3)))
                    r = np.where(np.isinf(r.distance), 0, r.distance)
        except ukemi.StepError:
            outcomes["failed"] += 1
        except ukemi.ArgumentError:
            outcomes["refused"] += 1
        else:
            outcomes["result"] += 1
            finite(r)
    print(outcomes)
    assert min(outcomes["result"], outcomes["refused"]) > CALLS / 5 and outcomes["failed"] > 10


def test_fuzz_files():
    """Descriptions and saved models with bytes changed, cut out and doubled: a model that steps, or a ModelError."""
    rng = np.random.default_rng(8)
    sources = [URDF.encode(), MJCF.encode(), ukemi.load("hopper").to_bytes()]
    loaded = refused = 0
    for k in range(1200):
        text = bytearray(sources[k % 3])
        for _ in range(rng.integers(1, 4)):
            at = int(rng.integers(len(text)))
            match rng.integers(3):
                case 0:
                    text[at] = rng.choice(list(b'09.-e<>"/ \x00\xff') + list(text[:50]))
                case 1:
                    del text[at : at + int(rng.integers(1, 20))]
                case _:
                    text[at:at] = text[at : at + int(rng.integers(1, 20))]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ukemi.LoadWarning)
                model = ukemi.load(bytes(text), repair=bool(rng.integers(2)))
        except ukemi.ModelError:
            refused += 1
        else:
            loaded += 1
            ukemi.Batch(model, workers=1).rollout(model.start, steps=2, strict=False)
    assert loaded > 50 and refused > 50, (loaded, refused)
