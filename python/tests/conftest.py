"""What the tests have in common."""

import dataclasses
import json
import pathlib
import shutil
import signal
import subprocess

import numpy as np
import pytest

import ukemi

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def reference():
    """Rollouts and derivatives that the engine gives in Go."""
    if not shutil.which("go"):
        pytest.skip("left out: the comparison with Go, which is not here")
    out = subprocess.run(["go", "run", "./python/tests/reference"], cwd=CHECKOUT, check=True, capture_output=True)
    return {name: {k: v if k == "Params" else np.array(v) for k, v in r.items()} for name, r in json.loads(out.stdout).items()}


@pytest.fixture(scope="session")
def ant():
    return ukemi.load("ant")


def pytest_collection_modifyitems(items):
    """Tests that fork come first: threads of JAX and Ray do not survive forks."""
    items.sort(key=lambda item: item.path.name != "test_process.py" and not item.get_closest_marker("forks"))


@pytest.fixture
def jax_as_it_was():
    import jax

    was = jax.config.jax_enable_x64
    yield
    jax.config.update("jax_enable_x64", was)


EPS = 1e-7  #: of differences
CLOSE = 1e-5  #: how far derivatives may be from them, of the largest


@dataclasses.dataclass
class Motion:
    """Rows in motion of a model, at which differences can be taken: smooth and tightly solved, off the symmetric starts of the zoo, where edges
    lie on edges."""

    batch: ukemi.Batch
    s: ukemi.State
    u: np.ndarray  # (n, 5, nu)
    parameters: dict[str, float]


def motion(name, n=1):
    model = ukemi.load(name)
    batch, rng = ukemi.Batch(model, kappa=1e-3, tolerance=1e-12, centrality=1e-10), np.random.default_rng(0)
    start = model.start.repeat(n)
    start.v[:] += 0.1 * rng.normal(size=start.v.shape)
    s = batch.rollout(start, rng.normal(size=(n, 3, model.nu))).states[:, -1]
    names = ["gravity.z", next(p for p in model.parameters() if p.endswith(".mass"))]
    return Motion(batch, s, 0.3 * rng.normal(size=(n, 5, model.nu)), {p: model.get(p) for p in names})


@pytest.fixture
def ctrl_c():
    """SIGINT as a terminal has it: who runs in the background of a shell ignores it."""
    was = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, was)


def random_states(model, n, seed=0):
    """n states around the start, quaternions unit."""
    rng = np.random.default_rng(seed)
    x = model.start.repeat(n).x
    x += 0.1 * rng.normal(size=x.shape)
    for j in model.joints:
        if j.quaternion:
            x[:, j.quaternion] /= np.linalg.norm(x[:, j.quaternion], axis=1, keepdims=True)
    return model.state(x)
