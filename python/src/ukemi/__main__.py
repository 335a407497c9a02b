"""python -m ukemi [MODEL]: what the package is, or what a model has."""

from __future__ import annotations

import os
import sys

from . import _native
from .errors import Error
from .model import Model, load, zoo


def about(model: Model) -> str:
    """A page of text: joints, inputs, links, shapes, sensors, remarks."""
    lines = [repr(model)[1:-1]]
    for j in model.joints:
        limits = ", ".join(f"{a:.4g} … {b:.4g}" for a, b in j.limits if (a, b) != (-float("inf"), float("inf")))
        lines.append(f"joint {j.name}: {j.parent} → {j.child}, x[{j.q.start}:{j.q.stop}], x[{j.v.start}:{j.v.stop}]{'; ' * bool(limits)}{limits}")
    lines += [f"input {u.name}: {'servo' if u.servo else 'force or torque'}, at most {u.effort:g}" for u in model.inputs]
    for what, names in (("links", model.links), ("colliders", model.colliders), ("half-spaces", model.half_spaces), ("sensors", [s.name for s in model.sensors])):
        if names:
            lines.append(f"{what}: {', '.join(names)}")
    return "\n".join(lines + [f"note: {n}" for n in model.notes])


def main(arguments: list[str]) -> int:
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 2 * (len(arguments) > 1)
    try:
        if arguments:
            print(about(load(arguments[0])))
        else:
            print(f"ukemi, interface {_native.library().ukemi_abi()}. Models: {', '.join(zoo())}")
        sys.stdout.flush()
    except BrokenPipeError:  # head had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what Python flushes at its end
    except Error as e:
        print(f"ukemi: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
