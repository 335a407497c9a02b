"""Steps and rollouts that torch differentiates.

>>> import ukemi, ukemi.torch
>>> y, h, status = ukemi.torch.step(batch, x, u)
>>> y, h, status = ukemi.torch.step(batch, y, u, h)

States are tensors x (…, nx) and h (…), see :class:`ukemi.State`: h belongs to x, has no derivative, and is 0 when left out.
Derivatives are by the numbers of x, u (…, nu) and of ``parameters``, a dict of names and tensors, one number or (…) of one a row. Reverse mode,
also of many cotangents at once (``is_grads_batched``), and forward mode work. Tensors of any type and place are computed in float64 on the processor. With ``strict=False`` rows that fail have a status and a gradient of zero: mask them.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd import forward_ad

from ._check import Floats, a, a_dict, numbers
from .batch import Batch
from .errors import ArgumentError
from .state import State


_CONSTANT = (
    "derivatives by the timestep are those of a start (h = 0), of sub steps or of a rollout in reverse mode: from step to step it changes h too, which has no derivative here"
)


class Stepped(NamedTuple):
    """Where steps lead: of rollouts x (…, t + 1, nx), h (…, t + 1), the start first."""

    x: Tensor
    h: Tensor
    status: Tensor


def step(
    batch: Batch, x: Tensor, u: Tensor, h: Tensor | None = None, *, sub: int = 1, parameters: Mapping[str, Tensor] | None = None, strict: bool = True
) -> Stepped:
    """States one timestep on, or ``sub`` of them under the same input, whose Jacobians are multiplied in Go. The product is kept for
    the backward pass, 8 nx (nx + nu) bytes a row; forward mode works too."""
    _check(batch, x, u, h, parameters)
    names, values = _values(parameters, x)
    if not any(map(_differentiated, (x, u, values))):
        s = batch.step(_state(batch, x, h), _array(u), sub=sub, parameters=_named(names, values), strict=strict)
        return Stepped(_tensor(s.state.x, x), _tensor(s.state.h, x), torch.from_numpy(s.status))
    if "timestep" in names and h is not None and h.any() and _differentiated(values):
        raise ArgumentError(_CONSTANT)
    y, hy, status, *_ = _Step.apply(batch, names, (sub, strict), x, h, u, values)
    return Stepped(y, hy, status)


def rollout(batch: Batch, x: Tensor, u: Tensor, h: Tensor | None = None, *, parameters: Mapping[str, Tensor] | None = None, strict: bool = True) -> Stepped:
    """Trajectories under inputs u (…, t, nu). The backward pass takes the steps again: it keeps nothing but its arguments. Forward mode is that
    of the steps one by one."""
    _check(batch, x, u, h, parameters)
    names, values = _values(parameters, x)
    if u.dim() > 1 and any(map(_forward, (x, u, values))):
        return _one_by_one(batch, x, u, h, parameters, strict)
    return Stepped(*_Rollout.apply(_Call(batch, names, strict), x, h, u, values))


def _check(batch: Batch, x: Tensor, u: Tensor, h: Tensor | None, parameters: Mapping[str, Tensor] | None) -> None:
    a(Batch, batch, "batch")
    for name, t in (("x", x), ("u", u), ("h", h)):
        if not (isinstance(t, Tensor) or t is None and name == "h"):
            raise ArgumentError(f"{name} is of type {type(t).__name__}, want a tensor")
    if parameters is not None:
        for name, v in a_dict(parameters, "parameters").items():
            if not isinstance(v, Tensor):
                numbers(v, f"parameter {name!r}", (), exact=False)


def _one_by_one(batch: Batch, x: Tensor, u: Tensor, h: Tensor | None, parameters: Mapping[str, Tensor] | None, strict: bool) -> Stepped:
    """A rollout whose steps keep their Jacobians. Steps after one that failed do not count: the state stays where it was."""
    h = torch.zeros_like(x[..., 0]) if h is None else h
    xs, hs, status = [_unit(batch, x)], [h], torch.zeros(x.shape[:-1], dtype=torch.int32)
    for k in range(u.shape[-2]):
        s = step(batch, xs[-1], u[..., k, :], hs[-1], parameters=parameters, strict=strict)
        going = status == 0
        xs.append(torch.where(going[..., None].to(x.device), s.x, xs[-1]))
        hs.append(torch.where(going.to(x.device), s.h, hs[-1]))
        status = torch.where(going, s.status, status)
    return Stepped(torch.stack(xs, -2), torch.stack(hs, -1), status)


def _unit(batch: Batch, x: Tensor) -> Tensor:
    """States as a rollout begins with them: with unit quaternions, those that are unit to rounding as they are."""
    for j in batch.model.joints:
        if j.quaternion:
            q = x[..., j.quaternion]
            n = q.square().sum(-1, keepdim=True).sqrt()
            unit = q / n
            unit = torch.where((n - 1).abs() > 1e-12, unit, unit + (q - unit).detach())  # has the bits of q, and the derivative of unit
            x = torch.cat([x[..., : j.quaternion.start], unit, x[..., j.quaternion.stop :]], -1)
    return x


def _values(parameters: Mapping[str, Tensor] | None, like: Tensor) -> tuple[tuple[str, ...], Tensor]:
    """Names of parameters, and their values in the last dimension of one tensor."""
    if not parameters:
        return (), like.new_zeros(0)
    return tuple(parameters), torch.stack(torch.broadcast_tensors(*(torch.as_tensor(v, dtype=torch.float64) for v in parameters.values())), -1)


def _named(names: tuple[str, ...], values: Tensor) -> dict[str, Floats]:
    a = _array(values)
    return {n: a[..., k] for k, n in enumerate(names)}


def _forward(t: Tensor) -> bool:
    return forward_ad.unpack_dual(t).tangent is not None


def _differentiated(t: Tensor) -> bool:
    return torch.is_grad_enabled() and t.requires_grad or _forward(t)


def _array(t: Tensor) -> Floats:
    a: Floats = t.detach().to("cpu", torch.float64).contiguous().numpy()
    return a


def _tensor(a: Floats, like: Tensor) -> Tensor:
    return torch.from_numpy(a).to(like)


def _state(batch: Batch, x: Tensor, h: Tensor | None) -> State:
    return batch.model.state(_array(x), 0.0 if h is None else _array(h))


def _times(m: Tensor, v: Tensor) -> Tensor:
    return (m @ v.unsqueeze(-1)).squeeze(-1)


def _once() -> None:
    """Refuses create_graph=True. torch's once_differentiable does not where the cotangent is a constant: the gradient then passes for
    one, and a penalty on it for a constant."""
    if torch.is_grad_enabled():
        raise RuntimeError("ukemi: steps have first derivatives alone; differentiate without create_graph=True")


class _Step(torch.autograd.Function):
    @staticmethod
    def forward(
        batch: Batch, names: tuple[str, ...], how: tuple[int, bool], x: Tensor, h: Tensor | None, u: Tensor, values: Tensor
    ) -> tuple[Tensor, ...]:
        sub, strict = how
        j = batch.jacobian(_state(batch, x, h), _array(u), sub=sub, parameters=_named(names, values), strict=strict)
        return (*(_tensor(a, x) for a in (j.state.x, j.state.h)), torch.from_numpy(j.status), *(_tensor(a, x) for a in (j.x, j.u, j.parameters)))

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
        ctx.values = inputs[-1].shape
        ctx.save_for_backward(*output[3:])
        ctx.save_for_forward(*output[3:])
        ctx.mark_non_differentiable(*output[1:])

    @staticmethod
    def backward(ctx: Any, gy: Tensor, *_: Any) -> tuple[Tensor | None, ...]:
        _once()
        jx, ju, jp = ctx.saved_tensors
        gp = _times(jp.mT, gy).sum_to_size(ctx.values)
        return None, None, None, _times(jx.mT, gy), None, _times(ju.mT, gy), gp

    @staticmethod
    def jvp(ctx: Any, *tangents: Any) -> tuple[Tensor | None, ...]:
        jx, ju, jp = ctx.saved_tensors
        dy = torch.zeros(jx.shape[:-1], dtype=jx.dtype, device=jx.device)
        for m, d in ((jx, tangents[3]), (ju, tangents[5]), (jp, tangents[6])):
            if d is not None and m.shape[-1]:
                dy = dy + _times(m, d.to(m.dtype))
        return dy, None, None, None, None, None


class _Rollout(torch.autograd.Function):
    @staticmethod
    def forward(call: _Call, x: Tensor, h: Tensor | None, u: Tensor, values: Tensor) -> tuple[Tensor, ...]:
        r = call.batch.rollout(_state(call.batch, x, h), _array(u), parameters=_named(call.names, values), strict=call.strict)
        return _tensor(r.states.x, x), _tensor(r.states.h, x), torch.from_numpy(r.status)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
        ctx.call = inputs[0]
        ctx.save_for_backward(*inputs[1:])
        ctx.mark_non_differentiable(*output[1:])

    @staticmethod
    def backward(ctx: Any, gxs: Tensor, *_: Any) -> tuple[Tensor | None, ...]:
        _once()
        x, h, u, values = ctx.saved_tensors
        gx, gu, gp = torch.ops.ukemi.rollout_vjp(id(ctx.call), x, h, u, values, gxs)
        return None, gx, None, gu, gp.sum_to_size(values.shape)


class _Call:
    """What of a rollout is no tensor."""

    known: weakref.WeakValueDictionary[int, _Call] = weakref.WeakValueDictionary()

    def __init__(self, batch: Batch, names: tuple[str, ...], strict: bool) -> None:
        self.batch, self.names, self.strict = batch, names, strict
        self.known[id(self)] = self


def _rollout_vjp(call: int, x: Tensor, h: Tensor | None, u: Tensor, values: Tensor, gxs: Tensor) -> tuple[Tensor, ...]:
    c = _Call.known[call]
    p = c.batch.rollout_vjp(_state(c.batch, x, h), _array(u), _array(gxs), parameters=_named(c.names, values), strict=c.strict)
    return _tensor(p.x, x), _tensor(p.u, u), _tensor(p.parameters, values)


# An operator, since torch then takes many cotangents one by one where they come at once.
_operators = torch.library.Library("ukemi", "DEF")
_operators.define("rollout_vjp(int call, Tensor x, Tensor? h, Tensor u, Tensor values, Tensor gxs) -> (Tensor, Tensor, Tensor)")
_operators.impl("rollout_vjp", _rollout_vjp, "CompositeExplicitAutograd")
