"""What importing the package takes."""

import pathlib
import re
import shutil
import subprocess
import sys

import pytest

import ukemi
from ukemi import _native


def test_import_is_light():
    """numpy alone, and the library only when it is used."""
    code = "import sys, ukemi; print(sorted({'torch', 'jax', 'gymnasium', 'ray', 'scipy'} & set(sys.modules)), ukemi._native._lib)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[] None\n"


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("readelf"), reason="left out: what the library needs, which readelf tells on Linux")
def test_the_library_needs_libc_alone():
    """And no symbol of it later than 2.34, which Debian 12 and Ubuntu 22.04 have."""
    path = str(pathlib.Path(ukemi.__file__).with_name(_native.NAME))
    needed = subprocess.run(["readelf", "-dW", path], capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"NEEDED.*\[(.*)\]", needed)) <= {"libc.so.6", "libpthread.so.0", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
    versions = subprocess.run(["readelf", "-VW", path], capture_output=True, text=True, check=True).stdout
    assert max((int(a), int(b)) for a, b in re.findall(r"GLIBC_(\d+)\.(\d+)", versions)) <= (2, 34)
