"""Motions as pages and recordings."""

from __future__ import annotations

import html
import json
import os
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import _blob, _native
from ._check import Floats, a_path, a_text, numbers, positive
from ._native import pointer
from ._rows import own
from .batch import Batch
from .errors import ArgumentError
from .model import Model
from .state import State


class Film:
    """A motion to look at: in a notebook by itself, elsewhere by :meth:`save`. Made by :func:`replay`."""

    def __init__(self, model: Model, x: Floats, h: Floats, u: Floats | None, options: dict[str, Any]) -> None:
        self.model, self._x, self._h, self._u, self._options = model, x, h, u, options
        self._page: str | None = None

    def _make(self, kind: str) -> bytes:
        steps = 0 if self._u is None else len(self._u)
        options = json.dumps({**self._options, "Kind": kind}).encode()
        return _blob.make(
            "ukemi_film", self.model._handle(), len(self._x), steps, pointer(self._x), pointer(self._h), pointer(self._u), options, _native.watch(steps)
        )

    @property
    def html(self) -> str:
        """A page that needs nothing else: it plays, orbits, and draws what there is to know over time."""
        if self._page is None:
            self._page = self._make("page").decode()
        return self._page

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the page (.html) or, where inputs are known, the recording (.ukemi) that ``ukemi replay``, ``plot`` and ``render`` read."""
        path = a_path(path)
        if path.suffix == ".html":
            path.write_text(self.html, encoding="utf-8")
        elif path.suffix == ".ukemi":
            path.write_bytes(self._make("recording"))
        else:
            raise ArgumentError(f"path is {str(path)!r}, want an ending of .html or .ukemi")

    def _repr_html_(self) -> str:
        return f'<iframe srcdoc="{html.escape(self.html)}" width="100%" height="480" style="border: 0" allowfullscreen></iframe>'

    def __repr__(self) -> str:
        what = f"{len(self._x)} states" if self._u is None else f"{len(self._u)} steps"
        return f"<ukemi.Film of {self.model.name!r}: {what}>"


def replay(
    model: Model | Batch,
    states: State | ArrayLike,
    u: ArrayLike | None = None,
    *,
    interval: float | None = None,
    title: str | None = None,
    fps: float = 50.0,
) -> Film:
    """A film of one row's states (t + 1, nx), ``interval`` seconds apart (default: the timestep). With inputs u (t, nu) the steps
    are taken once more, from the first state, as a batch has them (its κ, tolerance and centrality): contact forces are then seen, and energies. A step
    that fails ends the film."""
    batch = model if isinstance(model, Batch) else None
    m = batch.model if batch else model
    if not isinstance(m, Model):
        raise ArgumentError(f"model is of type {type(m).__name__}, want a ukemi.Model or a ukemi.Batch")
    x = numbers(own(states, m), "states", (m.nx,), exact=False)
    h = states.h if isinstance(states, State) else np.zeros(x.shape[:-1])
    if x.ndim > 2 or x.size == 0:
        raise ArgumentError(f"states have shape {x.shape}, want those of one row: (t + 1, {m.nx})")
    x, h = np.array(x.reshape(-1, m.nx)), np.array(h.reshape(-1))
    if u is not None:
        u = numbers(u, "u", (None, m.nu)).copy()
    options: dict[str, Any] = {"Title": m.name if title is None else a_text(title, "title"), "FPS": positive(fps, "fps")}
    if interval is not None:
        options["Interval"] = positive(interval, "interval")
    if batch:
        options.update({k.capitalize(): v for k, v in batch.settings.items() if k in ("kappa", "tolerance", "centrality")})
    return Film(m, x, h, u, options)
