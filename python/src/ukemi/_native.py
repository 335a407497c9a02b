"""The C library: loaded at first use, and anew in a forked child."""

from __future__ import annotations

import ctypes as C
import os
import pathlib
import signal
import struct
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from .errors import ArgumentError, Error, ModelError

ABI = 2
NAME = {"win32": "ukemi.dll", "darwin": "libukemi.dylib"}.get(sys.platform, "libukemi.so")

_P, _H, _S, _N, _I = C.c_void_p, C.c_uint64, C.c_char_p, C.c_int64, C.c_int32
_OUT, _NEED, _ERR = C.POINTER(_H), C.POINTER(_N), [_S, _N]
_SIGNATURES: dict[str, tuple[object, list[object]]] = {
    "ukemi_abi": (_I, []),
    "ukemi_live": (_N, []),
    "ukemi_free": (None, [_H]),
    "ukemi_load": (_I, [_OUT, _S, _S, _N, _S, *_ERR]),
    "ukemi_text": (_I, [_H, _S, _P, _N, _NEED, *_ERR]),
    "ukemi_zoo": (None, [_P, _N, _NEED]),
    "ukemi_renderer": (_I, [_OUT, _H, _S, *_ERR]),
    "ukemi_render": (_I, [_H, _P, _N, _P, _N, *_ERR]),
    "ukemi_film": (_I, [_OUT, _H, _N, _N, _P, _P, _P, _S, _I, *_ERR]),
    "ukemi_fit": (_I, [_OUT, _H, _S, _I, *_ERR]),
    "ukemi_optimize": (_I, [_OUT, _H, _S, _I, *_ERR]),
    "ukemi_bytes": (_I, [_H, _P, _N, _NEED, *_ERR]),
    "ukemi_get": (_I, [_H, _S, C.POINTER(C.c_double), *_ERR]),
    "ukemi_set": (_I, [_OUT, _H, _S, _P, _N, *_ERR]),
    "ukemi_batch": (_I, [_OUT, _OUT, _N, _S, *_ERR]),
    "ukemi_step": (_I, [_H, _N, _N, _P, _P, _P, _S, _P, _N, _P, _P, _P, _P, _P, _N, _P, _P, _P, _P, _P, _I, *_ERR]),
    "ukemi_energy": (_I, [_H, _N, _P, _P, _P, *_ERR]),
    "ukemi_frames": (_I, [_H, _N, _P, _N, _P, _I, _P, _P, *_ERR]),
    "ukemi_distances": (_I, [_H, _N, _P, _N, _P, _P, _P, *_ERR]),
    "ukemi_rays": (_I, [_H, _N, _P, _N, _P, _P, *_ERR]),
    "ukemi_dynamics": (_I, [_H, _N, _P, _P, _P, _P, _P, *_ERR]),
    "ukemi_job_run": (_I, [_H, _P]),
}


#: A call whose arguments are written down: ukemi_job of native/job.h. (Fields of a ctypes structure take 6 µs to fill.)
JOB = struct.Struct("@3i3q20q2PPqPq")


LONG = 256  #: row steps from which on a call watches for Ctrl-C
_BYTE: Any = C.c_char
_lock = threading.RLock()
_lib: C.CDLL | None = None
generation = 0  #: counts forks: handles of another generation belong to a library that is gone


def library() -> C.CDLL:
    global _lib
    if _lib is None:
        with _lock:
            if _lib is None:
                _lib = _open()
    return _lib


def _open() -> C.CDLL:
    path, fd = pathlib.Path(__file__).with_name(NAME), -1
    if not path.exists():
        raise ImportError(f"{path} is not there: install the package (pip install ./python in a checkout), which builds it")
    if generation:
        # The threads of the parent's Go runtime did not survive the fork. The loader takes a copy of the file, which is another
        # file to it, as another library: it starts a runtime of its own.
        if not hasattr(os, "memfd_create"):
            raise ImportError("a forked process needs Linux to use ukemi: start processes by spawn here")
        fd = os.memfd_create("libukemi")
        with open(fd, "wb", closefd=False) as copy:
            copy.write(path.read_bytes())
        path = pathlib.Path(f"/proc/self/fd/{fd}")
    lib = C.CDLL(str(path))
    if fd >= 0:
        os.close(fd)
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    if lib.ukemi_abi() != ABI:
        raise ImportError(f"{NAME} has version {lib.ukemi_abi()} of the interface, the package wants {ABI}: install it again")
    return lib


def _after_fork() -> None:
    global _lib, generation, _lock
    _lock = threading.RLock()
    if _lib is not None or generation:
        _lib, generation = None, generation + 1


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


