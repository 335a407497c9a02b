"""Inputs of a motion that is wanted."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import _blob, _native
from ._check import Floats, a, a_flag, a_list, a_text, count, numbers, positive, softness
from ._rows import own
from .errors import ArgumentError, Error
from .sysid import _null
from .model import Model
from .state import State


@dataclasses.dataclass(frozen=True)
class Term:
    """A function of a state and the input that follows it, less a target: one for all steps, or one for each state (rows). It is a
    cost, ½ Σ weight · value², or a goal, zero at the end, or by :meth:`at_most` and :meth:`at_least` a limit."""

    kind: str
    frame: str = ""
    targets: tuple[tuple[float, ...], ...] = ()
    weight: tuple[float, ...] = (1.0,)
    chosen: tuple[int, ...] | None = None
    bound: tuple[float, ...] | None = None
    above: bool = False
    name: str = ""

    @staticmethod
    def input(target: ArrayLike = ()) -> Term:
        """The input, (nu) numbers."""
        return Term("input", targets=_rows(target) if not isinstance(target, tuple) or target else ())

    @staticmethod
    def state(target: State) -> Term:
        """The state, 2 nv numbers in the tangent space (q, v)."""
        a(State, target, "target")
        h = np.broadcast_to(target.h, target.x.shape[:-1])
        return Term("state", targets=_rows(np.concatenate([target.x, h[..., None]], axis=-1)))

    @staticmethod
    def position(frame: str, target: ArrayLike) -> Term:
        """Where the origin of a link is in the world, 3 numbers (m)."""
        return Term("position", a_text(frame, "frame"), _rows(target))

    @staticmethod
    def orientation(frame: str, target: ArrayLike) -> Term:
        """How far a link is turned from a quaternion (w, x, y, z): 2 sin(θ/2) about an axis of the world, 3 numbers."""
        return Term("orientation", a_text(frame, "frame"), _rows(target))

    @staticmethod
    def velocity(frame: str, target: ArrayLike) -> Term:
        """The velocity of a link in world axes, linear (m/s) and angular (rad/s), 6 numbers."""
        return Term("velocity", a_text(frame, "frame"), _rows(target))

    def weigh(self, *weight: float) -> Term:
        """With one weight for all numbers, or one for each."""
        return dataclasses.replace(self, weight=_row(weight, "weight"))

    def rows(self, *rows: int) -> Term:
        """Some of the numbers alone."""
        return dataclasses.replace(self, chosen=tuple(count(r, "a row", 0) for r in rows))

    def at_most(self, *bound: float) -> Term:
        """As a limit from above: one bound for all numbers, or one for each."""
        return dataclasses.replace(self, bound=_row(bound, "bound"))

    def at_least(self, *bound: float) -> Term:
        """As a limit from below."""
        return dataclasses.replace(self, bound=_row(bound, "bound"), above=True)

    def named(self, name: str) -> Term:
        """With a name to be reported by."""
        return dataclasses.replace(self, name=a_text(name, "name"))

    def _json(self) -> dict[str, Any]:
        values = [v for row in (*self.targets, self.weight, self.bound or ()) for v in row]
        if not np.isfinite(values).all():
            raise ArgumentError(f"{self.kind} {self.frame}: a target, weight or bound is not finite")
        return {
            "Kind": self.kind, "Frame": self.frame, "Targets": self.targets, "Rows": self.chosen, "Weight": self.weight,
            "Bound": self.bound, "Above": self.above, "Name": self.name,
        }  # fmt: skip


def _rows(target: ArrayLike) -> tuple[tuple[float, ...], ...]:
    array = numbers(target, "target", (), exact=False)
    if array.ndim > 2:
        raise ArgumentError(f"target has shape {array.shape}, want (numbers) or (states, numbers)")
    return tuple(tuple(row) for row in np.atleast_2d(array).tolist())


def _row(values: tuple[float, ...], name: str) -> tuple[float, ...]:
    return tuple(numbers(values, name, (None,)).tolist())


@dataclasses.dataclass(frozen=True)
class Plan:
    """A motion that :func:`optimize` found. ``u + gains @ deviation`` follows it, the deviation of the state in the tangent space."""

    status: str
    u: Floats  #: (steps, nu)
    states: State  #: (steps + 1)
    gains: Floats  #: (steps, nu, 2 nv)
    cost: float
    violation: float  #: the largest of goals and limits, in their units
    worst: str  #: which that is
    kappa: float
    iterations: int


class SearchError(Error):
    """A search did not reach what was wanted: ``plan`` is the best it found."""

    def __init__(self, text: str, plan: Plan) -> None:
        super().__init__(text, plan)
        self.plan = plan

    def __str__(self) -> str:
        return str(self.args[0])


def optimize(
    model: Model,
    start: State | ArrayLike,
    steps: int,
    *,
    stage: Sequence[Term] = (),
    final: Sequence[Term] = (),
    goal: Sequence[Term] = (),
    limit: Sequence[Term] = (),
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    guess: ArrayLike | None = None,
    method: str = "ilqr",
    kappas: Sequence[float] = (),
    gradient_kappa: float | None = None,
    iterations: int = 300,
    tolerance: float = 1e-3,
    penalty: float = 1.0,
    workers: int | None = None,
    strict: bool = True,
) -> Plan:
    """Searches for the inputs of ``steps`` timesteps from ``start`` that cost least: ``stage`` in every step, ``final`` at the last state, under bounds
    of the inputs (default: the efforts of the drives), ``limit`` in every state and ``goal`` at the last one, both to ``tolerance``.

    The method is "ilqr" (iLQR with box bounds and an augmented Lagrangian) or "shoot" (L-BFGS on all inputs). ``kappas`` are searched
    from soft to hard contact; ``gradient_kappa`` differentiates at a softer one. It is ``trajopt.Solve`` of the Go library. What does
    not converge raises :class:`SearchError`, which has the best plan; with ``strict=False`` that is returned.
    """
    a(Model, model, "model")
    x, steps = numbers(own(start, model), "start", (model.nx,)), count(steps, "steps", 1)
    h = float(start.h) if isinstance(start, State) else 0.0
    if not np.isfinite(x).all():
        raise ArgumentError("start is not finite")
    terms = {n: [a(Term, t, f"a term of {n}")._json() for t in a_list(ts, n)] for n, ts in (("stage", stage), ("final", final), ("goal", goal), ("limit", limit))}
    if guess is not None:
        guess = numbers(guess, "guess", (steps, model.nu))
        if not np.isfinite(guess).all():
            raise ArgumentError("guess is not finite")
    problem: dict[str, Any] = {
        "X": x.tolist(), "H": h, "Steps": steps, **{n.capitalize(): t for n, t in terms.items()},
        "Lower": _bounds(model, lower, "lower"), "Upper": _bounds(model, upper, "upper"),
        "Guess": None if guess is None else guess.tolist(), "Method": a_text(method, "method"),
        "Kappas": [softness(k, "kappa") for k in a_list(kappas, "kappas")],
        "GradientKappa": 0.0 if gradient_kappa is None else softness(gradient_kappa, "gradient_kappa"),
        "Iterations": count(iterations, "iterations", 1), "Tolerance": positive(tolerance, "tolerance"),
        "Penalty": positive(penalty, "penalty"), "Workers": 0 if workers is None else count(workers, "workers", 1),
    }  # fmt: skip
    found = json.loads(_blob.make("ukemi_optimize", model._handle(), json.dumps(problem).encode(), _native.watch(1 << 20)))
    gains = np.array(found["gains"] or [], dtype=np.float64)
    plan = Plan(
        status=found["status"],
        u=np.array(found["u"], dtype=np.float64).reshape(-1, model.nu),
        states=State(found["x"], found["h"], nq=model.nq, joints=model.joint_names),
        gains=gains.reshape(-1, model.nu, 2 * model.nv),
        cost=found["cost"],
        violation=found["violation"],
        worst=found["worst"],
        kappa=found["kappa"],
        iterations=found["iterations"],
    )
    if found["error"] and a_flag(strict, "strict"):
        raise SearchError(found["error"], plan)
    return plan


def _bounds(model: Model, bounds: ArrayLike | None, name: str) -> list[float | None] | None:
    if bounds is None:
        return None
    values = numbers(bounds, name, (), exact=False)
    values = np.full(model.nu, values) if values.ndim == 0 else numbers(values, name, (model.nu,))
    if np.isnan(values).any():
        raise ArgumentError(f"{name} has a NaN")
    return [_null(v) for v in values]
