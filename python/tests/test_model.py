"""Models: loading, names, parameters."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from conftest import CHECKOUT

import ukemi

URDF = """<robot name="arm">
  <link name="base"/>
  <link name="upper"><inertial><origin xyz="0 0 0.25"/><mass value="1"/><inertia ixx="0.02" iyy="0.02" izz="0.001" ixy="0" ixz="0" iyz="0"/></inertial>
    <collision><origin xyz="0 0 0.5"/><geometry><sphere radius="0.05"/></geometry></collision></link>
  <joint name="shoulder" type="revolute"><parent link="base"/><child link="upper"/><origin xyz="0 0 1"/><axis xyz="0 1 0"/>
    <limit lower="-2" upper="2" effort="10" velocity="1"/></joint>
</robot>"""
MJCF = """<mujoco model="ball"><worldbody><body name="ball" pos="0 0 1"><freejoint name="free"/><geom type="sphere" size="0.1" mass="1"/>
  </body></worldbody></mujoco>"""


@pytest.mark.parametrize("name", ["sphere", "pendulum", "chain:3", "cartpole", "hopper", "quadruped", "ant", "stack:2", "gripper"])
def test_zoo(name):
    m = ukemi.load(name)
    s = ukemi.Batch(m).step(m.start)
    assert s.state.x.shape == (m.nx,) and s.status == ukemi.Status.SOLVED
    assert s.state.h == m.timestep


def test_zoo_names():
    assert {"ant", "quadruped", "cartpole"} <= set(ukemi.zoo())


def test_names(ant):
    hip = ant.joint("hip_1")
    assert (hip.parent, hip.child) == ("torso", "leg_1")
    assert hip.quaternion is None and np.allclose(hip.limits, [[-np.pi / 6, np.pi / 6]])
    base = ant.joint("floating_base")
    assert base.parent == "world" and base.quaternion == slice(3, 7) and base.limits == ((-np.inf, np.inf),) * 6
    x = np.arange(float(ant.nx))
    assert np.concatenate([x[j.q] for j in ant.joints] + [x[j.v] for j in ant.joints]).tolist() == x.tolist()
    ankle = ant.input("ankle_3")
    assert ant.inputs[ankle.index] is ankle and not ankle.servo
    assert ukemi.load("quadruped").input("FR_hip_joint").effort == 33.5
    assert ant.links[ant.link("foot_4")] == "foot_4"


def test_files_and_bytes(tmp_path):
    for suffix, text in ((".urdf", URDF), (".xml", MJCF), (".xml", URDF)):
        path = tmp_path / f"robot{suffix}"
        path.write_text(text)
        for m in (ukemi.load(path), ukemi.load(str(path)), ukemi.load(text.encode())):
            assert m.name == ("arm" if text is URDF else "ball")
            ukemi.Batch(m).step(m.start)
    m = ukemi.load(MJCF.encode())
    r = ukemi.Batch(m).rollout(m.start, steps=200)
    assert abs(r.states.x[-1, 2] - 0.1) < 1e-3, "rests on the ground"
    r = ukemi.Batch(ukemi.load(MJCF.encode(), ground=False)).rollout(m.start, steps=200)
    assert r.states.x[-1, 2] < -10, "falls"


def test_the_command(tmp_path):
    def run(*arguments):
        return subprocess.run([sys.executable, "-m", "ukemi", *arguments], capture_output=True, text=True, timeout=60)

    assert "quadruped" in run().stdout
    path = tmp_path / "arm.urdf"
    path.write_text(URDF.replace("<link name=\"base\"/>", '<link name="base"/><gazebo reference="upper"/>'))
    text = run(str(path)).stdout
    assert "joint shoulder: world → upper, x[0:1], x[1:2]; -2 … 2" in text and "gazebo" in text
    assert "input shoulder: force or torque, at most 10" in text and "links: base, upper" in text
    bad = run("antt")
    assert bad.returncode == 1 and "antt" in bad.stderr and "Traceback" not in bad.stderr
    assert run("a", "b").returncode == 2


def test_encodings():
    """The package knows Western ones; of others it says what to do."""
    text = '<?xml version="1.0" encoding="{}"?>' + URDF.replace("upper", "haut-bras-é")
    for encoding in ("utf-8", "latin1", "ISO-8859-1", "windows-1252"):
        assert ukemi.load(text.format(encoding).encode(encoding)).links == ("base", "haut-bras-é")
    with pytest.raises(ukemi.ModelError, match='"gb2312" is not known here; convert the file to UTF-8'):
        ukemi.load(text.format("gb2312").encode("gbk"))
    letters = "".join(bytes([c]).decode("cp1252") for c in range(0x80, 0x100) if c not in (0x81, 0x8D, 0x8F, 0x90, 0x9D))
    assert ukemi.load(text.format("latin1").replace('"haut-bras-é"', f'"{letters}"').encode("cp1252")).links[1] == letters
    assert ukemi.load(text.format("utf-16").encode("utf-16")).links[1] == "haut-bras-é"


def test_one_limit():
    """A lift that ends below and not above: JSON has no word for infinity, and such a robot could not be loaded."""
    link = '<link name="{}"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1"/></inertial></link>'
    m = ukemi.load(f"""<robot name="r"><link name="world"/>{link.format("a")}{link.format("b")}
      <joint name="lift" type="prismatic"><parent link="world"/><child link="a"/><axis xyz="0 0 1"/><limit lower="0.1" upper="inf" effort="-1"/></joint>
      <joint name="turn" type="revolute"><parent link="a"/><child link="b"/><axis xyz="0 0 1"/><limit lower="-inf" upper="2"/></joint></robot>""".encode())
    assert m.joint("lift").limits == ((0.1, np.inf),) and m.joint("turn").limits == ((-np.inf, 2.0),)
    assert m.get("lift.lower") == 0.1 and "lift.upper" not in m.parameters()
    again = ukemi.load(m.to_bytes())
    assert again.joint("lift").limits == m.joint("lift").limits
    assert (ukemi.Batch(again).rollout(again.start, steps=5).states.x == ukemi.Batch(m).rollout(m.start, steps=5).states.x).all()


def test_nothing_moves(tmp_path):
    """What is bolted down as a whole is a model too: its steps are of nothing."""
    (tmp_path / "wall.urdf").write_text('<robot name="r"><link name="world"/></robot>')
    m = ukemi.load(tmp_path / "wall.urdf")
    assert (m.nq, m.nv, m.nu) == (0, 0, 0) and ukemi.load(m.to_bytes()).nq == 0
    assert ukemi.Batch(m).rollout(m.start, steps=5).states.x.shape == (6, 0)
    assert ukemi.Renderer(m, 64, 48).render(m.start).shape == (48, 64, 3)
    with pytest.raises(ukemi.StepError, match="nothing moves"):
        ukemi.Batch(m).jacobian(m.start)
    (tmp_path / "none.xml").write_text("<mujoco/>")
    assert ukemi.load(tmp_path / "none.xml").nq == 0  # a scene without bodies, as MuJoCo loads it


def test_options():
    heavy = '<link name="base"><inertial><mass value="2"/><inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial></link>'
    m = ukemi.load(URDF.replace('<link name="base"/>', heavy).encode(), base="floating", timestep=0.002, friction=0.3)
    assert m.timestep == 0.002 and m.nv == 7
    mjcf = b'<mujoco><option timestep="0.004"/><worldbody><body><freejoint/><geom size="1"/></body></worldbody></mujoco>'
    assert ukemi.load(mjcf).timestep == 0.004 and ukemi.load(mjcf, timestep=0.01).timestep == 0.01  # as the command steps
    assert ukemi.load(mjcf.replace(b' timestep="0.004"', b"")).timestep == 0.01
    assert [m.get(n) for n in m.parameters() if n.endswith("friction") and "dry" not in n] == [0.3]
    servo = ukemi.load("quadruped", servo=(100, 2))
    assert servo.input("FR_hip_joint").servo and servo.get("FR_hip_joint.kp") == 100 and servo.get("FR_hip_joint.kd") == 2


L = "v 0 0 0 v 2 0 0 v 2 1 0 v 1 1 0 v 1 2 0 v 0 2 0 v 0 0 1 v 2 0 1 v 2 1 1 v 1 1 1 v 1 2 1 v 0 2 1".replace(" v", "\nv")
L += "\nf 4 3 2 1\nf 6 5 4 1\nf 7 8 9 10\nf 7 10 11 12" + "".join(f"\nf {i} {i % 6 + 1} {i % 6 + 7} {i + 6}" for i in range(1, 7))


def test_decompose(tmp_path):
    """An L touches by its hull, or by the two boxes that it is made of."""
    (tmp_path / "l.obj").write_text(L)
    inertia = '<inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial>'
    (tmp_path / "l.urdf").write_text(f'<robot name="l"><link name="l">{inertia}<collision><geometry><mesh filename="l.obj"/></geometry></collision></link></robot>')
    (tmp_path / "l.xml").write_text('<mujoco><asset><mesh name="l" file="l.obj"/></asset><worldbody><body><freejoint/><geom name="l" type="mesh" mesh="l"/></body></worldbody></mujoco>')
    with pytest.warns(ukemi.LoadWarning, match="decompose"):
        assert ukemi.load(tmp_path / "l.urdf").colliders == ("l",)
    for name in ("l.urdf", "l.xml"):
        m = ukemi.load(tmp_path / name, decompose=0.01)
        assert m.colliders == ("l", "l_2") and any("2 convex pieces" in n.text for n in m.notes)
    with pytest.raises(ukemi.ModelError, match="decompose is for files"):
        ukemi.load("quadruped", decompose=0.01)
    for wrong in (0, -1, float("nan"), "5mm"):
        with pytest.raises(ukemi.ArgumentError, match="decompose"):
            ukemi.load(tmp_path / "l.urdf", decompose=wrong)


def test_notes_and_warnings():
    text = URDF.replace("<link name=\"base\"/>", '<link name="base"/><gazebo reference="upper"/>')
    m = ukemi.load(text.encode())
    assert any("gazebo" in n.text for n in m.notes)
    with pytest.warns(ukemi.LoadWarning, match="repaired"):
        ukemi.load(URDF.replace('izz="0.001"', 'izz="-1"').encode(), repair=True)


def test_parameters(ant):
    heavy = ant.with_parameters({"torso.mass": 2.0, "gravity.z": -3.7})
    assert heavy.get("torso.mass") == 2.0 and heavy.get("gravity.z") == -3.7
    assert ant.get("gravity.z") == -9.81, "the model itself does not change"
    assert heavy.start.x.tolist() == ant.start.x.tolist()
    all = ant.parameters()
    assert all["gravity.z"] == ukemi.Parameter("gravity.z", "m/s²", all["gravity.z"].kind, -9.81)
    assert all["torso.mass"].value == ant.get("torso.mass")
    assert ant.with_parameters({}) is ant


def test_pickling(ant):
    batch = ukemi.Batch(ant, kappa=1e-4, workers=1)
    m, b, s = pickle.loads(pickle.dumps((ant, batch, ant.start.repeat(3))))
    np.testing.assert_array_equal(b.step(s).state.x, batch.step(s).state.x)
    assert m.joints == ant.joints and b.settings == batch.settings and m.start.x.tolist() == ant.start.x.tolist()
    with pytest.raises(ukemi.StepError) as e:
        s.x[1, -1] = 1e200
        b.step(s)
    again = pickle.loads(pickle.dumps(e.value))
    assert str(again) == str(e.value) and again.status.tolist() == [0, 1, 0]


def test_repr(ant):
    assert repr(ant) == "<ukemi.Model 'ant': nq=15 nv=14 nu=8, timestep 0.01 s, 0.8787 kg>"
    assert repr(ant.start.repeat(3)) == "<ukemi.State: states (3,), nq=15 nv=14>"
    assert repr(ukemi.Batch(ant, kappa=1e-3)) == "<ukemi.Batch of 'ant', kappa=0.001>"


@pytest.mark.parametrize(
    "source, want",
    [
        ("antt", "antt"),
        ("missing.urdf", "missing.urdf"),
        (CHECKOUT, "python|directory"),
        ("a\0b.urdf", ".*"),
        (b"", ".*"),
        (b"\xff\x00", ".*"),
        (b"{}", ".*"),
        (b"<robot/>", "bytes"),
        (b"<mujoco><worldbody><body><geom/></body></worldbody></mujoco>", "bytes:1: .*geom"),
        (URDF.replace('link="upper"/><origin', 'link="elbow"/><origin').encode(), "elbow"),
        (URDF.replace('value="1"', 'value="NaN"').encode(), "upper"),
        (URDF[:300].encode(), "bytes"),
    ],
)
def test_a_model_that_does_not_load(source, want):
    with pytest.raises(ukemi.ModelError, match=want):
        ukemi.load(source)


@pytest.mark.parametrize(
    "options, want",
    [
        ({"timestep": -1}, "timestep"),
        ({"timestep": float("nan")}, "timestep"),
        ({"timestep": "fast"}, "timestep"),
        ({"friction": -0.1}, "friction"),
        ({"servo": (1, 2, 3)}, "servo"),
        ({"servo": (0, 1)}, "kp"),
    ],
)
def test_bad_options(options, want):
    with pytest.raises(ukemi.ArgumentError, match=want):
        ukemi.load("ant", **options)


def test_base_of_the_zoo():
    with pytest.raises(ukemi.ModelError, match="base"):
        ukemi.load("ant", base="fixed")


@pytest.mark.parametrize("name", ["", "torso", "torso.weight", "gravity.z\0", "gravity.z\ntorso.mass", "\udcff", None, 3])
def test_unknown_parameters(ant, name):
    with pytest.raises(ukemi.ArgumentError):
        ant.get(name)
    with pytest.raises(ukemi.ArgumentError):
        ant.with_parameters({name: 1.0})
    with pytest.raises(ukemi.ArgumentError):
        ukemi.Batch(ant).jacobian(ant.start, parameters=[name])


def test_unknown_names_list_what_there_is(ant):
    for find in (ant.joint, ant.input, ant.link):
        with pytest.raises(ukemi.ArgumentError, match="'ant' has no .* 'knee'; it has .*"):
            find("knee")


def test_impossible_parameters(ant):
    for value in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ukemi.Error, match="mass"):
            ant.with_parameters({"torso.mass": value})
    with pytest.raises(ukemi.ArgumentError, match="values"):
        ant.with_parameters({"torso.mass": "heavy"})
