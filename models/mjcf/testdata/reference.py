"""Stores what MuJoCo makes of model files, for the tests of this package.

    python reference.py OUT.json NAME=FILE.xml ...

Needs the packages mujoco and numpy; the numbers in this folder come from MuJoCo 4.0.0. Meshes and textures
that a file refers to and that are not there are taken out of it first, with the geoms that use them. States
are made by the generator below, which the tests have as well.
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


def without_missing(path):
    """The text of a model without what refers to files that are not there; None when all are."""
    folder = os.path.dirname(os.path.abspath(path))
    tree = ET.parse(path)
    root = tree.getroot()
    meshdir = ""
    for c in root.iter("compiler"):
        meshdir = c.get("meshdir", c.get("assetdir", meshdir))
    gone, changed = set(), False
    for assets in root.iter("asset"):
        for a in list(assets):
            file = a.get("file")
            if file is None or a.tag not in ("mesh", "texture"):
                continue
            if a.tag == "mesh" and os.path.exists(os.path.join(folder, meshdir, file)):
                continue
            changed = True
            assets.remove(a)
            name = a.get("name", os.path.splitext(os.path.basename(file))[0])
            gone.add((a.tag, name))
    if not changed:
        return None
    for e in root.iter():
        if e.get("texture") and ("texture", e.get("texture")) in gone:
            del e.attrib["texture"]
        for g in list(e):
            if g.tag == "geom" and ("mesh", g.get("mesh")) in gone:
                e.remove(g)
    for c in root.iter("compiler"):
        c.set("meshdir", os.path.join(folder, meshdir))
    return ET.tostring(root, encoding="unicode")


def load(path):
    text = without_missing(path)
    if text is None:
        return mujoco.MjModel.from_xml_path(path)
    return mujoco.MjModel.from_xml_string(text)


def r(a, digits=17):
    """Numbers as lists, short where that is exact."""
    if isinstance(a, (float, np.floating)):
        x = float(f"{a:.{digits}g}")
        return int(x) if x == int(x) else x
    return [r(x, digits) for x in np.asarray(a, dtype=float).ravel()]


def inertia(m, i):
    """Ixx Ixy Ixz Iyy Iyz Izz about the center of mass, in body axes."""
    R = np.zeros(9)
    mujoco.mju_quat2Mat(R, m.body_iquat[i])
    R = R.reshape(3, 3)
    I = R @ np.diag(m.body_inertia[i]) @ R.T
    return [I[0, 0], I[0, 1], I[0, 2], I[1, 1], I[1, 2], I[2, 2]]


def state(m, g):
    q, v = np.zeros(m.nq), np.zeros(m.nv)
    for i in range(m.nq):
        q[i] = g()
    for i in range(m.nv):
        v[i] = g()
    mujoco.mj_normalizeQuat(m, q)
    return q, v


def fingerprint(m, d):
    """Weighted sums of all bodies' positions and of a vector turned with them."""
    s = np.zeros(6)
    for b in range(1, m.nbody):
        w = np.cos(b)
        s[:3] += w * d.xpos[b]
        s[3:] += w * (d.xmat[b].reshape(3, 3) @ [1, 2, 3])
    for k in range(m.nsite):
        s[:3] += np.sin(k + 1) * d.site_xpos[k]
    return s


def smooth(m):
    """Takes out of m what is not smooth, and what the engine does not have."""
    f = mujoco.mjtDisableBit
    m.opt.disableflags |= f.mjDSBL_CONTACT | f.mjDSBL_LIMIT | f.mjDSBL_EQUALITY | f.mjDSBL_FRICTIONLOSS | f.mjDSBL_ACTUATION
    m.opt.density = m.opt.viscosity = 0
    m.body_gravcomp[:] = 0
    m.jnt_stiffness[m.jnt_type < int(mujoco.mjtJoint.mjJNT_SLIDE)] = 0  # springs of balls follow another law here
    for a in (m.tendon_stiffness, m.tendon_damping, m.tendon_frictionloss, m.tendon_armature):
        a[:] = 0


