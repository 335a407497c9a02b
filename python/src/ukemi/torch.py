"""Steps and rollouts that torch differentiates.

>>> import ukemi, ukemi.torch
>>> y, h, status = ukemi.torch.step(batch, x, u)
>>> y, h, status = ukemi.torch.step(batch, y, u, h)

States are tensors x (…, nx) and h (…), see :class:`ukemi.State`: h belongs to x, has no derivative, and is 0 when left out.
Derivatives are by the numbers of x, u (…, nu) and of ``parameters``, a dict of names and tensors, one number or (…) of one a row. Tensors of any type and
place are computed in float64 on the processor. With ``strict=False`` rows that fail have a status and a gradient of zero: mask them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd import forward_ad

from ._check import Floats
from .batch import Batch
from .state import State


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
    names, values = _values(parameters, x)
    if not any(map(_differentiated, (x, u, values))):
        s = batch.step(_state(batch, x, h), _array(u), sub=sub, parameters=_named(names, values), strict=strict)
        return Stepped(_tensor(s.state.x, x), _tensor(s.state.h, x), torch.from_numpy(s.status))
    y, hy, status, *_ = _Step.apply(batch, names, (sub, strict), x, h, u, values)
    return Stepped(y, hy, status)


def rollout(batch: Batch, x: Tensor, u: Tensor, h: Tensor | None = None, *, parameters: Mapping[str, Tensor] | None = None, strict: bool = True) -> Stepped:
    """Trajectories under inputs u (…, t, nu). The backward pass takes the steps again: it keeps nothing but its arguments."""
    names, values = _values(parameters, x)
    return Stepped(*_Rollout.apply(batch, names, strict, x, h, u, values))


def _values(parameters: Mapping[str, Tensor] | None, like: Tensor) -> tuple[tuple[str, ...], Tensor]:
    """Names of parameters, and their values in the last dimension of one tensor."""
    if not parameters:
        return (), like.new_zeros(0)
    return tuple(parameters), torch.stack(torch.broadcast_tensors(*(torch.as_tensor(v, dtype=torch.float64) for v in parameters.values())), -1)


def _named(names: tuple[str, ...], values: Tensor) -> dict[str, Floats]:
    a = _array(values)
    return {n: a[..., k] for k, n in enumerate(names)}


def _differentiated(t: Tensor) -> bool:
    return torch.is_grad_enabled() and t.requires_grad or forward_ad.unpack_dual(t).tangent is not None


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
    def forward(ctx: Any, batch: Batch, names: tuple[str, ...], strict: bool, x: Tensor, h: Tensor | None, u: Tensor, values: Tensor) -> tuple[Tensor, ...]:
        r = batch.rollout(_state(batch, x, h), _array(u), parameters=_named(names, values), strict=strict)
        ctx.call = batch, names, strict, h
        ctx.save_for_backward(x, u, values)
        out = _tensor(r.states.x, x), _tensor(r.states.h, x), torch.from_numpy(r.status)
        ctx.mark_non_differentiable(*out[1:])
        return out

    @staticmethod
    def backward(ctx: Any, gxs: Tensor, *_: Any) -> tuple[Tensor | None, ...]:
        _once()
        batch, names, strict, h = ctx.call
        x, u, values = ctx.saved_tensors
        p = batch.rollout_vjp(_state(batch, x, h), _array(u), _array(gxs), parameters=_named(names, values), strict=strict)
        return None, None, None, _tensor(p.x, x), None, _tensor(p.u, u), _tensor(p.parameters, values).sum_to_size(values.shape)
