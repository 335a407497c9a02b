"""What the build says where something is missing."""

import importlib.util

import pytest
from conftest import CHECKOUT

pytest.importorskip("hatchling", reason="left out: the build hook, without hatchling")


@pytest.fixture
def hook():
    spec = importlib.util.spec_from_file_location("hatch_build", CHECKOUT / "python" / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("missing, want", [("go", "Go 1.26 or later, which is not here"), ("gcc", "C compiler, and gcc is not here")])
def test_what_is_missing(hook, monkeypatch, tmp_path, missing, want):
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(hook.shutil, "which", lambda name: None if name == missing else f"/usr/bin/{name}")
    with pytest.raises(SystemExit, match=want):
        hook.build(CHECKOUT / "python", tmp_path / "libukemi.so")


def test_outside_of_a_checkout(hook, tmp_path):
    with pytest.raises(SystemExit, match="from a checkout"):
        hook.build(tmp_path, tmp_path / "libukemi.so")
