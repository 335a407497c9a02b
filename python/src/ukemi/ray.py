"""A batch on the workers of a Ray cluster, where one machine is not enough.

>>> import ray, ukemi, ukemi.ray
>>> ray.init()
>>> pool = ukemi.ray.Pool(ukemi.Batch(model))
>>> path = pool.rollout(states, u)

Rows are split among actors, each with a batch of its own. They have the same bits as locally, for any number of actors, and sums are taken
in the order of the items, so that they do too.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import ray
from numpy.typing import ArrayLike

from ._check import count, numbers
from ._rows import Parameters
from .batch import Batch, Jacobian, Pull, Rollout, Step
from .errors import ArgumentError, StepError
from .state import State

T = TypeVar("T")
R = TypeVar("R")


class Pool:
    """Does what ``batch`` does on ``actors`` actors (default: as many as the cluster has processors for), each of which claims ``cpus``
    processors and steps on as many threads. An actor whose machine is lost starts again elsewhere, and its work is done again. States
    have one leading dimension. :meth:`close`, or the end of a ``with`` block, gives the processors back.
    """

    def __init__(self, batch: Batch, actors: int | None = None, *, cpus: int = 1) -> None:
        if not isinstance(batch, Batch):
            raise ArgumentError(f"batch is of type {type(batch).__name__}, want a ukemi.Batch")
        self.batch, cpus = batch, count(cpus, "cpus", 1)
        if not ray.is_initialized():
            ray.init()
        there = int(ray.cluster_resources().get("CPU", 0)) // cpus
        actors = max(1, there) if actors is None else count(actors, "actors", 1)
        if actors > there:
            raise ArgumentError(f"the cluster has processors for {there} actors of {cpus}, not for {actors}")
        self._shared = ray.put(batch)  # kept: an actor that starts again asks for it
        remote = ray.remote(num_cpus=cpus, max_restarts=-1, max_task_retries=3)(_Actor)
        self._actors: list[Any] = [remote.remote(self._shared, cpus) for _ in range(actors)]

    def __len__(self) -> int:
        return len(self._actors)

    def step(
        self,
        state: State | ArrayLike,
        u: ArrayLike | None = None,
        *,
        sub: int = 1,
        parameters: Mapping[str, ArrayLike] | None = None,
        strict: bool = True,
    ) -> Step:
        """:meth:`Batch.step`, without forces."""
        return self._rows("step", state, (u,), dict(sub=sub, parameters=parameters), strict)

    def rollout(
        self,
        state: State | ArrayLike,
        u: ArrayLike | None = None,
        *,
        steps: int | None = None,
        parameters: Mapping[str, ArrayLike] | None = None,
        strict: bool = True,
    ) -> Rollout:
        """:meth:`Batch.rollout`."""
        return self._rows("rollout", state, (u,), dict(steps=steps, parameters=parameters), strict)

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
        """:meth:`Batch.jacobian`."""
        return self._rows("jacobian", state, (u,), dict(sub=sub, parameters=parameters, tangent=tangent), strict)

    def rollout_vjp(
        self, state: State | ArrayLike, u: ArrayLike | None, cotangent: ArrayLike, *, parameters: Parameters = (), strict: bool = True
    ) -> Pull:
        """:meth:`Batch.rollout_vjp`."""
        return self._rows("rollout_vjp", state, (u, cotangent), dict(parameters=parameters), strict)

    def map(self, function: Callable[[Batch, T], R], items: Iterable[T]) -> list[R]:
        """function(batch, item) of every item, on whichever actor is free, in the order of the items."""
        pool = ray.util.ActorPool(self._actors)
        return list(pool.map(lambda actor, item: actor.call.remote(function, item), list(items)))

    def sweep(self, function: Callable[[Batch, Mapping[str, float]], R], parameters: Sequence[Mapping[str, float]]) -> list[R]:
        """function(batch, values) for every set of values of named parameters, with a batch of the models that have them."""
        for values in parameters:
            for name in values:
                self.batch.model.get(name)
        return self.map(_Varied(function), parameters)

    def sum(self, function: Callable[[Batch, T], R], items: Iterable[T]) -> R:
        """The sum of function(batch, item): of numbers, arrays, or tuples, lists and dicts of them, such as a loss and its gradients."""
        all = self.map(function, items)
        if not all:
            raise ArgumentError("a sum of no items")
        total = all[0]
        for more in all[1:]:
            total = _add(total, more)
        return total

    def close(self) -> None:
        """Gives the processors back."""
        for a in self._actors:
            ray.kill(a)
        self._actors = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _rows(self, method: str, state: State | ArrayLike, arrays: tuple[ArrayLike | None, ...], options: dict[str, Any], strict: bool) -> Any:
        m = self.batch.model
        s = state if isinstance(state, State) else m.state(numbers(state, "state", (m.nx,), exact=False))
        if len(s.shape) != 1:
            raise ArgumentError(f"state has shape {s.x.shape}, want (rows, {m.nx})")
        given = [None if a is None else np.asarray(a) for a in arrays]
        for a in given:
            if a is not None and a.shape[:1] != s.shape:
                raise ArgumentError(f"an array of shape {a.shape} for {len(s)} rows")
        k = len(self.batch.models)  # row i is of model i mod k, here as there
        ends = [round(i * len(s) / len(self._actors) / k) * k for i in range(len(self._actors))] + [len(s)]
        parts = [slice(a, b) for a, b in zip(ends, ends[1:]) if b > a] or [slice(0, 0)]
        work = [
            a.rows.remote(method, s[p], [None if g is None else g[p] for g in given], _part(options, p), strict) for a, p in zip(self._actors, parts)
        ]
        done = ray.get(work)
        for p, d in zip(parts, done):
            if isinstance(d, StepError):
                status = np.concatenate([d.status for d in done])
                raise StepError(f"{(status != 0).sum()} of {len(s)} rows; of rows {p.start} to {p.stop - 1} {d}", status)
        return _joined(done)


def _part(options: dict[str, Any], rows: slice) -> dict[str, Any]:
    """The options of a call for some of the rows."""
    if not isinstance(options["parameters"], Mapping):
        return options
    return {**options, "parameters": {n: v if np.ndim(v) == 0 else np.asarray(v)[rows] for n, v in options["parameters"].items()}}


class _Actor:
    def __init__(self, batch: Batch, workers: int) -> None:
        self.batch = Batch(batch.models, **{**batch.settings, "workers": workers})

    def rows(self, method: str, state: State, arrays: list[Any], options: dict[str, Any], strict: bool) -> Any:
        try:
            return getattr(self.batch, method)(state, *arrays, **options, strict=strict)
        except StepError as e:  # with the status of all rows
            return e

    def call(self, function: Callable[[Batch, Any], Any], item: Any) -> Any:
        return function(self.batch, item)


@dataclasses.dataclass
class _Varied:
    function: Callable[[Batch, Any], Any]

    def __call__(self, batch: Batch, values: Mapping[str, float]) -> Any:
        return self.function(Batch([m.with_parameters(values) for m in batch.models], **batch.settings), values)


def _joined(parts: list[Any]) -> Any:
    first = parts[0]
    if isinstance(first, State):
        return State._of(np.concatenate([p.x for p in parts]), np.concatenate([p.h for p in parts]), first.nq, first.joints)
    if dataclasses.is_dataclass(first):
        kind: Any = type(first)
        return kind(**{f.name: _joined([getattr(p, f.name) for p in parts]) for f in dataclasses.fields(first)})
    return None if first is None else np.concatenate(parts)


def _add(a: Any, b: Any) -> Any:
    if isinstance(a, dict):
        return {k: _add(v, b[k]) for k, v in a.items()}
    if isinstance(a, (tuple, list)):
        return type(a)(_add(v, w) for v, w in zip(a, b, strict=True))
    return a + b
