"""Steps, rollouts and derivatives of many states at once."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _native
from ._check import Floats, a, a_flag, a_list, a_text, count, numbers, positive, softness
from ._native import pointer
from ._rows import Ints, Parameters, Rows, fits, foreign, raise_bad
from .bound import Bound, Derivative
from .errors import ArgumentError
from .model import Model, Sensor
from .queries import Queries
from .state import State

#: What a contact tells (force and torque are on collider a, means over the step; points and axes of the world; the torque, about the
#: point, is that by which it resists spinning and rolling). ``row`` is the index of
#: the state among all rows. b counts colliders too, and below zero half-spaces: −1 is the first.
CONTACT = np.dtype(
    [("row", np.int64), ("a", np.int32), ("b", np.int32), ("feature", np.int64)]
    + [(n, np.float64, (3,)) for n in ("point", "normal", "force")]
    + [("gap", np.float64), ("slide", np.float64), ("torque", np.float64, (3,))]
)
_CONTACT_NUMBERS = 17


@dataclasses.dataclass(frozen=True)
class Step:
    """What steps lead to. Arrays have the leading dimensions of the states given. What comes after ``iterations`` is there with
    ``forces=True``, of the last step of ``sub``; forces are means over it."""

    state: State
    status: Ints  #: a :class:`Status` per row
    iterations: Ints  #: of the solver
    contacts: NDArray[np.void] | None = None  #: of dtype :data:`CONTACT`
    wrenches: Floats | None = None  #: (…, joints, 6): force (N) and torque (N m) that a joint transmits to its child, world axes
    sensors: Floats | None = None  #: (…, sensors, 6): what the batch's sensors read, force and torque in their own axes
    drives: Floats | None = None  #: (…, nu): force or torque that each input's drive gave
    parts: Ints | None = None  #: how many parts the step was divided into, 1 where it was not


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
        """Their sum (J)."""
        return self.kinetic + self.gravity + self.spring


class Batch(Queries):
    """Works on many states of a model on all cores, without Python's lock. Results have the same bits as one state after the
    other, for any number of workers. Threads may share it: their calls take turns.

    Of several models, which may differ in parameters alone, row i belongs to model i mod their number: domain randomization in one
    call. ``model`` is then the first of ``models``. ``parameters`` of a call, a dict of names and values, one or (…) of one a row, stand for
    those of the models; where it differentiates by them too, names alone will do.

    ``kappa`` says how hard contact is (default 1e-5), ``tolerance`` how tightly steps are solved (default 1e-9), ``centrality`` how
    tightly contact is in them (default 1e-4; 1e-10 where differences of steps shall be their derivatives), ``gradient_kappa`` at which
    κ they are differentiated (default that of the simulation), ``workers`` on how many threads (default one per core).
    ``divide_impacts`` divides a step where a corner or ball of a shape meets a half-space: landings are several times as accurate, at
    three solves each. ``sensors`` (of ``model.sensors``, of your own, or names of links) are read by a step with ``forces=True``.

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
        centrality: float | None = None,
        gradient_kappa: float | None = None,
        workers: int | None = None,
        divide_impacts: bool = False,
        sensors: Sequence[Sensor | str] = (),
    ) -> None:
        self.models: tuple[Model, ...] = tuple(model) if isinstance(model, Sequence) else (model,)
        for m in self.models:
            a(Model, m, "model")
        if not self.models:
            raise ArgumentError("a batch without a model")
        self.model = self.models[0]
        self.settings: dict[str, Any] = {}
        for name, value in (("kappa", kappa), ("tolerance", tolerance), ("centrality", centrality), ("gradient_kappa", gradient_kappa)):
            if value is not None:
                self.settings[name] = positive(value, name, below=1.0) if name in ("tolerance", "centrality") else softness(value, name)
        if workers is not None:
            self.settings["workers"] = count(workers, "workers", 1)
        if a_flag(divide_impacts, "divide_impacts"):
            self.settings["divide_impacts"] = True
        self.sensors = tuple(x if isinstance(x, Sensor) else Sensor(a_text(x, "a sensor"), x) for x in a_list(sensors, "sensors"))
        if self.sensors:
            self.settings["sensors"] = self.sensors
        for x in self.sensors:
            self.model.link(x.link)
        settings = json.dumps(self.settings, default=dataclasses.asdict).encode()
        handles = [m._handle for m in self.models]  # not self: see Handle
        self._handle = _native.Handle(lambda: _native.new_batch([h() for h in handles], settings))
        self._idle: list[Bound] = []
        self._derivatives: dict[tuple[int, int, bool, bytes], list[Derivative]] = {}

    def step(
        self,
        state: State | ArrayLike,
        u: ArrayLike | None = None,
        *,
        sub: int = 1,
        forces: bool = False,
        parameters: Mapping[str, ArrayLike] | None = None,
        strict: bool = True,
    ) -> Step:
        """States one timestep on, or ``sub`` of them under the same input u (…, nu); None is zero. ``forces`` adds contacts,
        joint wrenches, sensors and drives of the last of them."""
        if forces is False and parameters is None and isinstance(state, State) and getattr(state.x, "shape", None) == (self.model.nx,):
            return self._step_one(state, u, sub, strict)
        r = Rows(self.model, state)
        sub, forces = count(sub, "sub", 1), a_flag(forces, "forces")
        u, (names, _, values) = r.inputs(u), r.parameters(parameters)
        out, status, iterations = r.states(), r.ints(), r.ints()
        wrenches, sensors, drives, parts = self._reports(r.n) if forces else (None, None, None, None)
        room = self.model._info["contacts"] + 8
        while True:
            contacts = np.zeros((r.n, room, _CONTACT_NUMBERS)) if forces else None
            there = r.ints()
            bad = _native.call(
                "ukemi_step", self._handle(), r.n, sub, pointer(r.x), pointer(r.h), pointer(u), names, pointer(values),
                0 if values is None else values.size, pointer(out[0]), pointer(out[1]),
                pointer(status), pointer(iterations), pointer(contacts), room if forces else 0, pointer(there), pointer(wrenches),
                pointer(sensors), pointer(drives), pointer(parts), _native.watch(r.n * sub),
            )  # fmt: skip
            if not forces or r.n == 0 or there.max() <= room:
                break
            room = int(there.max())
        raise_bad(bad, status, strict)
        return Step(
            r.state(out), r.shaped(status), r.shaped(iterations), None if contacts is None else _contacts(contacts, there),
            *map(r.shaped, (wrenches, sensors, drives, parts)),
        )  # fmt: skip

    def _reports(self, n: int) -> tuple[Floats, Floats, Floats, Ints]:
        m = self.model
        return np.zeros((n, len(m.joints), 6)), np.zeros((n, len(self.sensors), 6)), np.zeros((n, m.nu)), np.ones(n, np.int32)

    def _step_one(self, state: State, u: ArrayLike | None, sub: int, strict: bool) -> Step:
        """A step of one state, by way of a bound one: that costs a third of building a call."""
        m = self.model
        if not fits(state, m):
            raise foreign(state, m)
        u = None if u is None else numbers(u, "u", (m.nu,))
        try:
            b = self._idle.pop()  # threads have one each
        except IndexError:
            b = self.bind()
        try:
            if type(sub) is not int or sub != b._sub:
                b.sub = sub
            b.x[:], b.h[...] = numbers(state.x, "state", (m.nx,)), numbers(state.h, "h")
            b.u[:] = 0.0 if u is None else u
            b.step(strict)
            step = Step.__new__(Step)  # its own __init__ takes a microsecond
            step.__dict__.update(state=State._of(b.x.copy(), b.h.copy(), m.nq, m.joint_names), status=b.status.copy(), iterations=b.iterations.copy())
            return step
        finally:
            self._idle.append(b)

    def _is_one(self, state: State | ArrayLike, parameters: Parameters) -> TypeGuard[State]:
        return type(state) is State and state.x.shape == (self.model.nx,) and type(parameters) in (tuple, list)

    def _derive_one(
        self, what: int, state: State, u: ArrayLike | None, g: ArrayLike | None, sub: int, tangent: bool, parameters: Parameters, strict: bool
    ) -> list[Any]:
        """Derivatives of a step of one state: building the call anew takes as long as the step of a small model."""
        m = self.model
        if not fits(state, m):
            raise foreign(state, m)
        x, h = numbers(state.x, "state", (m.nx,)), numbers(state.h, "h")
        u, g = None if u is None else numbers(u, "u", (m.nu,)), None if g is None else numbers(g, "cotangent", (m.nx,))
        names = b"\n".join(_native.c_name(p) for p in parameters)
        key = what, sub, tangent, names
        idle = self._derivatives.setdefault(key, [])
        try:
            d = idle.pop()  # threads have one each
        except IndexError:
            d = Derivative(m, what, sub, tangent, names, len(parameters))
        try:
            return d(self._handle(), x, h, u, g, strict)
        finally:
            idle.append(d)

    def bind(self, n: int | None = None, *, sub: int = 1) -> Bound:
        """One state, or n, in buffers of their own: for loops of single steps, where a call counts."""
        return Bound(self._handle, self.model, n, sub, functools.partial(_bound, self.models, self.settings))

    def rollout(
        self,
        state: State | ArrayLike,
        u: ArrayLike | None = None,
        *,
        steps: int | None = None,
        parameters: Mapping[str, ArrayLike] | None = None,
        strict: bool = True,
    ) -> Rollout:
        """Trajectories under inputs u (…, t, nu), or of ``steps`` steps without input."""
        r = Rows(self.model, state)
        u, t = r.input_paths(u, steps)
        names, _, values = r.parameters(parameters)
        xs, hs, status, taken = np.zeros((r.n, t + 1, r.nx)), np.zeros((r.n, t + 1)), r.ints(), r.ints()  # zero where canceled
        raise_bad(
            _native.run(_native.ROLLOUT, self._handle(), (r.x, r.h, u, values), (xs, hs), status, counts=taken, names=names, steps=t), status, strict
        )
        return Rollout(State._of(r.shaped(xs), r.shaped(hs), self.model.nq, self.model.joint_names), r.shaped(status), r.shaped(taken))

    def jacobian(
        self,
        state: State | ArrayLike,
        u: ArrayLike | None = None,
        *,
        sub: int = 1,
        parameters: Parameters = (),
        tangent: bool = False,
        strict: bool = True,
    ) -> Jacobian:
        """A step, or ``sub`` of them under the same input, and derivatives by the numbers of x, u and the named parameters. A quaternion
        counts with its four numbers, which a step normalizes first. ``tangent`` gives those of the engine's tangent space instead (2 nv,
        quaternions as rotation vectors in the axes of the child)."""
        tangent, sub = a_flag(tangent, "tangent"), count(sub, "sub", 1)
        if self._is_one(state, parameters) and sub < _native.LONG:
            status, x, h, jx, ju, jp = self._derive_one(_native.JACOBIAN, state, u, None, sub, tangent, parameters, strict)
            return Jacobian(State._of(x, h, self.model.nq, self.model.joint_names), status, jx, ju, jp)
        r = Rows(self.model, state)
        u, (names, np_, values) = r.inputs(u), r.parameters(parameters)
        nt = 2 * self.model.nv if tangent else r.nx
        out, status = r.states(), r.ints()
        jx, ju, jp = np.empty((r.n, nt, nt)), np.empty((r.n, nt, self.model.nu)), np.empty((r.n, nt, np_))
        bad = _native.run(
            _native.JACOBIAN, self._handle(), (r.x, r.h, u, values), (*out, jx, ju, jp), status, names=names, sub=sub, tangent=tangent
        )
        raise_bad(bad, status, strict)
        return Jacobian(r.state(out), r.shaped(status), r.shaped(jx), r.shaped(ju), r.shaped(jp))

    def vjp(
        self, state: State | ArrayLike, u: ArrayLike | None, cotangent: ArrayLike, *, parameters: Parameters = (), strict: bool = True
    ) -> Pull:
        """Takes a step again and pulls cotangents (…, nx) of its results back to x, u and parameters, row by row."""
        if self._is_one(state, parameters):
            return Pull(*self._derive_one(_native.VJP, state, u, cotangent, 1, False, parameters, strict))
        r = Rows(self.model, state)
        u, g = r.inputs(u), numbers(cotangent, "cotangent", (*r.lead, r.nx))
        return self._pull(_native.VJP, r, u, (self.model.nu,), g, 1, parameters, strict)

    def rollout_vjp(
        self, state: State | ArrayLike, u: ArrayLike | None, cotangent: ArrayLike, *, parameters: Parameters = (), strict: bool = True
    ) -> Pull:
        """Takes rollouts again and pulls cotangents (…, t + 1, nx) of all their states back to the first state, the inputs and
        the parameters by one backward sweep."""
        r = Rows(self.model, state)
        g = numbers(cotangent, "cotangent", (*r.lead, None, r.nx))
        if g.shape[-2] == 0:
            raise ArgumentError(f"cotangent has shape {g.shape}, want ({', '.join(map(str, (*r.lead, 't + 1', r.nx)))})")
        u, t = r.input_paths(u, g.shape[-2] - 1)
        return self._pull(_native.ROLLOUT_VJP, r, u, (t, self.model.nu), g, t, parameters, strict)

    def _pull(
        self, what: int, r: Rows, u: Floats | None, inputs: tuple[int, ...], g: Floats, steps: int, parameters: Parameters, strict: bool
    ) -> Pull:
        names, np_, values = r.parameters(parameters)
        gx, gu, gp, status = np.empty((r.n, r.nx)), np.empty((r.n, *inputs)), np.empty((r.n, np_)), r.ints()
        raise_bad(_native.run(what, self._handle(), (r.x, r.h, u, values, g), (gx, gu, gp), status, names=names, steps=steps), status, strict)
        return Pull(r.shaped(status), r.shaped(gx), r.shaped(gu), r.shaped(gp))

    def energy(self, state: State | ArrayLike) -> Energy:
        """What bodies, gravity and springs have (J)."""
        r = Rows(self.model, state)
        out = np.zeros((r.n, 3))
        bad = _native.call("ukemi_energy", self._handle(), r.n, pointer(r.x), pointer(r.h), pointer(out))
        raise_bad(bad, r.ints(), True)
        e: Floats = r.shaped(out)
        return Energy(e[..., 0], e[..., 1], e[..., 2])

    def __reduce__(self) -> tuple[Any, ...]:
        return _batch, (self.models, self.settings)

    def __repr__(self) -> str:
        settings = "".join(f", {k}={len(v) if k == 'sensors' else v:g}" for k, v in self.settings.items())
        many = f"{len(self.models)} models " if len(self.models) > 1 else ""
        return f"<ukemi.Batch of {many}{self.model.name!r}{settings}>"


def _batch(models: tuple[Model, ...], settings: dict[str, Any]) -> Batch:
    return Batch(models, **settings)


def _bound(models: tuple[Model, ...], settings: dict[str, Any], n: int | None, sub: int, arrays: dict[str, Any]) -> Bound:
    b = _batch(models, settings).bind(n, sub=sub)
    for name, value in arrays.items():
        getattr(b, name)[...] = value
    return b


def _contacts(table: Floats, there: Ints) -> NDArray[np.void]:
    taken = np.arange(table.shape[1]) < there[:, None]
    n = table[taken]
    out = np.zeros(len(n), CONTACT)
    out["row"] = np.nonzero(taken)[0]
    for k, name in enumerate(("a", "b", "feature")):
        out[name] = n[:, k]
    for k, name in enumerate(("point", "normal", "force")):
        out[name] = n[:, 3 + 3 * k : 6 + 3 * k]
    out["gap"], out["slide"], out["torque"] = n[:, 12], n[:, 13], n[:, 14:17]
    return out
