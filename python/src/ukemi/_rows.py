"""The states of a call as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _native
from ._check import Floats, a_flag, a_list, count, numbers
from .errors import ArgumentError, StepError
from .model import Model
from .state import State

Ints = NDArray[np.int32]
Parameters = Sequence[str] | Mapping[str, ArrayLike]


def raise_bad(bad: tuple[int, str], status: Ints, strict: bool) -> None:
    if bad[0] and a_flag(strict, "strict"):
        raise StepError(bad[1], status)


def foreign(state: State, model: Model) -> ArgumentError:
    if state.nq != model.nq:
        return ArgumentError(f"state has {state.nq} coordinates, model {model.name!r} has {model.nq}: it belongs to another model")
    there, here = next((a, b) for a, b in zip(state.joints or (), model.joint_names) if a != b)
    return ArgumentError(
        f"state belongs to another model: it has the joint {there!r} where {model.name!r} has {here!r}; its numbers alone (state.x) would be taken"
    )


def fits(state: State, model: Model) -> bool:
    return state.nq == model.nq and (state.joints is None or state.joints is model.joint_names or state.joints == model.joint_names)


def own(state: State | ArrayLike, model: Model) -> ArrayLike:
    """The numbers of states, which are not those of another model."""
    if not isinstance(state, State):
        return state
    if not fits(state, model):
        raise foreign(state, model)
    return state.x


class Rows:
    """The states of a call as rows, whatever their leading dimensions."""

    def __init__(self, model: Model, state: State | ArrayLike) -> None:
        x, h = own(state, model), state.h if isinstance(state, State) else None
        nx = model.nx
        x = numbers(x, "state", (nx,), exact=False)
        self.model, self.nx, self.lead = model, nx, x.shape[:-1]
        self.n = n = x.size // nx if x.size else int(np.prod(self.lead))
        self.x = x.reshape(n, nx)
        self.h = np.zeros(n) if h is None else numbers(h, "h", self.lead).reshape(n)

    def inputs(self, u: ArrayLike | None) -> Floats | None:
        return None if u is None else numbers(u, "u", (*self.lead, self.model.nu))

    def input_paths(self, u: ArrayLike | None, steps: int | None) -> tuple[Floats | None, int]:
        steps = None if steps is None else count(steps, "steps", 0)
        if u is None:
            if steps is None:
                raise ArgumentError("say how many steps, by u or by steps")
            return None, steps
        array = numbers(u, "u", (*self.lead, None if steps is None else steps, self.model.nu))
        return array, array.shape[-2]

    def parameters(self, parameters: Parameters | None) -> tuple[bytes, int, Floats | None]:
        """Names of parameters, how many, and their values, a row of them for all states or for each."""
        if parameters is None:
            return b"", 0, None
        if isinstance(parameters, str):
            parameters = (parameters,)
        elif not isinstance(parameters, Mapping):
            parameters = a_list(parameters, "parameters")
        if not parameters:
            return b"", 0, None
        names = b"\n".join(_native.c_name(p) for p in parameters)
        if not isinstance(parameters, Mapping):
            return names, len(parameters), None
        values = [numbers(v, f"parameter {n!r}", np.shape(v)) for n, v in parameters.items()]
        for n, v in zip(parameters, values):
            if v.shape not in ((), self.lead):
                raise ArgumentError(f"parameter {n!r} has shape {v.shape}, want () or {self.lead}")
        columns = np.stack(np.broadcast_arrays(*values), -1)
        return names, len(values), np.ascontiguousarray(columns.reshape(-1, len(values)))

    def states(self) -> tuple[Floats, Floats]:
        return np.empty((self.n, self.nx)), np.empty(self.n)

    def ints(self) -> Ints:
        return np.zeros(self.n, np.int32)

    def shaped(self, a: Any) -> Any:
        return None if a is None else a.reshape(self.lead + a.shape[1:])

    def state(self, out: tuple[Floats, Floats]) -> State:
        return State._of(out[0].reshape(*self.lead, self.nx), out[1].reshape(self.lead), self.model.nq, self.model.joint_names)
