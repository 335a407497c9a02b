"""What a model stands on, and what its surfaces do."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._check import Floats, numbers, positive
from .errors import ArgumentError


@dataclasses.dataclass(frozen=True)
class Surface:
    """What the surface of a collider does in contact beyond friction; of two that touch the larger number counts, stiffness in series."""

    velocity: tuple[float, float, float] = (0.0, 0.0, 0.0)  #: of a belt, m/s, in axes of the shape; of half-spaces in the world's
    restitution: float = 0.0  #: 0 to 1: the part of the speed of approach at which a contact opens again
    stiffness: float = 0.0  #: N/m a point of contact; 0 is hard
    damping: float = 0.0  #: N s/m, of what has a stiffness
    torsion: float = 0.0  #: m, times the normal force: the most torque about the normal
    rolling: float = 0.0  #: m, times the normal force: the most torque about the tangents
    spin: tuple[float, float, float] = (0.0, 0.0, 0.0)  #: of a turntable, rad/s, about the origin of the shape, in its axes; of half-spaces about the world's; they have but these two

    def _options(self) -> dict[str, Any]:
        runs = {n.capitalize(): dict(zip("XYZ", numbers(getattr(self, n), n, (3,)).tolist(), strict=True)) for n in ("velocity", "spin")}
        rest = {n: _number(getattr(self, n), n) for n in ("restitution", "stiffness", "damping", "torsion", "rolling")}
        return {**runs, **{n.capitalize(): v for n, v in rest.items()}}


def _number(value: float, name: str) -> float:
    v = numbers(value, name).item()
    if not np.isfinite(v):
        raise ArgumentError(f"{name} is {v:g}, want a finite number")
    return float(v)


class HeightField:
    """Ground of heights (rows, columns) over a regular grid, columns along x and rows along y, ``cell`` = (dx, dy) apart, its middle at the
    origin (m)."""

    def __init__(self, heights: ArrayLike, cell: tuple[float, float]) -> None:
        self.heights: Floats = numbers(heights, "heights", (None, None))
        dx, dy = numbers(cell, "cell", (2,))
        self.cell = positive(dx, "cell dx"), positive(dy, "cell dy")
        if not np.isfinite(self.heights).all():
            raise ArgumentError("a height is not finite")

    def _options(self) -> dict[str, Any]:
        rows, columns = self.heights.shape
        dx, dy = self.cell
        return {"Rows": rows, "Columns": columns, "Dx": dx, "Dy": dy, "Heights": self.heights.ravel().tolist()}


class Mesh:
    """Ground of triangles (m, 3), numbers of vertices (n, 3) in m, counterclockwise seen from outside: the solid is behind them."""

    def __init__(self, vertices: ArrayLike, triangles: ArrayLike) -> None:
        self.vertices: Floats = numbers(vertices, "vertices", (None, 3))
        corners = numbers(triangles, "triangles", (None, 3))
        if not np.isfinite(self.vertices).all():
            raise ArgumentError("a vertex is not finite")
        if not (corners == np.floor(corners)).all():
            raise ArgumentError(f"triangles name the vertex {corners[corners != np.floor(corners)][0]:g}, want whole numbers")
        if corners.size and not (0 <= corners.min() and corners.max() < len(self.vertices)):
            raise ArgumentError(f"triangles name vertices {corners.min():g} to {corners.max():g}, and there are {len(self.vertices)}")
        self.triangles = corners.astype(np.int32)

    def _options(self) -> dict[str, Any]:
        return {"Vertices": self.vertices.tolist(), "Triangles": self.triangles.tolist()}
