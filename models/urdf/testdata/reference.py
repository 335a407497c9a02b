"""Stores what MuJoCo makes of URDF files, for the tests of this package.

    python reference.py OUT.json FILE.urdf ...

Needs the packages mujoco and numpy; the numbers in this folder come from the version they name. Shapes are taken out of the files first: masses
are those of <inertial>. The root is fixed, as MuJoCo reads URDF. Files that it refuses are stored with its reason. Poses are made by the generator below,
which the test has as well.
"""

import json
import os
import sys
import xml.etree.ElementTree as ET

import mujoco
import numpy as np

POSES = 20


class Generator:
    """A linear congruential generator: the same numbers in Python and Go."""

    def __init__(self):
        self.x = 1

    def __call__(self):
        self.x = (1103515245 * self.x + 12345) % 2**31
        return 2 * self.x / 2**31 - 1


def load(path):
    root = ET.parse(path).getroot()
    for link in root.iter("link"):
        for shape in link.findall("visual") + link.findall("collision"):
            link.remove(shape)
    for e in root.findall("mujoco"):
        root.remove(e)
    ET.SubElement(ET.SubElement(root, "mujoco"), "compiler", fusestatic="false")
    return mujoco.MjModel.from_xml_string(ET.tostring(root, encoding="unicode"))


def numbers(a):
    return [float(f"{x:.16g}") for x in np.asarray(a, dtype=float).ravel()]


def inertia(m, i):
    """Ixx Ixy Ixz Iyy Iyz Izz about the center of mass, in body axes."""
    R = np.zeros(9)
    mujoco.mju_quat2Mat(R, m.body_iquat[i])
    R = R.reshape(3, 3)
    I = R @ np.diag(m.body_inertia[i]) @ R.T
    return [I[0, 0], I[0, 1], I[0, 2], I[1, 1], I[1, 2], I[2, 2]]


def describe(path):
    try:
        m = load(path)
    except ValueError as e:
        return {"refused": str(e).splitlines()[0][:120]}
    scalar = [i for i in range(m.njnt) if m.jnt_type[i] >= int(mujoco.mjtJoint.mjJNT_SLIDE)]
    out = {
        "bodies": [m.body(i).name for i in range(1, m.nbody)], "mass": numbers(m.body_mass[1:]), "com": numbers(m.body_ipos[1:]),
        "inertia": numbers([inertia(m, i) for i in range(1, m.nbody)]),
        "joints": [m.jnt(i).name for i in scalar], "axis": numbers(m.jnt_axis[scalar]), "range": numbers(m.jnt_range[scalar]),
        "limited": [int(x) for x in m.jnt_limited[scalar]], "poses": [],
    }
    d, g = mujoco.MjData(m), Generator()
    for _ in range(POSES):
        for i in scalar:
            d.qpos[m.jnt_qposadr[i]] = g()
        mujoco.mj_kinematics(m, d)
        s = np.zeros(6)  # weighted sums of all bodies' positions and of a vector turned with them
        for b in range(1, m.nbody):
            s[:3] += np.cos(b) * d.xpos[b]
            s[3:] += np.cos(b) * (d.xmat[b].reshape(3, 3) @ [1, 2, 3])
        out["poses"] += numbers(s)
    return out


def main():
    out, files = sys.argv[1], sys.argv[2:]
    lines = ['"mujoco": ' + json.dumps({"refused": mujoco.__version__})]
    for f in sorted(files):
        lines.append(json.dumps(os.path.basename(f)) + ": " + json.dumps(describe(f), separators=(",", ":")))
    with open(out, "w") as f:
        f.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
