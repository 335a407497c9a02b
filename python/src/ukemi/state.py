"""States of a model."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._check import Floats, count, numbers
from .errors import ArgumentError


class State:
    """States between two steps, one or many.

    ``x`` has shape (…, nq + nv): configuration, then velocity. ``h`` has shape (…): the length in seconds of the interval that the
    velocity belongs to, as every step leaves it; 0 makes it the velocity at this instant, which is what a start is written with.
    Both belong together: a step from ``x`` alone takes the velocity for that of the instant. ``joints`` names those of the model it comes
    from, and no other takes it: ``x`` alone suits any of as many numbers.
    """

    __slots__ = ("x", "h", "nq", "joints")

    def __init__(self, x: ArrayLike, h: ArrayLike = 0.0, *, nq: int, joints: tuple[str, ...] | None = None) -> None:
        self.x = numbers(x, "x", (None,), exact=False)
        h = numbers(h, "h", (), exact=False)
        if h.shape not in ((), self.x.shape[:-1]):
            raise ArgumentError(f"h has shape {h.shape}, want {self.x.shape[:-1]}")
        self.h = np.array(np.broadcast_to(h, self.x.shape[:-1]))
        self.nq, self.joints = count(nq, "nq", 0), joints
        if self.nq > self.x.shape[-1]:
            raise ArgumentError(f"x has {self.x.shape[-1]} numbers, fewer than nq = {nq}")

    @classmethod
    def _of(cls, x: Floats, h: Floats, nq: int, joints: tuple[str, ...] | None) -> State:
        """A state of arrays known to fit."""
        s = cls.__new__(cls)
        s.x, s.h, s.nq, s.joints = x, h, nq, joints
        return s

    @property
    def q(self) -> Floats:
        """Configuration, a view of x."""
        return self.x[..., : self.nq]

    @property
    def v(self) -> Floats:
        """Velocity, a view of x."""
        return self.x[..., self.nq :]

    @property
    def shape(self) -> tuple[int, ...]:
        """() for one state, (n,) for n rows, (n, t + 1) for rollouts."""
        return self.x.shape[:-1]

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("this is one state, without rows")
        return self.shape[0]

    def __getitem__(self, index: Any) -> State:
        """Rows, as numpy selects them: ``states[3]``, ``states[:, -1]``, ``states[mask]``."""
        h = self.h[index]
        x = self.x[index]
        if np.shape(h) != x.shape[:-1]:
            raise IndexError("index selects within a state: use .x, .q or .v for that")
        return State(x, h, nq=self.nq, joints=self.joints)

    def repeat(self, n: int) -> State:
        """n rows of this one state."""
        if self.shape:
            raise ArgumentError(f"these are already rows, of shape {self.shape}")
        n = count(n, "n", 0)
        return State(np.tile(self.x, (n, 1)), np.full(n, self.h), nq=self.nq, joints=self.joints)

    def copy(self) -> State:
        """The same in arrays of its own."""
        return State(self.x.copy(), self.h, nq=self.nq, joints=self.joints)

    def __reduce__(self) -> tuple[Any, ...]:
        return State._of, (self.x, self.h, self.nq, self.joints)

    def __repr__(self) -> str:
        what = "one state" if not self.shape else f"states {self.shape}"
        return f"<ukemi.State: {what}, nq={self.nq} nv={self.x.shape[-1] - self.nq}>"
