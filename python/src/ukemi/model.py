"""Models: what is simulated."""

from __future__ import annotations

import dataclasses
import json
import os
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import _native
from ._check import a, a_dict, a_flag, a_path, a_text, numbers, count, positive
from .errors import ArgumentError, LoadWarning
from .state import State
from .world import HeightField, Mesh, Surface


@dataclasses.dataclass(frozen=True)
class Joint:
    """A joint. ``x[..., joint.q]`` is its configuration in rows x, ``x[..., joint.v]`` its velocity."""

    name: str
    parent: str  #: body, "world" for none
    child: str  #: body
    q: slice
    v: slice
    quaternion: slice | None  #: where in x its quaternion (w, x, y, z) is
    limits: tuple[tuple[float, float], ...]  #: one per velocity (m or rad), infinite where there is none


@dataclasses.dataclass(frozen=True)
class Input:
    """What an entry of u drives."""

    name: str
    index: int
    servo: bool  #: u is a target position (m or rad), else a force or torque (N or N m), or what a thruster multiplies
    effort: float  #: bound on the force or torque, infinite without one
    lower: float = -np.inf  #: what a force, or the input of a thruster, is clamped to
    upper: float = np.inf


@dataclasses.dataclass(frozen=True)
class Parameter:
    """A physical parameter and its value."""

    name: str
    unit: str
    kind: str
    value: float


@dataclasses.dataclass(frozen=True)
class Sensor:
    """Measures the force and torque that a link gets from its parent, at and in the axes of a frame of the link. What carries a weight
    measures a force upward."""

    name: str
    link: str
    position: tuple[float, float, float] = (0.0, 0.0, 0.0)  #: in the link (m)
    quaternion: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)  #: w, x, y, z

    def __post_init__(self) -> None:
        p, q = (numbers(v, f"{n} of sensor {self.name!r}", (k,)) for v, n, k in ((self.position, "position", 3), (self.quaternion, "quaternion", 4)))
        if not np.isfinite(p).all() or not 0.9 < np.linalg.norm(q) < 1.1:
            raise ArgumentError(f"sensor {self.name!r} is at {p} with the quaternion {q}, want finite numbers, and a unit quaternion")
        object.__setattr__(self, "position", tuple(p.tolist()))
        object.__setattr__(self, "quaternion", tuple(q.tolist()))


@dataclasses.dataclass(frozen=True)
class Note:
    """A remark about what was loaded."""

    text: str
    physics: bool  #: the model moves otherwise than its file says

    def __str__(self) -> str:
        return self.text


