"""The benchmark runs."""

import importlib.util

from conftest import CHECKOUT


def test_bench(capsys):
    spec = importlib.util.spec_from_file_location("bench", CHECKOUT / "python" / "bench.py")
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    bench.table(names=["cartpole"], n=2, t=2, repeats=1)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 and len({line.count("|") for line in lines}) == 1
