"""What docs/python.md and the README show works."""

import re

import pytest
from conftest import CHECKOUT

import ukemi


@pytest.mark.parametrize("page, least, with_torch", [("docs/python.md", 6, False), ("docs/python.md", 7, True), ("README.md", 1, False)])
def test_snippets(page, least, with_torch):
    if with_torch:
        pytest.importorskip("torch", reason=f"left out: what {page} shows of torch, which is not here")
    text = (CHECKOUT / page).read_text()
    blocks = re.findall(r"```python\n(.*?)```", text, re.S)
    if not with_torch:
        blocks = [b for b in blocks if "torch" not in b]
    assert len(blocks) >= least, "the test reads the wrong thing"
    names = {"ukemi": ukemi}
    for block in blocks:  # one after the other, as a reader would
        line = text[: text.index(block)].count("\n")
        exec(compile("\n" * line + block, page, "exec"), names)
