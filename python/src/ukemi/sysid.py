"""Parameters of a model from what was measured."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _blob, _native
from ._check import Floats, a, a_dict, a_list, a_number, a_text, count, numbers, positive, softness
from ._rows import own
from .errors import ArgumentError
from .model import Model, _of
from .state import State


@dataclasses.dataclass(frozen=True)
class Unknown:
    """A parameter to find: of a name that ``Model.parameters()`` lists, or ``BODY.com`` or ``BODY.inertia`` for all numbers of them.
    ``ties`` are other parameters that follow it, as name → ratio. ``mean`` and ``std`` are what is believed before."""

    name: str
    lower: float = -np.inf
    upper: float = np.inf
    mean: float = 0.0
    std: float = 0.0  #: 0: nothing is believed
    ties: Mapping[str, float] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A value that was found."""

    name: str
    unit: str
    value: float
    standard_error: float  #: infinite where the data does not tell
    start: float
    at_bound: bool


@dataclasses.dataclass(frozen=True)
class Fit:
    """What :func:`fit` found."""

    model: Model  #: with the values found
    status: str  #: "converged", "no better point" or "iterations used up"
    estimates: tuple[Estimate, ...]
    derived: tuple[Estimate, ...]  #: the inertial parameters of bodies sought as a whole
    cost: float
    start_cost: float
    noise: float  #: root mean square of what is left, over the noise that was stated
    iterations: int
    correlation: Floats
    unknowable: tuple[str, ...]  #: combinations of parameters that the data cannot tell
    notes: tuple[str, ...]
    misfits: Floats  #: of every motion, root mean square over its noise

    def __getitem__(self, name: str) -> Estimate:
        for e in (*self.estimates, *self.derived):
            if e.name == name:
                return e
        raise KeyError(name)

    def __str__(self) -> str:
        lines = [f"{e.name} = {e.value:.6g} ± {e.standard_error:.2g} {e.unit} (from {e.start:.6g})" for e in self.estimates]
        return "\n".join([f"{self.status} after {self.iterations} iterations, cost {self.start_cost:.4g} → {self.cost:.4g}", *lines, *self.unknowable])


def fit(
    model: Model,
    motions: Sequence[State | ArrayLike | tuple[State | ArrayLike, ArrayLike]],
    parameters: Sequence[str | Unknown],
    *,
    noise: ArrayLike | tuple[float, float],
    start_noise: ArrayLike | tuple[float, float] | None = None,
    substeps: int = 1,
    window: int = 0,
    kappas: Sequence[float] = (),
    loss: str = "square",
    width: float = 3.0,
    iterations: int = 100,
    searches: int = 1,
    workers: int | None = None,
) -> Fit:
    """Searches for parameters with which simulations agree best with motions, by Levenberg–Marquardt on exact derivatives.

    A motion is its states (t + 1, nx), ``substeps`` timesteps apart, or a pair of them and the inputs (t · substeps, nu). A sample
    whose row is NaN is missing. ``noise`` is the standard deviation of what was measured, 2 nv numbers in the tangent space or one
    for configurations and one for velocities, infinite for what was not; ``start_noise`` the same of the states that simulations
    start from (default: that of what was measured; 0 is exact). A simulation predicts ``window`` samples (0: all). ``kappas`` are searched one after the other.
    ``loss`` may be "huber" or "cauchy" from ``width`` standard deviations on. It is ``sysid.Problem`` of the Go library.
    """
    a(Model, model, "model")
    unknowns = [Unknown(p) if isinstance(p, str) else a(Unknown, p, "a parameter") for p in a_list(parameters, "parameters")]
    substeps, loss = count(substeps, "substeps", 1), a_text(loss, "loss")
    problem: dict[str, Any] = {
        "Parameters": [_unknown(u) for u in unknowns],
        "Motions": [_motion(model, m, i, substeps) for i, m in enumerate(a_list(motions, "motions"))],
        "Noise": _spread(model, noise, "noise"),
        "StartNoise": None if start_noise is None else _spread(model, start_noise, "start_noise"),
        "Substeps": substeps,
        "Window": count(window, "window", 0),
        "Kappas": [softness(k, "kappa") for k in a_list(kappas, "kappas")],
        "Loss": loss,
        "Width": 0.0 if loss == "square" else positive(width, "width"),
        "Iterations": count(iterations, "iterations", 1),
        "Searches": count(searches, "searches", 1),
        "Workers": 0 if workers is None else count(workers, "workers", 1),
    }
    found = json.loads(_blob.make("ukemi_fit", model._handle(), json.dumps(problem).encode(), _native.watch(1 << 20)))
    saved = found["model"].encode()
    handle = _native.new("ukemi_load", b"text", saved, len(saved), b"{}")
    return Fit(
        model=_of(handle, model._info["Q"], model._info["V"]),
        status=found["status"],
        estimates=_estimates(found["estimates"]),
        derived=_estimates(found.get("derived")),
        cost=found["cost"],
        start_cost=found["start_cost"],
        noise=_infinite(found["noise"]),
        iterations=found["iterations"],
        correlation=np.array(found["correlation"], dtype=np.float64),
        unknowable=tuple(d["words"] for d in found["unknowable"] or ()),
        notes=tuple(found.get("notes") or ()),
        misfits=np.array([_infinite(m["rms"]) for m in found.get("trajectories") or ()]),
    )


