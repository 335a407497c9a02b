"""What the tests have in common."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

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


CLUSTER = dict(num_cpus=2, _node_ip_address="127.0.0.1", include_dashboard=False, logging_level="error", log_to_driver=False, object_store_memory=100 << 20)


@pytest.fixture(scope="session")
def cluster():
    """Ray with two workers on this machine. Where it does not start, it hangs: so another process tries first."""
    import ray

    try:
        subprocess.run([sys.executable, "-c", f"import ray; ray.init(**{CLUSTER}); ray.shutdown()"], check=True, capture_output=True, timeout=180)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as e:
        pytest.skip(f"left out: Ray, which does not start here ({type(e).__name__})")
    paths = [os.path.dirname(os.path.dirname(ukemi.__file__)), os.path.dirname(__file__)]  # workers know the tests and ukemi
    ray.init(**CLUSTER, runtime_env={"env_vars": {"PYTHONPATH": os.pathsep.join(paths)}})
    yield
    ray.shutdown()


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