class Handle:
    """A value of the library, freed with this object and made anew in a forked child.

    ``make`` may not refer to the owner of the handle: such a cycle would keep the value until the collector runs. Copies share it: one
    with the number alone would free it under the others.
    """

    __slots__ = ("_value", "_born", "_make")

    def __init__(self, make: Callable[[], int]) -> None:
        self._make = make
        self._value, self._born = make(), generation

    def __call__(self) -> int:
        if self._born != generation:
            self._value, self._born = self._make(), generation
        return self._value

    def __copy__(self) -> Handle:
        return self

    def __deepcopy__(self, _: object) -> Handle:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a value of the engine's library does not pickle: pickle what it is made of")

    def __del__(self) -> None:
        if getattr(self, "_born", -1) == generation and _lib is not None:
            _lib.ukemi_free(self._value)


def new(name: str, *args: object, error: type[Error] = ModelError) -> int:
    """Calls a function that makes a handle."""
    out, err = _H(), C.create_string_buffer(1 << 16)
    if getattr(library(), name)(C.byref(out), *args, err, len(err)) != 0:
        raise error(err.value.decode(errors="replace"))
    return out.value


def new_batch(models: list[int], settings: bytes) -> int:
    return new("ukemi_batch", (_H * len(models))(*models), len(models), settings, error=ArgumentError)


def text(handle: int, what: str) -> bytes:
    """Returns what ukemi_text writes about a model."""
    need, err = _N(), C.create_string_buffer(4096)
    size = 1 << 16
    while True:
        dst = C.create_string_buffer(size)
        if library().ukemi_text(handle, what.encode(), dst, size, C.byref(need), err, len(err)) != 0:
            raise ModelError(err.value.decode(errors="replace"))
        if need.value <= size:
            return dst.raw[: need.value]
        size = need.value


def zoo() -> list[str]:
    """Names of the models that come with the engine."""
    need = _N()
    library().ukemi_zoo(None, 0, C.byref(need))
    dst = C.create_string_buffer(max(1, need.value))
    library().ukemi_zoo(dst, need.value, C.byref(need))
    return dst.raw[: need.value].decode().split("\n")


def get(handle: int, name: str) -> float:
    value, err = C.c_double(), C.create_string_buffer(4096)
    if library().ukemi_get(handle, c_name(name), C.byref(value), err, len(err)) != 0:
        raise ArgumentError(err.value.decode(errors="replace"))
    return value.value


def call(name: str, *args: object) -> tuple[int, str]:
    """Calls a function on rows: how many of them did not end as they should, and the text of the first."""
    err = C.create_string_buffer(4096)
    return outcome(getattr(library(), name)(*args, err, len(err)), err)


def outcome(code: int, text: C.Array[C.c_char]) -> tuple[int, str]:
    """What a call on rows returned, and the text that it left."""
    if code == 0:
        return 0, ""
    message = text.value.decode(errors="replace")
    if code < 0:
        raise ArgumentError(message)
    return code, message


STEP, JACOBIAN, VJP, ROLLOUT, ROLLOUT_VJP = range(5)  #: what a job may be, as native/job.h has it


def run(
    what: int,
    handle: int,
    inputs: Sequence[NDArray[np.float64] | None],
    outputs: Sequence[NDArray[np.float64]],
    status: NDArray[np.int32],
    *,
    counts: NDArray[np.int32] | None = None,
    names: bytes = b"",
    sub: int = 1,
    steps: int = 1,
    tangent: bool = False,
) -> tuple[int, str]:
    """Runs a job: how many rows did not end as they should, and a text about them."""
    n, text = len(status), C.create_string_buffer(4096)
    job = JOB.pack(
        what, watch(n * sub * steps), tangent, n, steps, sub, *pointers(inputs), *pointers(outputs), pointer(status) or 0, pointer(counts) or 0,
        C.cast(C.c_char_p(names), _P).value or 0 if names else 0, len(names), C.addressof(text), 4096,
    )  # fmt: skip
    return outcome(library().ukemi_job_run(handle, job), text)


def pointers(arrays: Sequence[NDArray[np.float64] | None]) -> list[int]:
    """Addresses and sizes of at most five arrays."""
    words = [0] * 10
    for k, a in enumerate(arrays):
        if a is not None and (size := a.size):
            try:
                words[2 * k] = C.addressof(_BYTE.from_buffer(a))  # as pointer() does
            except (TypeError, ValueError):
                words[2 * k] = pointer(a) or 0
            words[2 * k + 1] = size
    return words


def pointer(a: NDArray[np.float64] | NDArray[np.int32] | None) -> int | None:
    """The address of a C-contiguous array, which the caller keeps alive; None of an empty one."""
    if a is None or a.size == 0:
        return None
    try:
        return C.addressof(_BYTE.from_buffer(a))  # a fifth of the time of a.ctypes.data
    except (TypeError, ValueError):  # it may only be read
        address: int = a.ctypes.data
        return address


def c_name(name: str) -> bytes:
    if not isinstance(name, str) or "\0" in name or "\n" in name:
        raise ArgumentError(f"{name!r} is no name")
    return name.encode(errors="replace")


def watch(work: int) -> int:
    """Whether a call of that many row steps shall end on Ctrl-C: installing the handler costs a microsecond."""
    return int(
        work >= LONG
        and os.name == "posix"
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) not in (signal.SIG_IGN, signal.SIG_DFL, None)
    )
