"""Steps and rollouts that JAX compiles and differentiates: jit, vmap, scan, grad, jvp.

>>> import ukemi, ukemi.jax
>>> y, h, status = ukemi.jax.step(batch, x, u)
>>> y, h, status = ukemi.jax.step(batch, y, u, h)

States are arrays x (…, nx) and h (…), see :class:`ukemi.State`: h belongs to x, has no derivative, and is 0 when left out. Derivatives
are by the numbers of x, u (…, nu) and of ``parameters``, a dict of names and numbers, or arrays (…) of one number a row. All may be
traced. XLA calls the engine itself within the compiled program, on the CPU and without Python; arrays are float32 or, with
``jax_enable_x64``, float64, the engine works in float64.

With ``strict=False`` rows that fail have a status and a gradient of zero: mask them. Otherwise the program ends with the error. A batch
that was traced lives as long as the process, since compiled programs may use it.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from . import _native
from ._check import a, a_dict, a_flag, count
from .batch import Batch
from .errors import ArgumentError, Error


class Stepped(NamedTuple):
    """Where steps lead: of rollouts x (…, t + 1, nx), h (…, t + 1), the start first."""

    x: Array
    h: Array
    status: Array


def step(
    batch: Batch,
    x: ArrayLike,
    u: ArrayLike,
    h: ArrayLike | None = None,
    *,
    sub: int = 1,
    parameters: Mapping[str, ArrayLike] | None = None,
    strict: bool = True,
) -> Stepped:
    """States one timestep on, or ``sub`` of them under the same input. Forward and reverse mode; the latter keeps the Jacobians,
    nx (nx + nu) numbers a row."""
    call = _Call(batch, parameters, sub=count(sub, "sub", 1), strict=strict, between=h is not None)
    return Stepped(*_step(call, *call.arrays(x, h, u, parameters, ())))


def rollout(
    batch: Batch,
    x: ArrayLike,
    u: ArrayLike,
    h: ArrayLike | None = None,
    *,
    parameters: Mapping[str, ArrayLike] | None = None,
    strict: bool = True,
) -> Stepped:
    """Trajectories under inputs u (…, t, nu), each in one call. Reverse mode alone, which takes the steps again and keeps nothing but
    the arguments; for forward mode scan over :func:`step`."""
    shape = _array("u", u).shape
    if len(shape) < 2:
        raise ArgumentError(f"u has shape {shape}, want (…, t, {batch.model.nu})")
    call = _Call(batch, parameters, steps=shape[-2], strict=strict)
    return Stepped(*_rollout(call, *call.arrays(x, h, u, parameters, (shape[-2],))))


def _array(name: str, value: ArrayLike) -> Array:
    try:
        return jnp.asarray(value)
    except (TypeError, ValueError, OverflowError) as e:
        raise ArgumentError(f"{name} is {value!r:.100}, want an array: {e}") from None


_traced: dict[int, Batch] = {}


@dataclasses.dataclass(frozen=True)
class _Call:
    """What does not change from one run of a compiled program to the next."""

    handle: int
    nx: int
    nu: int
    names: tuple[str, ...]
    sub: int
    steps: int
    strict: bool
    between: bool  # whether states come with the lengths of their intervals

    def __init__(
        self, batch: Batch, parameters: Mapping[str, ArrayLike] | None, sub: int = 1, steps: int = 1, strict: bool = True, between: bool = False
    ) -> None:
        m = a(Batch, batch, "batch").model
        _register()
        names = () if parameters is None else tuple(a_dict(parameters, "parameters"))
        for n in names:
            _native.c_name(n)
            m.get(n)  # one that is unknown is an error here, not when the program runs
        for field, value in zip(dataclasses.fields(self), (batch._handle(), m.nx, m.nu, names, sub, steps, a_flag(strict, "strict"), between)):
            object.__setattr__(self, field.name, value)
        _traced[self.handle] = batch

    def arrays(self, x: ArrayLike, h: ArrayLike | None, u: ArrayLike, parameters: Mapping[str, ArrayLike] | None, steps: tuple[int, ...]) -> tuple[Array, ...]:
        x, u, h = _array("x", x), _array("u", u), None if h is None else _array("h", h)
        values = [_array(f"parameter {n!r}", v) for n, v in (parameters or {}).items()]
        kind = jnp.promote_types(jnp.result_type(x, u, *values), jnp.float32)
        if kind not in (jnp.float32, jnp.float64):
            raise ArgumentError(f"arrays have type {kind}, want float32 or float64")
        x, u = jnp.asarray(x, kind), jnp.asarray(u, kind)
        if x.ndim < 1 or x.shape[-1] != self.nx:
            raise ArgumentError(f"x has shape {x.shape}, want (…, {self.nx})")
        lead = x.shape[:-1]
        if u.shape != (*lead, *steps, self.nu):
            raise ArgumentError(f"u has shape {u.shape}, want {(*lead, *steps, self.nu)}")
        h = jnp.zeros(lead, kind) if h is None else jnp.asarray(h, kind)
        if h.shape != lead:
            raise ArgumentError(f"h has shape {h.shape}, want {lead}")
        ps = [jnp.asarray(v, kind) for v in values]
        for n, p in zip(self.names, ps):
            if p.shape not in ((), lead):
                raise ArgumentError(f"parameter {n!r} has shape {p.shape}, want () or {lead}")
        return x, h, u, jnp.stack(jnp.broadcast_arrays(*ps), -1) if ps else jnp.zeros(0, kind)

    def __call__(self, name: str, results: list[tuple[int, ...]], *arrays: Array) -> list[Array]:
        """Calls a function of the library, whose results have the given shapes behind the leading dimensions, and statuses."""
        lead, kind = arrays[0].shape[:-1], arrays[0].dtype
        out = [jax.ShapeDtypeStruct(lead + r, kind) for r in results] + [jax.ShapeDtypeStruct(lead, jnp.int32)]
        attributes = dict(
            handle=np.int64(self.handle), names="\n".join(self.names), sub=np.int64(self.sub), steps=np.int64(self.steps), strict=np.int64(self.strict)
        )
        return list(jax.ffi.ffi_call(name, out, vmap_method="broadcast_all")(*arrays, **attributes))


@functools.partial(jax.custom_jvp, nondiff_argnums=(0,))
def _step(call: _Call, x: Array, h: Array, u: Array, p: Array) -> tuple[Array, ...]:
    return tuple(call("ukemi_xla_step", [(call.nx,), ()], x, h, u, p))


@_step.defjvp
def _step_jvp(call: _Call, primals: tuple[Array, ...], tangents: tuple[Array, ...]) -> tuple[Any, Any]:
    if call.between and "timestep" in call.names:
        raise Error(
            "ukemi: derivatives by the timestep are those of a start (without h), of sub steps or of a rollout: from step to step it changes h too, which has no derivative here"
        )
    y, hy, jx, ju, jp, status = _jacobian(call, *primals)
    dx, _, du, dp = tangents
    dy = _times(jx, dx) + _times(ju, du)
    if call.names:
        dy = dy + _times(jp, dp)
    return (y, hy, status), (dy, jnp.zeros_like(hy), np.zeros(status.shape, jax.dtypes.float0))


def _times(m: Array, v: Array) -> Array:
    return jnp.einsum("...ij,...j->...i", m, v)


@functools.partial(jax.custom_jvp, nondiff_argnums=(0,))
def _jacobian(call: _Call, x: Array, h: Array, u: Array, p: Array) -> tuple[Array, ...]:
    nx, np_ = call.nx, len(call.names)
    return tuple(call("ukemi_xla_jacobian", [(nx,), (), (nx, nx), (nx, call.nu), (nx, np_)], x, h, u, p))


@_jacobian.defjvp
def _twice(call: _Call, primals: Any, tangents: Any) -> Any:
    raise Error("ukemi: steps have first derivatives alone")


@functools.partial(jax.custom_vjp, nondiff_argnums=(0,))
def _rollout(call: _Call, x: Array, h: Array, u: Array, p: Array) -> tuple[Array, ...]:
    t = call.steps + 1
    return tuple(call("ukemi_xla_rollout", [(t, call.nx), (t,)], x, h, u, p))


def _rollout_forward(call: _Call, x: Array, h: Array, u: Array, p: Array) -> tuple[Any, Any]:
    return _rollout(call, x, h, u, p), (x, h, u, p)


def _rollout_backward(call: _Call, kept: tuple[Array, ...], cotangents: tuple[Array, ...]) -> tuple[Array, ...]:
    x, h, u, p = kept
    gx, gu, gp = _rollout_vjp(call, x, h, u, p, cotangents[0])
    if gp.ndim > p.ndim:
        gp = gp.sum(range(gp.ndim - p.ndim))
    return gx, jnp.zeros_like(h), gu, gp


@functools.partial(jax.custom_jvp, nondiff_argnums=(0,))
def _rollout_vjp(call: _Call, *arrays: Array) -> tuple[Array, ...]:
    return tuple(call("ukemi_xla_rollout_vjp", [(call.nx,), (call.steps, call.nu), (len(call.names),)], *arrays)[:3])


_rollout_vjp.defjvp(_twice)
_rollout.defvjp(_rollout_forward, _rollout_backward)


@functools.cache
def _functions(generation: int) -> None:
    if generation:
        raise Error("ukemi: JAX does not survive a fork; start processes by spawn")
    for name in ("step", "jacobian", "rollout", "rollout_vjp"):
        name = f"ukemi_xla_{name}"
        jax.ffi.register_ffi_target(name, jax.ffi.pycapsule(getattr(_native.library(), name)), platform="cpu")


def _register() -> None:
    """Makes the library's functions known to XLA, where that can use them."""
    device = getattr(jax.config, "jax_default_device") or jax.default_backend()
    platform = getattr(device, "platform", device)
    if platform != "cpu":
        raise Error(f"ukemi steps on the CPU, and JAX works on {platform} here: use jax.default_device(jax.devices('cpu')[0])")
    _functions(_native.generation)
