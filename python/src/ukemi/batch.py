"""Steps, rollouts and derivatives of many states at once."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _native
from ._check import Floats, count, numbers, positive
from ._native import pointer
from .bound import Bound
from .errors import ArgumentError, StepError
from .model import Model
from .state import State

Ints = NDArray[np.int32]

#: What a contact tells (the force is on collider a, a mean over the step; points and axes of the world). ``row`` is the index of
#: the state among all rows. b counts colliders too, and below zero half-spaces: −1 is the first.
CONTACT = np.dtype(
    [("row", np.int64), ("a", np.int32), ("b", np.int32), ("feature", np.int64)]
    + [(n, np.float64, (3,)) for n in ("point", "normal", "force")]
    + [("gap", np.float64), ("slide", np.float64)]
)
_CONTACT_NUMBERS = 14


@dataclasses.dataclass(frozen=True)
class Step:
    """What steps lead to. Arrays have the leading dimensions of the states given."""

    state: State
    status: Ints  #: a :class:`Status` per row
    iterations: Ints  #: of the solver
    contacts: NDArray[np.void] | None = None  #: of dtype :data:`CONTACT`, with ``forces=True``
    wrenches: Floats | None = None  #: (…, joints, 6): force (N) and torque (N m) that a joint transmits to its child, with ``forces=True``


@dataclasses.dataclass(frozen=True)
class Rollout:
    """Trajectories. ``states`` has one more state than there are steps; after a failure the last good one is repeated."""

    states: State
    status: Ints
    steps: Ints  #: how many were taken


@dataclasses.dataclass(frozen=True)
class Jacobian:
    """Derivatives of the next state by state (…, nt, nt), input (…, nt, nu) and parameters (…, nt, np); zero where ``status`` is not
    ``SOLVED``. nt is nx, or 2 nv in the tangent space."""

    state: State
    status: Ints
    x: Floats
    u: Floats
    parameters: Floats


@dataclasses.dataclass(frozen=True)
class Pull:
    """Cotangents pulled back to state, input and parameters; zero where ``status`` is not ``SOLVED``."""

    status: Ints
    x: Floats
    u: Floats
    parameters: Floats


@dataclasses.dataclass(frozen=True)
class Energy:
    """Mechanical energy of states at their instants (J)."""

    kinetic: Floats
    gravity: Floats
    spring: Floats

    @property
    def total(self) -> Floats:
        return self.kinetic + self.gravity + self.spring


class Batch:
    """Works on many states of a model on all cores, without Python's lock. Results have the same bits as one state after the
    other, for any number of workers. Threads may share it: their calls take turns.

    Of several models, which may differ in parameters alone, row i belongs to model i mod their number: domain randomization in one
    call. ``model`` is then the first of ``models``.

    ``kappa`` says how hard contact is (default 1e-5), ``tolerance`` how tightly steps are solved (default 1e-9), ``gradient_kappa``
    at which κ they are differentiated (default that of the simulation), ``workers`` on how many threads (default one per core).

    States are :class:`State`, or arrays (…, nx) of velocities at the instant. Wrong arguments raise :class:`ArgumentError` before
    anything is computed. A step that fails raises :class:`StepError`; with ``strict=False`` its ``status`` says so instead, the row
    keeps its state and its derivatives are zero. Nothing is ever NaN.
    """

    def __init__(
        self,
        model: Model | Sequence[Model],
        *,
        kappa: float | None = None,
        tolerance: float | None = None,
        gradient_kappa: float | None = None,
        workers: int | None = None,
    ) -> None:
        self.models: tuple[Model, ...] = tuple(model) if isinstance(model, Sequence) else (model,)
        for m in self.models:
            if not isinstance(m, Model):
                raise ArgumentError(f"model is a {type(m).__name__}, want a ukemi.Model")
        if not self.models:
            raise ArgumentError("a batch without a model")
        self.model = self.models[0]
        self.settings: dict[str, Any] = {}
        for name, value in (("kappa", kappa), ("tolerance", tolerance), ("gradient_kappa", gradient_kappa)):
            if value is not None:
                self.settings[name] = positive(value, name)
        if workers is not None:
            self.settings["workers"] = count(workers, "workers", 1)
        settings = json.dumps(self.settings).encode()
        handles = [m._handle for m in self.models]  # not self: see Handle
        self._handle = _native.Handle(lambda: _native.new_batch([h() for h in handles], settings))
        self._idle: list[Bound] = []

    def step(self, state: State | ArrayLike, u: ArrayLike | None = None, *, sub: int = 1, forces: bool = False, strict: bool = True) -> Step:
        """States one timestep on, or ``sub`` of them under the same input u (…, nu); None is zero. ``forces`` adds contacts and
        joint wrenches of the last of them."""
        if not forces and isinstance(state, State) and state.x.shape == (self.model.nx,):
            return self._step_one(state, u, sub, strict)
        r = _Rows(self.model, state)
        sub = count(sub, "sub", 1)
        u = r.inputs(u)
        out, status, iterations = r.states(), r.ints(), r.ints()
        joints = len(self.model.joints)
        wrenches = np.zeros((r.n, joints, 6)) if forces else None
        room = self.model._info["contacts"] + 8
        while True:
            contacts = np.zeros((r.n, room, _CONTACT_NUMBERS)) if forces else None
            there = r.ints()
            bad = _native.call(
                "ukemi_step", self._handle(), r.n, sub, pointer(r.x), pointer(r.h), pointer(u), pointer(out[0]), pointer(out[1]),
                pointer(status), pointer(iterations), pointer(contacts), room if forces else 0, pointer(there), pointer(wrenches),
                _native.watch(r.n * sub),
            )  # fmt: skip
            if not forces or r.n == 0 or there.max() <= room:
                break
            room = int(there.max())
        self._raise(bad, status, strict)
        return Step(
            r.state(out), r.shaped(status), r.shaped(iterations), None if contacts is None else _contacts(contacts, there), r.shaped(wrenches)
        )

    def _step_one(self, state: State, u: ArrayLike | None, sub: int, strict: bool) -> Step:
        """A step of one state, by way of a bound one: that costs a third of building a call."""
        m = self.model
        if state.nq != m.nq:
            raise _foreign(state, m)
        u = None if u is None else numbers(u, "u", (m.nu,))
        try:
            b = self._idle.pop()  # threads have one each
        except IndexError:
            b = self.bind()
        try:
            if sub != b._sub:
                b.sub = sub
            b.x[:], b.h[...] = numbers(state.x, "state", (m.nx,)), numbers(state.h, "h")
            b.u[:] = 0.0 if u is None else u
            b.step(strict)
            step = Step.__new__(Step)  # its own __init__ takes a microsecond
            step.__dict__.update(state=State._of(b.x.copy(), b.h.copy(), m.nq), status=b.status.copy(), iterations=b.iterations.copy())
            return step
        finally:
            self._idle.append(b)

    def bind(self, n: int | None = None, *, sub: int = 1) -> Bound:
        """One state, or n, in buffers of their own: for loops of single steps, where a call counts."""
        return Bound(self._handle, self.model, n, sub)

    def rollout(self, state: State | ArrayLike, u: ArrayLike | None = None, *, steps: int | None = None, strict: bool = True) -> Rollout:
        """Trajectories under inputs u (…, t, nu), or of ``steps`` steps without input."""
        r = _Rows(self.model, state)
        u, t = r.input_paths(u, steps)
        xs, hs, status, taken = np.zeros((r.n, t + 1, r.nx)), np.zeros((r.n, t + 1)), r.ints(), r.ints()  # zero where canceled
        bad = _native.call(
            "ukemi_rollout", self._handle(), r.n, t, pointer(r.x), pointer(r.h), pointer(u), pointer(xs), pointer(hs), pointer(status),
            pointer(taken), _native.watch(r.n * t),
        )  # fmt: skip
        self._raise(bad, status, strict)
        return Rollout(State._of(r.shaped(xs), r.shaped(hs), self.model.nq), r.shaped(status), r.shaped(taken))

    def jacobian(
        self,
        state: State | ArrayLike,
        u: ArrayLike | None = None,
        *,
        sub: int = 1,
        parameters: Sequence[str] = (),
        tangent: bool = False,
        strict: bool = True,
    ) -> Jacobian:
        """A step, or ``sub`` of them under the same input, and derivatives by the numbers of x, u and the named parameters. A quaternion counts with its four numbers,
        which a step normalizes first. ``tangent`` gives those of the engine's tangent space instead (2 nv, quaternions as rotation
        vectors in the axes of the child)."""
        r = _Rows(self.model, state)
        u, (names, np_) = r.inputs(u), _names(parameters)
        nt, sub = 2 * self.model.nv if tangent else r.nx, count(sub, "sub", 1)
        out, status = r.states(), r.ints()
        jx, ju, jp = np.empty((r.n, nt, nt)), np.empty((r.n, nt, self.model.nu)), np.empty((r.n, nt, np_))
        bad = _native.call(
            "ukemi_jacobian", self._handle(), r.n, sub, int(tangent), pointer(r.x), pointer(r.h), pointer(u), pointer(out[0]), pointer(out[1]),
            pointer(jx), pointer(ju), pointer(jp), names, np_, pointer(status), _native.watch(r.n * sub),
        )  # fmt: skip
        self._raise(bad, status, strict)
        return Jacobian(r.state(out), r.shaped(status), r.shaped(jx), r.shaped(ju), r.shaped(jp))

    def vjp(
        self, state: State | ArrayLike, u: ArrayLike | None, cotangent: ArrayLike, *, parameters: Sequence[str] = (), strict: bool = True
    ) -> Pull:
        """Takes a step again and pulls cotangents (…, nx) of its results back to x, u and parameters, row by row."""
        r = _Rows(self.model, state)
        u, (names, np_) = r.inputs(u), _names(parameters)
        g = numbers(cotangent, "cotangent", (*r.lead, r.nx))
        gx, gu, gp, status = np.empty((r.n, r.nx)), np.empty((r.n, self.model.nu)), np.empty((r.n, np_)), r.ints()
        bad = _native.call(
            "ukemi_vjp", self._handle(), r.n, pointer(r.x), pointer(r.h), pointer(u), pointer(g), pointer(gx), pointer(gu), pointer(gp), names,
            np_, pointer(status), _native.watch(r.n),
        )  # fmt: skip
        self._raise(bad, status, strict)
        return Pull(r.shaped(status), r.shaped(gx), r.shaped(gu), r.shaped(gp))

    def rollout_vjp(
        self, state: State | ArrayLike, u: ArrayLike | None, cotangent: ArrayLike, *, parameters: Sequence[str] = (), strict: bool = True
    ) -> Pull:
        """Takes rollouts again and pulls cotangents (…, t + 1, nx) of all their states back to the first state, the inputs and
        the parameters by one backward sweep."""
        r = _Rows(self.model, state)
        names, np_ = _names(parameters)
        g = numbers(cotangent, "cotangent", (*r.lead, None, r.nx))
        if g.shape[-2] == 0:
            raise ArgumentError(f"cotangent has shape {g.shape}, want ({', '.join(map(str, (*r.lead, 't + 1', r.nx)))})")
        u, t = r.input_paths(u, g.shape[-2] - 1)
        gx, gu, gp, status = np.empty((r.n, r.nx)), np.empty((r.n, t, self.model.nu)), np.empty((r.n, np_)), r.ints()
        bad = _native.call(
            "ukemi_rollout_vjp", self._handle(), r.n, t, pointer(r.x), pointer(r.h), pointer(u), pointer(g), pointer(gx), pointer(gu),
            pointer(gp), names, np_, pointer(status), _native.watch(r.n * t),
        )  # fmt: skip
        self._raise(bad, status, strict)
        return Pull(r.shaped(status), r.shaped(gx), r.shaped(gu), r.shaped(gp))

    def energy(self, state: State | ArrayLike) -> Energy:
        r = _Rows(self.model, state)
        out = np.zeros((r.n, 3))
        bad = _native.call("ukemi_energy", self._handle(), r.n, pointer(r.x), pointer(r.h), pointer(out))
        self._raise(bad, r.ints(), True)
        e: Floats = r.shaped(out)
        return Energy(e[..., 0], e[..., 1], e[..., 2])

    def poses(self, state: State | ArrayLike) -> Floats:
        """Where every link is, (…, links, 7): position (m), quaternion (w, x, y, z), in the order of ``Model.links``."""
        r = _Rows(self.model, state)
        out = np.zeros((r.n, len(self.model.links), 7))
        self._raise(_native.call("ukemi_poses", self._handle(), r.n, pointer(r.x), pointer(out)), r.ints(), True)
        poses: Floats = r.shaped(out)
        return poses

    @staticmethod
    def _raise(bad: tuple[int, str], status: Ints, strict: bool) -> None:
        if bad[0] and strict:
            raise StepError(f"{bad[0]} of {len(status)} rows: {bad[1]}", status)

    def __reduce__(self) -> tuple[Any, ...]:
        return _batch, (self.models, self.settings)

    def __repr__(self) -> str:
        settings = "".join(f", {k}={v:g}" for k, v in self.settings.items())
        many = f"{len(self.models)} models " if len(self.models) > 1 else ""
        return f"<ukemi.Batch of {many}{self.model.name!r}{settings}>"


def _batch(models: tuple[Model, ...], settings: dict[str, Any]) -> Batch:
    return Batch(models, **settings)


def _foreign(state: State, model: Model) -> ArgumentError:
    return ArgumentError(f"state has {state.nq} coordinates, model {model.name!r} has {model.nq}: it belongs to another model")


class _Rows:
    """The states of a call as rows, whatever their leading dimensions."""

    def __init__(self, model: Model, state: State | ArrayLike) -> None:
        x, h = (state.x, state.h) if isinstance(state, State) else (state, None)
        if isinstance(state, State) and state.nq != model.nq:
            raise _foreign(state, model)
        x = numbers(x, "state", (model.nx,), exact=False)
        self.model, self.nx, self.lead = model, model.nx, x.shape[:-1]
        self.x = x.reshape(-1, self.nx) if x.size else x.reshape(int(np.prod(self.lead)), self.nx)
        self.n = len(self.x)
        self.h = np.zeros(self.n) if h is None else numbers(h, "h", self.lead).reshape(self.n)

    def inputs(self, u: ArrayLike | None) -> Floats | None:
        return None if u is None else numbers(u, "u", (*self.lead, self.model.nu))

    def input_paths(self, u: ArrayLike | None, steps: int | None) -> tuple[Floats | None, int]:
        if u is None:
            if steps is None:
                raise ArgumentError("say how many steps, by u or by steps")
            return None, count(steps, "steps", 0)
        array = numbers(u, "u", (*self.lead, None if steps is None else steps, self.model.nu))
        return array, array.shape[-2]

    def states(self) -> tuple[Floats, Floats]:
        return np.empty((self.n, self.nx)), np.empty(self.n)

    def ints(self) -> Ints:
        return np.zeros(self.n, np.int32)

    def shaped(self, a: Any) -> Any:
        return None if a is None else a.reshape(self.lead + a.shape[1:])

    def state(self, out: tuple[Floats, Floats]) -> State:
        return State._of(self.shaped(out[0]), self.shaped(out[1]), self.model.nq)


def _contacts(table: Floats, there: Ints) -> NDArray[np.void]:
    taken = np.arange(table.shape[1]) < there[:, None]
    n = table[taken]
    out = np.zeros(len(n), CONTACT)
    out["row"] = np.nonzero(taken)[0]
    for k, name in enumerate(("a", "b", "feature")):
        out[name] = n[:, k]
    for k, name in enumerate(("point", "normal", "force")):
        out[name] = n[:, 3 + 3 * k : 6 + 3 * k]
    out["gap"], out["slide"] = n[:, 12], n[:, 13]
    return out


def _names(parameters: Sequence[str]) -> tuple[bytes, int]:
    if isinstance(parameters, str):
        parameters = (parameters,)
    return b"\n".join(_native.c_name(p) for p in parameters), len(parameters)