class Model:
    """A compiled world, made by :func:`load`. It does not change, pickles, and survives a fork."""

    def __init__(self, saved: bytes, info: dict[str, Any]) -> None:
        self._saved, self._info = saved, info
        self._handle = _native.Handle(lambda: _native.new("ukemi_load", b"text", saved, len(saved), b"{}"))
        self.name: str = info["name"]
        self.nq: int = info["nq"]  #: coordinates
        self.nv: int = info["nv"]  #: velocities (degrees of freedom)
        self.nx = self.nq + self.nv  #: numbers of a state
        self.nu: int = info["nu"]  #: inputs
        self.timestep: float = info["timestep"]  #: s
        self.mass: float = info["mass"]  #: kg
        self.bodies: tuple[str, ...] = tuple(info["bodies"] or ())  #: what moves
        self.links: tuple[str, ...] = tuple(info["links"] or ())  #: named frames, in the order of :meth:`Batch.poses`
        self.colliders: tuple[str, ...] = tuple(info["colliders"] or ())
        self.half_spaces: tuple[str, ...] = tuple(info["half_spaces"] or ())
        self.pairs: tuple[tuple[int, int], ...] = tuple((a, b) for a, b in info["pairs"] or ())  #: colliders that may touch each other
        self.sensors = tuple(  #: force and torque sensors of an MJCF file, for :class:`Batch`
            Sensor(x["name"], x["link"], tuple(x["position"]), tuple(x["quaternion"])) for x in info["sensors"] or ()
        )
        self.notes = tuple(Note(**n) for n in info["notes"] or ())  #: what was ignored, assumed or repaired
        self.joints = tuple(self._joint(i, j) for i, j in enumerate(info["joints"] or ()))
        self.joint_names = tuple(j.name for j in self.joints)  #: of the joints; what tells states of models of the same size apart
        self.inputs = tuple(
            Input(u["name"], i, u["servo"], *(d if u[k] is None else u[k] for k, d in (("effort", np.inf), ("lower", -np.inf), ("upper", np.inf))))
            for i, u in enumerate(info["inputs"] or ())
        )

    def _joint(self, i: int, j: dict[str, Any]) -> Joint:
        q, nq, v, nv, k = j["Q"], j["NQ"], j["V"], j["NV"], j["quaternion"]
        return Joint(
            name=j["name"],
            parent="world" if j["parent"] < 0 else self.bodies[j["parent"]],
            child=self.bodies[i],
            q=slice(q, q + nq),
            v=slice(self.nq + v, self.nq + v + nv),
            quaternion=None if k < 0 else slice(k, k + 4),
            limits=tuple((-np.inf if a is None else a, np.inf if b is None else b) for a, b in j["limits"] or ()),
        )

    @property
    def start(self) -> State:
        """A start worth watching: of the zoo's model, the file's keyframe, or 5 cm above the ground. A fresh copy each time."""
        return State(np.array((self._info["Q"] or []) + (self._info["V"] or []), dtype=np.float64), nq=self.nq, joints=self.joint_names)

    def state(self, x: ArrayLike, h: ArrayLike = 0.0) -> State:
        """States of this model of rows x (…, nx). With h = 0 velocities are those at the instant, as a start has them."""
        return State(numbers(x, "x", (self.nx,), exact=False), h, nq=self.nq, joints=self.joint_names)

    def joint(self, name: str) -> Joint:
        """The joint of a name."""
        return self.joints[self._index(self.joint_names, name, "joint")]

    def input(self, name: str) -> Input:
        """The input of a name, which is that of its joint or thruster."""
        return self.inputs[self._index([u.name for u in self.inputs], name, "input")]

    def link(self, name: str) -> int:
        """The index of a link in what :meth:`Batch.poses` returns."""
        return self._index(self.links, name, "link")

    def collider(self, name: str | int) -> int:
        """The number of a collider, or of a half-space, below zero: −1 is the first. Numbers stay."""
        if isinstance(name, str):
            return -1 - self.half_spaces.index(name) if name in self.half_spaces else self._index(self.colliders, name, "collider")
        return count(name, "collider", -len(self.half_spaces))

    def _index(self, names: Sequence[str], name: str, what: str) -> int:
        if a_text(name, what) not in names:
            raise ArgumentError(f"model {self.name!r} has no {what} {name!r}; it has {', '.join(names) or 'none'}")
        return names.index(name)

    def get(self, name: str) -> float:
        """The value of a parameter, such as ``"FR_foot.friction"``."""
        return _native.get(self._handle(), name)

    def parameters(self) -> dict[str, Parameter]:
        """All parameters that a step can be differentiated by, by name."""
        return {p["name"]: Parameter(**p) for p in json.loads(_native.text(self._handle(), "params"))}

    def with_parameters(self, values: Mapping[str, float]) -> Model:
        """A model with other parameters; this one stays as it is."""
        names = b"\n".join(_native.c_name(n) for n in a_dict(values, "values"))
        array = numbers(list(values.values()), "values", (len(values),))
        if not values:
            return self
        h = _native.new("ukemi_set", self._handle(), names, _native.pointer(array), len(array), error=ArgumentError)
        return _of(h, self._info["Q"], self._info["V"])

    def to_bytes(self) -> bytes:
        """The compiled model with its start and notes, which :func:`load` reads; for the version of the engine that wrote it."""
        return self._saved

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes :meth:`to_bytes` to a file, which :func:`load` reads when it ends in ``.json``."""
        a_path(path).write_bytes(self._saved)

    def __reduce__(self) -> tuple[Any, ...]:
        return Model, (self._saved, self._info)

    def __repr__(self) -> str:
        return f"<ukemi.Model {self.name!r}: nq={self.nq} nv={self.nv} nu={self.nu}, timestep {self.timestep:g} s, {self.mass:.4g} kg>"


def _of(handle: int, q: Any = None, v: Any = None) -> Model:
    """The model of a handle, which is freed: the model lives on in its bytes, here and in forked children."""
    try:
        info = json.loads(_native.text(handle, "describe"))
        if q is not None:
            info["Q"], info["V"] = q, v
        return Model(_native.text(handle, "save"), info)
    finally:
        _native.library().ukemi_free(handle)


def load(
    source: str | os.PathLike[str] | bytes,
    *,
    timestep: float | None = None,
    friction: float | None = None,
    ground: bool = True,
    base: str = "auto",
    repair: bool = False,
    servo: tuple[float, float] | None = None,
    terrain: HeightField | Mesh | None = None,
    surfaces: Mapping[str, Surface] | None = None,
    self_contact: bool = False,
    decompose: float | None = None,
) -> Model:
    """Loads a model.

    ``source`` is a name of the zoo (:func:`zoo`), the path of a URDF or MJCF file, the bytes of one, or what
    :meth:`Model.to_bytes` gave or :meth:`Model.save` wrote (``.json``; it takes none of the options). ``timestep`` in seconds (default: what an MJCF file says, else 0.01), ``friction`` the Coulomb coefficient of all shapes
    (default the model's own, for URDF files 0.8), ``ground`` adds z ≤ 0 where the file has no plane, ``base`` ("auto",
    "floating", "fixed") says how the root of a URDF file is attached, ``repair`` repairs impossible files, and ``servo`` = (kp, kd)
    turns torque inputs into position servos. ``terrain`` takes the place of the ground, and what floats starts above it; ``surfaces`` gives
    colliders by name restitution, softness, torsion, rolling or the speed of a belt, and half-spaces the last. ``self_contact`` lets
    the shapes of one robot touch each other, but those of neighbors, and of URDF files those that are in each other where all joints
    are at zero. ``decompose`` divides meshes of a file that are not
    convex into convex pieces that are at most so far outside of them (m), else they touch by their hulls. What makes the model move otherwise than its file says is a :class:`LoadWarning`;
    all remarks are in ``Model.notes``.
    """
    options: dict[str, Any] = {"Ground": a_flag(ground, "ground"), "Base": a_text(base, "base"), "Repair": a_flag(repair, "repair"), "SelfContact": a_flag(self_contact, "self_contact")}
    if timestep is not None:
        h = options["Timestep"] = positive(timestep, "timestep")
        if not 1e-9 <= h <= 1e3:
            raise ArgumentError(f"timestep is {h:g} s, want a number from 1e-9 to 1000")
    if friction is not None:
        options["Friction"] = positive(friction, "friction", zero=True)
    if servo is not None:
        kp, kd = numbers(servo, "servo", (2,))
        options["Servo"] = {"Kp": positive(kp, "servo kp"), "Kd": positive(kd, "servo kd", zero=True)}
    if terrain is not None:
        if not isinstance(terrain, (HeightField, Mesh)):
            raise ArgumentError(f"terrain is of type {type(terrain).__name__}, want a ukemi.HeightField or a ukemi.Mesh")
        options["Terrain"] = terrain._options()
    if surfaces is not None:
        options["Surfaces"] = {a_text(n, "a name of surfaces"): a(Surface, x, f"the surface of {n!r}")._options() for n, x in a_dict(surfaces, "surfaces").items()}
    if decompose is not None:
        options["Decompose"] = positive(decompose, "decompose")
    if isinstance(source, bytes):
        kind, data = b"text", source
    elif isinstance(source, str) and source.lstrip().startswith("<"):
        raise ArgumentError("source is the text of a file, want its bytes: source.encode()")
    elif isinstance(source, os.PathLike) or isinstance(source, str) and _is_file(source):
        kind, data = b"file", os.fsencode(source)
    elif isinstance(source, str):
        kind, data = b"zoo", source.encode(errors="replace")
    else:
        raise ArgumentError(f"source is of type {type(source).__name__}, want a name, a path or bytes")
    model = _of(_native.new("ukemi_load", kind, data, len(data), json.dumps(options).encode()))
    for note in model.notes:
        if note.physics:
            warnings.warn(note.text, LoadWarning, stacklevel=2)
    return model


def _is_file(source: str) -> bool:
    return os.sep in source or os.path.splitext(source)[1].lower() in (".urdf", ".xml", ".mjcf", ".xacro", ".json")


def zoo() -> list[str]:
    """Names of the models that come with the engine; ``chain:10`` and the like take a number."""
    return _native.zoo()
