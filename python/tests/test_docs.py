"""What docs/python.md shows works."""

import re

from conftest import CHECKOUT


def test_the_page():
    text = (CHECKOUT / "docs" / "python.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", text, re.S)
    assert len(blocks) >= 6, "the test reads the wrong thing"
    names = {}
    for block in blocks:  # one after the other, as a reader would
        line = text[: text.index(block)].count("\n")
        exec(compile("\n" * line + block, "docs/python.md", "exec"), names)
