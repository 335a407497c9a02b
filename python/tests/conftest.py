"""What the tests have in common."""

import json
import pathlib
import shutil
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
    return {name: {k: np.array(v) for k, v in r.items()} for name, r in json.loads(out.stdout).items()}


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


def random_states(model, n, seed=0):
    """n states around the start, quaternions unit."""
    rng = np.random.default_rng(seed)
    x = model.start.repeat(n).x
    x += 0.1 * rng.normal(size=x.shape)
    for j in model.joints:
        if j.quaternion:
            x[:, j.quaternion] /= np.linalg.norm(x[:, j.quaternion], axis=1, keepdims=True)
    return model.state(x)
