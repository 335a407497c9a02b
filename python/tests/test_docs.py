"""What docs/python.md and the README show works."""

import re

import pytest
from conftest import CHECKOUT

import ukemi

OPTIONAL = {"gymnasium", "torch", "jax", "ray"}


@pytest.mark.parametrize("page, package, least", [
    ("README.md", "numpy", 1), ("docs/python.md", "numpy", 9), ("docs/python.md", "gymnasium", 11), ("docs/python.md", "torch", 10),
    ("docs/python.md", "jax", 10), ("docs/python.md", "ray", 10),
])  # fmt: skip
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::ResourceWarning", "ignore::UserWarning")
def test_snippets(request, page, package, least, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    pytest.importorskip(package, reason=f"left out: what {page} shows of {package}, which is not here")
    if package == "ray":
        request.getfixturevalue("cluster")
    if package == "jax":
        request.getfixturevalue("jax_as_it_was")
    text = (CHECKOUT / page).read_text()
    blocks = re.findall(r"```python\n(.*?)```", text, re.S)
    blocks = [b for b in blocks if not any(f"import {other}" in b.replace("from ukemi.gym", "import gymnasium") for other in OPTIONAL - {package})]
    assert len(blocks) >= least, "the test reads the wrong thing"
    names = {"ukemi": ukemi, "__name__": "__main__"}
    for block in blocks:  # one after the other, as a reader would
        line = text[: text.index(block)].count("\n")
        exec(compile("\n" * line + block, page, "exec"), names)