def describe(m):
    names = lambda n, get: [get(i).name for i in range(n)]
    out = {
        "bodies": names(m.nbody, m.body), "mass": r(m.body_mass), "com": r(m.body_ipos * (m.body_mass > 0)[:, None]),
        "inertia": r([inertia(m, i) for i in range(m.nbody)]), "pos": r(m.body_pos), "quat": r(m.body_quat),
        "parent": m.body_parentid.tolist(),
        "joints": names(m.njnt, m.jnt), "jtype": m.jnt_type.tolist(), "jpos": r(m.jnt_pos), "axis": r(m.jnt_axis),
        "limited": m.jnt_limited.astype(int).tolist(), "range": r(m.jnt_range), "stiffness": r(m.jnt_stiffness),
        "damping": r(m.dof_damping), "armature": r(m.dof_armature), "friction": r(m.dof_frictionloss),
        "actfrc": r(m.jnt_actfrcrange), "qpos0": r(m.qpos0), "spring": r(m.qpos_spring),
        "gtype": m.geom_type.tolist(), "gpos": r(m.geom_pos), "gquat": r(m.geom_quat), "gsize": r(m.geom_size),
        "gfriction": r(m.geom_friction), "masks": np.stack([m.geom_contype, m.geom_conaffinity, m.geom_condim, m.geom_priority, m.geom_group], 1).ravel().tolist(),
        "gbody": m.geom_bodyid.tolist(),
        "spos": r(m.site_pos), "squat": r(m.site_quat),
        "gain": r(m.actuator_gainprm[:, :3]), "bias": r(m.actuator_biasprm[:, :3]), "gear": r(m.actuator_gear),
        "ctrl": r(m.actuator_ctrlrange), "force": r(m.actuator_forcerange),
        "alimited": np.stack([m.actuator_ctrllimited, m.actuator_forcelimited], 1).astype(int).ravel().tolist(),
        "eqtype": m.eq_type.tolist(), "eq": r(m.eq_data[:, :11]), "active": m.eq_active0.astype(int).tolist(),
        "pairfriction": r(m.pair_friction), "pairdim": m.pair_dim.tolist(),
        "trange": r(m.tendon_range), "tspring": r(m.tendon_lengthspring), "coef": r(m.wrap_prm),
        "kq": r(m.key_qpos), "kv": r(m.key_qvel), "kctrl": r(m.key_ctrl),
        "timestep": r(m.opt.timestep), "gravity": r(m.opt.gravity),
    }
    for i in range(m.neq):  # connected sites: their places, which MuJoCo looks up
        if m.eq_objtype[i] == mujoco.mjtObj.mjOBJ_SITE and m.eq_type[i] == mujoco.mjtEq.mjEQ_CONNECT:
            out["eq"][11 * i : 11 * i + 6] = r([m.site_pos[m.eq_obj1id[i]], m.site_pos[m.eq_obj2id[i]]])
    smooth(m)
    d = mujoco.MjData(m)
    g = Generator()
    out["poses"], out["acc"] = [], []
    for _ in range(POSES):
        d.qpos[:], d.qvel[:] = state(m, g)
        mujoco.mj_forward(m, d)
        out["poses"] += r(fingerprint(m, d), 12)
        out["acc"] += r(d.qacc, 8)
    m.opt.disableflags &= ~int(mujoco.mjtDisableBit.mjDSBL_ACTUATION)
    g = Generator()
    out["driven"] = []
    for _ in range(POSES if m.nu else 0):  # with random controls, in their ranges where they have one
        d.qpos[:], d.qvel[:] = state(m, g)
        for i in range(m.nu):
            low, high = m.actuator_ctrlrange[i] if m.actuator_ctrllimited[i] else (-1, 1)
            d.ctrl[i] = low + (high - low) * (g() + 1) / 2
        mujoco.mj_forward(m, d)
        out["driven"] += r(d.qacc, 8)
    return {k: v for k, v in out.items() if v != []}


def main():
    out, files = sys.argv[1], sys.argv[2:]
    lines = []
    for f in files:
        name, path = f.split("=", 1)
        lines.append(json.dumps(name) + ": " + json.dumps(describe(load(path)), separators=(",", ":")))
    with open(out, "w") as f:
        f.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
