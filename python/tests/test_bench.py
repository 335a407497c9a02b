"""The benchmark runs."""

import importlib.util
import warnings

import pytest
from conftest import CHECKOUT


@pytest.fixture
def bench():
    spec = importlib.util.spec_from_file_location("bench", CHECKOUT / "python" / "bench.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_bench(bench, capsys):
    bench.table(names=["cartpole"], n=2, t=2, repeats=1)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 and len({line.count("|") for line in lines}) == 1


def test_peers(bench, capsys):
    pytest.importorskip("mujoco", reason="left out: the benchmark beside MuJoCo, which is not here")
    pytest.importorskip("gymnasium", reason="left out: the benchmark beside Gymnasium, which is not here")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of theirs
        bench.peers(n=2, k=2, rows=3, repeats=1)
        bench.same_file(rows=2, t=3, repeats=1)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6 + 7 and len({line.count("|") for line in lines}) == 1