def _unknown(u: Unknown) -> dict[str, Any]:
    name = a_text(u.name, "the name of a parameter")
    ties = [{"Name": a_text(n, f"a tie of {name!r}"), "Ratio": a_number(r, f"the ratio of {n!r}"), "Offset": 0.0} for n, r in a_dict(u.ties, f"ties of {name!r}").items()]
    lower, upper = (_null(a_number(v, f"a bound of {name!r}", finite=False)) for v in (u.lower, u.upper))
    mean, std = (a_number(v, f"what is believed of {name!r}") for v in (u.mean, u.std))
    return {"Name": name, "Lower": lower, "Upper": upper, "Mean": mean, "Std": std, "Ties": ties}


def _motion(model: Model, motion: Any, i: int, substeps: int) -> dict[str, Any]:
    states, u = motion if isinstance(motion, tuple) and len(motion) == 2 else (motion, None)
    x = numbers(own(states, model), f"motion {i}", (None, model.nx))
    h = states.h if isinstance(states, State) else np.zeros(len(x))
    if u is not None:
        u = numbers(u, f"inputs of motion {i}", ((len(x) - 1) * substeps, model.nu))
        _finite(u, f"inputs of motion {i}")
    return {"X": _nulls(x), "H": h.tolist(), "U": None if u is None else u.tolist()}


def _spread(model: Model, noise: ArrayLike, name: str) -> list[float | None]:
    spread = numbers(noise, name, (), exact=False)
    if spread.shape == (2,):
        spread = np.repeat(spread, model.nv)
    if spread.shape != (2 * model.nv,):
        raise ArgumentError(f"{name} has shape {spread.shape}, want (2), of configurations and velocities, or ({2 * model.nv})")
    if np.isnan(spread).any() or (spread < 0).any():
        raise ArgumentError(f"{name} has numbers that are negative or NaN")
    return [_null(v) for v in spread]


def _finite(a: Floats, name: str) -> None:
    if not np.isfinite(a).all():
        raise ArgumentError(f"{name}: number {np.argwhere(~np.isfinite(a))[0].tolist()} is not finite")


def _nulls(a: Floats) -> list[Any]:
    """Rows as lists, None for what is not finite."""
    rows: list[Any] = a.tolist()
    bad: NDArray[np.intp] = np.argwhere(~np.isfinite(a))
    for i, j in bad:
        rows[i][j] = None
    return rows


def _null(v: float) -> float | None:
    return float(v) if np.isfinite(v) else None


def _infinite(v: float | None) -> float:
    return np.inf if v is None else v


def _estimates(found: Any) -> tuple[Estimate, ...]:
    return tuple(
        Estimate(e["name"], e.get("unit", ""), e["value"], _infinite(e["standard_error"]), e["start"], e.get("at_bound", False)) for e in found or ()
    )
