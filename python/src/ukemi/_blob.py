"""Results that are bytes."""

from __future__ import annotations

import ctypes as C

from . import _native
from .errors import ArgumentError, Error


def make(name: str, *args: object, error: type[Error] = ArgumentError) -> bytes:
    """Calls a function that makes a handle of bytes, and returns them."""
    handle = _native.Handle(lambda: _native.new(name, *args, error=error))
    need = C.c_int64()
    _native.call("ukemi_bytes", handle(), None, 0, C.byref(need))
    dst = C.create_string_buffer(need.value)
    _native.call("ukemi_bytes", handle(), dst, need.value, C.byref(need))
    return dst.raw
