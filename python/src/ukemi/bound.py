"""States in buffers of their own, for loops of single steps."""

from __future__ import annotations

import ctypes as C
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _native
from ._check import Floats, a_flag, count, numbers
from ._rows import fits, foreign
from .errors import ArgumentError, StepError
from .model import Model
from .state import State


class Bound:
    """States that a step advances in place, made by :meth:`Batch.bind`. A call costs 2 µs more than its steps: nothing is allocated or
    converted. Write the inputs, and with a new state its h, into the arrays, which stay where they are; copy what shall last.

    >>> b = batch.bind()
    >>> b.reset(batch.model.start)
    >>> b.u[:] = 0.1
    >>> b.step()
    >>> b.x

    Threads may not share one. A copy, also of copy and pickle, has buffers of its own, and a batch.
    """

    x: Floats  #: (nx,), or (n, nx)
    h: Floats  #: (), or (n,)
    u: Floats  #: (nu,), or (n, nu); zero at first
    status: NDArray[np.int32]  #: a :class:`Status` per row, of the last call
    iterations: NDArray[np.int32]  #: of the solver, of the last call

    def __init__(self, handle: _native.Handle, model: Model, n: int | None, sub: int, again: Callable[..., Bound]) -> None:
        lead = () if n is None else (count(n, "n", 1),)
        self._handle, self._model, self._rows, self._again = handle, model, n or 1, again  # not its batch, which keeps it: see Handle
        self.x, self.h, self.u = np.empty((*lead, model.nx)), np.zeros(lead), np.zeros((*lead, model.nu))
        self.status, self.iterations = np.zeros(lead, np.int32), np.zeros(lead, np.int32)
        self._text, self._job = C.create_string_buffer(4096), C.create_string_buffer(_native.JOB.size)
        self._arrays = (*_native.pointers((self.x, self.h, self.u)), *_native.pointers((self.x, self.h)))
        self._at = C.addressof(self._job)
        self.sub = sub
        self.reset(model.start)

    def __setattr__(self, name: str, value: Any) -> None:
        """What is assigned to an array is written into it: the engine knows where that is, and would not see another."""
        array = self.__dict__.get(name)
        if not isinstance(array, np.ndarray):
            object.__setattr__(self, name, value)
        elif value is not array:  # as after b.u += 1
            array[...] = numbers(value, name, array.shape)

    def _write(self, watch: int) -> None:
        """Writes down the call."""
        _native.JOB.pack_into(
            self._job, 0, _native.STEP, watch, 0, self._rows, 1, self._sub, *self._arrays, self.status.ctypes.data, self.iterations.ctypes.data,
            0, 0, C.addressof(self._text), len(self._text),
        )  # fmt: skip

    @property
    def sub(self) -> int:
        """How many steps a call takes."""
        return self._sub

    @sub.setter
    def sub(self, sub: int) -> None:
        self._sub = count(sub, "sub", 1)
        self._write(0)

    @property
    def state(self) -> State:
        """A copy of the states."""
        return State._of(self.x.copy(), self.h.copy(), self._model.nq, self._model.joint_names)

    def reset(self, state: State) -> None:
        """Sets the states, all to one or each to its own."""
        if isinstance(state, State) and not fits(state, self._model):
            raise foreign(state, self._model)
        if not isinstance(state, State) or state.shape not in ((), self.h.shape):
            raise ArgumentError(f"{state!r} does not fit {self._model.name!r} and {self._rows} rows")
        self.x[...], self.h[...] = state.x, state.h

    def step(self, strict: bool = True) -> None:
        """Advances the states by ``sub`` timesteps under the inputs. A row whose step fails keeps its state; with ``strict`` that is a
        :class:`StepError`."""
        handle = self._handle()
        work = self._rows * self._sub
        if work >= _native.LONG:
            self._write(_native.watch(work))
        bad: int = _native.library().ukemi_job_run(handle, self._at)
        if bad:
            text = self._text.value.decode(errors="replace")
            if bad < 0:
                raise ArgumentError(text)
            if a_flag(strict, "strict"):
                raise StepError(text, self.status.reshape(-1).copy())

    def __reduce__(self) -> tuple[Any, ...]:
        arrays = {name: getattr(self, name) for name in ("x", "h", "u", "status", "iterations")}
        return self._again, (self._rows if self.h.ndim else None, self._sub, arrays)

    def __repr__(self) -> str:
        return f"<ukemi.Bound: {self._rows} of {self._model.name!r}>"


class Derivative:
    """The derivatives of a step of one state in buffers of their own, as :class:`Bound` has those of the step: Jacobians, or cotangents pulled back."""

    def __init__(self, model: Model, what: int, sub: int, tangent: bool, names: bytes, parameters: int) -> None:
        nx, nu, nt, none = model.nx, model.nu, 2 * model.nv if tangent else model.nx, np.empty(0)
        self._x, self._h, self._u, self._g = np.empty(nx), np.empty(()), np.empty(nu), np.empty(nx)
        if what == _native.JACOBIAN:
            self._out = [np.empty(nx), np.empty(()), np.empty((nt, nt)), np.empty((nt, nu)), np.empty((nt, parameters))]
        else:
            self._out = [np.empty(nx), np.empty(nu), np.empty(parameters)]
        self._status, self._text, self._names = np.zeros((), np.int32), C.create_string_buffer(4096), C.create_string_buffer(names)
        self._job = _native.JOB.pack(
            what, 0, tangent, 1, 1, sub, *_native.pointers((self._x, self._h, self._u, none, self._g)), *_native.pointers(self._out),
            self._status.ctypes.data, 0, C.addressof(self._names), len(names), C.addressof(self._text), len(self._text),
        )  # fmt: skip

    def __call__(self, handle: int, x: Floats, h: Floats, u: Floats | None, g: Floats | None, strict: bool) -> list[Any]:
        """The status and what was asked for, in new arrays."""
        self._x[:], self._h[...] = x, h
        self._u[:] = 0.0 if u is None else u
        if g is not None:
            self._g[:] = g
        bad = _native.outcome(_native.library().ukemi_job_run(handle, self._job), self._text)
        if bad[0] and a_flag(strict, "strict"):
            raise StepError(bad[1], self._status.reshape(-1).copy())
        return [self._status.copy(), *[a.copy() for a in self._out]]
