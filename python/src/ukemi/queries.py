"""Questions about states that need no step."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from . import _native
from ._check import Floats, a_flag, a_list, numbers
from ._native import pointer
from ._rows import Ints, Rows
from .errors import ArgumentError
from .model import Model
from .state import State


@dataclasses.dataclass(frozen=True)
class Frames:
    """Where links are and how they move. k links; lengths in m."""

    poses: Floats  #: (…, k, 7): position, quaternion (w, x, y, z) in the world
    jacobians: Floats  #: (…, k, 6, nv): velocity of the origin and angular velocity by v, in world axes or those of the link


@dataclasses.dataclass(frozen=True)
class Distance:
    """How far k pairs of shapes are apart; world coordinates (m)."""

    pairs: Ints  #: (k, 2): colliders; below zero half-spaces, −1 the first
    gap: Floats  #: (…, k): negative in each other
    normal: Floats  #: (…, k, 3): from b to a, unit
    point_a: Floats  #: (…, k, 3): nearest points, point_a = point_b + gap normal
    point_b: Floats
    gradient: Floats  #: (…, k, nv): of the gap by the tangent of the configuration (a quaternion's: rotation vector in the child's axes)


@dataclasses.dataclass(frozen=True)
class Hits:
    """What rays meet first; world coordinates (m)."""

    collider: Ints  #: (…, k): below zero a half-space, −1 the first; of no meaning where the distance is infinite
    distance: Floats  #: (…, k): infinite where nothing is met
    point: Floats  #: (…, k, 3)
    normal: Floats  #: (…, k, 3): out of what is met


class Queries:
    """What a :class:`Batch` tells of states without a step. Velocities count as those of the instant."""

    model: Model
    _handle: _native.Handle

    def poses(self, state: State | ArrayLike) -> Floats:
        """Where every link is, (…, links, 7): position (m), quaternion (w, x, y, z), in the order of ``Model.links``."""
        return self.frames(state, jacobians=False).poses

    def frames(self, state: State | ArrayLike, links: Sequence[str] | None = None, *, body: bool = False, jacobians: bool = True) -> Frames:
        """Poses of links (default all), and their Jacobians in world axes or, with ``body``, in those of each link."""
        r, m, body, jacobians = Rows(self.model, state), self.model, a_flag(body, "body"), a_flag(jacobians, "jacobians")
        which = np.array(range(len(m.links)) if links is None else [m.link(n) for n in a_list(links, "links")], dtype=np.int32)
        k = len(which)
        poses, j = np.zeros((r.n, k, 7)), np.zeros((r.n, k if jacobians else 0, 6, m.nv))
        _native.call(
            "ukemi_frames", self._handle(), r.n, pointer(r.x), k, pointer(which), int(body), pointer(poses), pointer(j) if jacobians else None
        )
        return Frames(r.shaped(poses), r.shaped(j))

    def distance(self, state: State | ArrayLike, pairs: Sequence[tuple[str | int, str | int]] | None = None) -> Distance:
        """How far pairs of colliders, or of a collider and a half-space, are apart: by name or number, whether or not they may touch each
        other. Default: all that may (``Model.pairs``)."""
        r, m = Rows(self.model, state), self.model
        given: Sequence[tuple[str | int, str | int]] = m.pairs if pairs is None else [_pair(p) for p in a_list(pairs, "pairs")]
        which = np.array([[m.collider(a), m.collider(b)] for a, b in given], dtype=np.int32).reshape(len(given), 2)
        k = len(which)
        out, gradient = np.zeros((r.n, k, 10)), np.zeros((r.n, k, m.nv))
        _native.call("ukemi_distances", self._handle(), r.n, pointer(r.x), k, pointer(which), pointer(out), pointer(gradient))
        d: Floats = r.shaped(out)
        return Distance(which, d[..., 0], d[..., 1:4], d[..., 4:7], d[..., 7:10], r.shaped(gradient))

    def rays(self, state: State | ArrayLike, start: ArrayLike, direction: ArrayLike) -> Hits:
        """What k rays meet from points (k, 3) or (…, k, 3) in directions alike, of any length: the first collider or half-space that each
        enters. What its start is inside of does not count."""
        r = Rows(self.model, state)
        a, b = (numbers(v, n, (None, 3), exact=False) for v, n in ((start, "start"), (direction, "direction")))
        try:
            both = np.broadcast_arrays(a, b, np.broadcast_to(0.0, (*r.lead, 1, 3)))[:2]
        except ValueError as e:
            raise ArgumentError(f"start {a.shape} and direction {b.shape} of rays do not fit states {r.lead}: {e}") from None
        k = both[0].shape[-2]
        if both[0].shape[:-2] != r.lead:
            raise ArgumentError(f"start {a.shape} and direction {b.shape} of rays have more dimensions than states {r.lead}")
        rays = np.ascontiguousarray(np.concatenate(both, -1)).reshape(r.n, k, 6)
        out = np.zeros((r.n, k, 8))
        _native.call("ukemi_rays", self._handle(), r.n, pointer(r.x), k, pointer(rays), pointer(out))
        h: Floats = r.shaped(out)
        return Hits(h[..., 0].astype(np.int32), h[..., 1], h[..., 2:5], h[..., 5:8])

    def mass_matrix(self, state: State | ArrayLike) -> Floats:
        """The mass matrix M (…, nv, nv) of continuous time, armature included: M dv/dt + bias = τ."""
        return self._dynamics(state)[0]

    def bias(self, state: State | ArrayLike) -> Floats:
        """Coriolis, centrifugal and gravity forces (…, nv) in M dv/dt + bias = τ."""
        return self._dynamics(state)[1]

    def inverse(self, state: State | ArrayLike, acceleration: ArrayLike) -> Floats:
        """The force per velocity (…, nv) that gives accelerations dv/dt (…, nv), beside damping, springs and dry friction of the joints."""
        r, m = Rows(self.model, state), self.model
        a, out = numbers(acceleration, "acceleration", (*r.lead, m.nv)), np.zeros((r.n, m.nv))
        _native.call("ukemi_dynamics", self._handle(), r.n, pointer(r.x), pointer(a), None, None, pointer(out))
        tau: Floats = r.shaped(out)
        return tau

    def _dynamics(self, state: State | ArrayLike) -> tuple[Floats, Floats]:
        r, m = Rows(self.model, state), self.model
        mass, bias = np.zeros((r.n, m.nv, m.nv)), np.zeros((r.n, m.nv))
        _native.call("ukemi_dynamics", self._handle(), r.n, pointer(r.x), None, pointer(mass), pointer(bias), None)
        return r.shaped(mass), r.shaped(bias)


def _pair(pair: tuple[str | int, str | int]) -> tuple[str | int, str | int]:
    one = a_list(pair, "a pair")
    if len(one) != 2:
        raise ArgumentError(f"a pair is {pair!r:.100}, want two colliders")
    return one[0], one[1]
