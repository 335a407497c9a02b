"""The examples and the notebook do what they claim."""

import importlib.util
import sys

import numpy as np
import pytest
from conftest import CHECKOUT

EXAMPLES = CHECKOUT / "python" / "examples"


@pytest.fixture
def example(monkeypatch):
    """Loads an example as a module; they import each other."""
    monkeypatch.syspath_prepend(EXAMPLES)

    def load(name):
        spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.mark.parametrize("name, package", [("throw_scipy", "scipy"), ("damping_torch", "torch")])
def test_optimizers(example, name, package):
    pytest.importorskip(package, reason=f"left out: {name}.py, without {package}")
    example(name).main()  # it checks its claim


def test_shac_learns(example):
    """The pole begins to swing: at 20 000 steps it earns 108 of what had been 0, and a seed repeats its bits."""
    torch = pytest.importorskip("torch", reason="left out: shac.py, without torch")
    shac = example("shac")
    s = shac.dataclasses.replace(shac.TASKS["CartpoleSwingup"], steps=20_000)
    curve, trainer = shac.train("CartpoleSwingup", s, seed=0, every=5, quiet=True)
    assert trainer.failed == 0 and abs(curve[0][2]) < 5 and curve[-1][2] > 50
    torch.set_num_threads(1)
    again, _ = shac.train("CartpoleSwingup", shac.dataclasses.replace(s, rows=8, steps=1000), seed=1, quiet=True)
    torch.set_num_threads(2)  # on which torch's sums would depend
    repeated, _ = shac.train("CartpoleSwingup", shac.dataclasses.replace(s, rows=8, steps=1000), seed=1, quiet=True)
    assert [c[1:] for c in again] == [c[1:] for c in repeated]


def test_returns_of_the_critic(example):
    """TD(λ) with λ = 1 is the discounted sum to the end of an episode, or to what is expected of the state there."""
    torch = pytest.importorskip("torch", reason="left out: shac.py, without torch")
    shac = example("shac")
    s = shac.dataclasses.replace(shac.TASKS["CartpoleSwingup"], horizon=3, rows=2, trace=1.0, discount=0.5, critic_epochs=0, target=0.0)
    t = shac.Trainer(shac.ukemi.gym.CartpoleSwingup(), s, 0)
    rewards = torch.tensor([[1.0, 1], [2, 2], [4, 4]])
    ends = torch.tensor([[False, False], [False, True], [False, False]])
    values = torch.tensor([[100.0, 100], [100, 100], [8, 8]])
    wanted = t.returns(rewards, ends, ends, values)
    np.testing.assert_allclose(wanted[:, 0], [1 + 0.5 * (2 + 0.5 * (4 + 0.5 * 8)), 2 + 0.5 * (4 + 0.5 * 8), 4 + 0.5 * 8])
    np.testing.assert_allclose(wanted[:, 1], [1 + 0.5 * 2, 2, 4 + 0.5 * 8])


def test_random_search_runs(example):
    """Two directions play four episodes of 300 actions; with gradients the first window changes the policy."""
    pytest.importorskip("torch", reason="left out: ars.py, without torch")
    ars = example("ars")
    curve = ars.train("HalfCheetah", ars.Settings(steps=1000, directions=2, best=1), seed=0, quiet=True)
    assert len(curve) == 2 and curve[-1][1] == 1200 and curve[-1][2] != curve[0][2]
    curve = ars.train_with_gradients("HalfCheetah", ars.dataclasses.replace(ars.GRADIENTS, steps=1024), seed=0, every=1, quiet=True)
    assert len(curve) == 2 and curve[-1][1] == 1024 and curve[-1][2] != curve[0][2]


def test_ppo_runs(example):
    pytest.importorskip("stable_baselines3", reason="left out: ppo_ant.py, without stable-baselines3")
    curve = example("ppo_ant").train(seed=0, steps=64 * 64, every=1, quiet=True)
    assert [c[1] for c in curve[:2]] == [0, 64 * 64]


def test_normal(example):
    """Mean and variance of rows that come in parts are those of all of them."""
    pytest.importorskip("torch", reason="left out: ars.py, without torch")
    normal, rows = example("ars").Normal(3), np.random.default_rng(0).normal(2, 3, (50, 3))
    normal.see(rows[:20])
    normal.see(rows[20:])
    np.testing.assert_allclose(normal.mean, rows.mean(0))
    np.testing.assert_allclose(normal.scale, 1 / rows.std(0))


def test_notebook():
    """Every cell runs."""
    pytest.importorskip("nbclient", reason="left out: the notebook, without nbclient")
    pytest.importorskip("ipykernel", reason="left out: the notebook, without ipykernel")
    pytest.importorskip("gymnasium", reason="left out: the notebook, without gymnasium")
    import nbclient
    import nbformat

    notebook = nbformat.read(EXAMPLES / "tour.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "outputs do not belong into the repository"
    nbclient.NotebookClient(notebook, timeout=120).execute()
    shown = [o for cell in notebook.cells for o in cell.get("outputs", []) if "text/html" in o.get("data", {})]
    assert len(shown) == 2 and all("<iframe" in o["data"]["text/html"] for o in shown)
