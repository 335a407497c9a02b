"""Builds the C library of the package with Go: one wheel for every Python 3 of a platform."""

import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LIBRARY = {"win32": "ukemi.dll", "darwin": "libukemi.dylib"}.get(sys.platform, "libukemi.so")


class GoLibrary(BuildHookInterface):
    def initialize(self, version, build_data):
        python = pathlib.Path(self.root)
        library = python / "src" / "ukemi" / LIBRARY
        build(python, library)
        build_data["artifacts"].append(f"src/ukemi/{LIBRARY}")
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-" + sysconfig.get_platform().replace("-", "_").replace(".", "_")


def build(python, library):
    if not (python.parent / "go.mod").exists():
        raise SystemExit("ukemi is built from a checkout of its repository: pip install ./python there")
    go, cc = shutil.which("go"), os.environ.get("CC", "gcc")
    if go is None:
        raise SystemExit("ukemi is built with Go 1.26 or later, which is not here: see https://go.dev/dl/")
    if shutil.which(cc.split()[0]) is None:
        raise SystemExit(f"ukemi is built with a C compiler, and {cc} is not here: install gcc, or name another in CC")
    subprocess.run(
        [go, "build", "-trimpath", "-tags=lean", "-ldflags=-s -w", "-buildmode=c-shared", "-o", str(library), "./python/native"],
        cwd=python.parent, check=True, env={**os.environ, "CGO_ENABLED": "1"},
    )
    library.with_suffix(".h").unlink()
