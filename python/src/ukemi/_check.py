"""What arguments must be."""

from __future__ import annotations

import math
import operator
import os
import pathlib
from collections.abc import Iterable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import ArgumentError

T = TypeVar("T")
Floats = NDArray[np.float64]
_FLOAT64 = np.dtype(np.float64)  # there is one
_MOST = 2**31 - 1


def numbers(a: ArrayLike, name: str, shape: tuple[int | None, ...] = (), exact: bool = True) -> Floats:
    """Returns a as a C-contiguous float64 array of the given shape; None stands for any length. exact=False only compares the last
    dimensions."""
    if type(a) is np.ndarray and a.dtype is _FLOAT64 and a.flags.c_contiguous and (a.shape if exact else a.shape[a.ndim - len(shape) :]) == shape:
        return a  # as most are, in a tenth of the time
    if np.ma.is_masked(a):
        raise ArgumentError(f"{name} is masked in places: an engine needs every number")
    try:
        array = np.asarray(a)
    except (ValueError, TypeError) as e:
        raise ArgumentError(f"{name}: {e}") from None
    if array.dtype.kind not in "fiub":
        raise ArgumentError(f"{name} has dtype {array.dtype}, want real numbers")
    got = array.shape if exact else array.shape[array.ndim - len(shape) :]
    if len(got) != len(shape) or any(w is not None and g != w for g, w in zip(got, shape)):
        want = ", ".join("any" if w is None else str(w) for w in shape)
        dots = "" if exact else "…, "
        raise ArgumentError(f"{name} has shape {array.shape}, want ({dots}{want})")
    return np.ascontiguousarray(array, dtype=np.float64).reshape(array.shape)


def positive(value: float, name: str, zero: bool = False, below: float = np.inf) -> float:
    try:
        v = float(value)
    except (TypeError, ValueError, OverflowError):
        raise ArgumentError(f"{name} is {value!r:.100}, want a number") from None
    if not (v > 0 or zero and v == 0) or v >= below:
        most = "" if below == np.inf else f" and < {below:g}"
        raise ArgumentError(f"{name} is {v:g}, want a finite number {'≥' if zero else '>'} 0{most}")
    return v


def softness(value: float, name: str) -> float:
    """κ: bodies rest about that many of their sizes apart."""
    v = positive(value, name)
    if not 1e-12 <= v <= 1:
        why = f"bodies would rest {v:g} times their size apart" if v > 1 else "a step cannot see its digits"
        raise ArgumentError(f"{name} is {v:g}: {why}; want a number from 1e-10 (hard) to 1e-2 (soft)")
    return v


def count(value: int, name: str, least: int) -> int:
    try:
        n = operator.index(value)
    except (TypeError, ValueError):
        raise ArgumentError(f"{name} is {value!r:.100}, want a whole number") from None
    if not least <= n <= _MOST:
        raise ArgumentError(f"{name} is {n}, want at {f'least {least}' if n < least else f'most {_MOST}'}")
    return n


def a_path(value: str | os.PathLike[str], name: str = "path") -> pathlib.Path:
    """A path; numbers are none, though open takes them for files that are open already."""
    if isinstance(value, (str, os.PathLike)) and "\0" not in os.fspath(value):
        return pathlib.Path(value)
    raise ArgumentError(f"{name} is {value!r:.100}, want a path")


def a_text(value: str, name: str) -> str:
    if not isinstance(value, str):
        raise ArgumentError(f"{name} is {value!r:.100}, want a text")
    return value


def a_number(value: float, name: str, finite: bool = True) -> float:
    v = float(numbers(value, name).item())
    if math.isnan(v) or finite and math.isinf(v):
        raise ArgumentError(f"{name} is {v:g}, want a {'finite ' if finite else ''}number")
    return v


def a_flag(value: bool, name: str) -> bool:
    if not isinstance(value, (bool, np.bool_, int)):
        raise ArgumentError(f"{name} is {value!r:.100}, want True or False")
    return bool(value)


def a_list(value: Iterable[T], name: str) -> list[T]:
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable) or isinstance(value, np.ndarray) and value.ndim == 0:
        raise ArgumentError(f"{name} is {value!r:.100}, want a list")
    return list(value)


def a_dict(value: Mapping[str, T], name: str) -> Mapping[str, T]:
    if not isinstance(value, Mapping):
        raise ArgumentError(f"{name} is {value!r:.100}, want a dict")
    return value


def a(kind: type[T], value: T, name: str) -> T:
    if not isinstance(value, kind):
        raise ArgumentError(f"{name} is of type {type(value).__name__}, want a ukemi.{kind.__name__}")
    return value
