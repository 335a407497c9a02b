"""Ground, surfaces, sensors, and questions without a step."""

import numpy as np
import pytest
from conftest import random_states

import ukemi

SCALES = """<mujoco model="scales"><compiler angle="degree"/><worldbody>
  <body name="arm" pos="0 0 1"><joint name="swing" type="hinge" axis="0 1 0" damping="1"/>
    <geom type="capsule" fromto="0 0 0 0 0 -0.3" size="0.02" mass="0.5" contype="0" conaffinity="0"/>
    <body name="pan" pos="0 0 -0.3"><site name="cell" pos="0 0 -0.1" euler="90 0 0"/>
      <geom type="box" size="0.05 0.05 0.05" mass="2" contype="0" conaffinity="0"/></body></body>
  </worldbody><sensor><force name="f" site="cell"/><torque name="t" site="cell"/></sensor></mujoco>"""
BALL = """<mujoco model="ball"><worldbody><body name="ball" pos="0 0 1"><freejoint name="free"/>
  <geom name="ball" type="sphere" size="0.1" mass="1" friction="0.5"/></body></worldbody></mujoco>"""


def rest(model, seconds=3.0, **settings):
    batch = ukemi.Batch(model, **settings)
    return batch, batch.rollout(model.start, steps=round(seconds / model.timestep)).states


def test_sensors_of_a_file():
    """A pan of 2 kg at rest pulls with its weight; its load cell is turned by 90° about x."""
    m = ukemi.load(SCALES.encode())
    (cell,) = m.sensors
    assert (cell.name, cell.link) == ("cell", "pan") and cell.position == pytest.approx((0, 0, -0.1))
    batch = ukemi.Batch(m, sensors=[*m.sensors, "arm", ukemi.Sensor("own", "pan", position=(1.0, 0, 0))])
    step = batch.step(m.start.repeat(2), sub=20, forces=True)
    assert step.sensors.shape == (2, 3, 6)
    at, arm, own = step.sensors[1]
    np.testing.assert_allclose(at, [0, 9.81 * 2, 0, 0, 0, 0], atol=1e-6)
    np.testing.assert_allclose(arm, [0, 0, 9.81 * 2.5, 0, 0, 0], atol=1e-6)
    np.testing.assert_allclose(own, [0, 0, 9.81 * 2, 0, 9.81 * 2, 0], atol=1e-6)
    np.testing.assert_allclose(step.wrenches[0, 0], arm, atol=1e-6)
    one = batch.step(m.start, forces=True)
    assert one.sensors.shape == (3, 6) and batch.step(m.start).sensors is None
    with pytest.raises(ukemi.ArgumentError, match="no link 'hand'"):
        ukemi.Batch(m, sensors=["hand"])
    for wrong in (dict(quaternion=(0, 0, 0, 7.0)), dict(position=(0, np.nan, 0)), dict(position=(0, 0))):
        with pytest.raises(ukemi.ArgumentError, match="sensor 'own'"):
            ukemi.Sensor("own", "pan", **wrong)


def test_drives():
    m = ukemi.load("quadruped")
    u = np.linspace(-50, 50, m.nu)
    step = ukemi.Batch(m).step(m.start, u, forces=True)
    np.testing.assert_allclose(step.drives, np.clip(u, [-i.effort for i in m.inputs], [i.effort for i in m.inputs]), atol=1e-9)


def test_frames(ant):
    """Jacobians against differences of poses."""
    batch, s = ukemi.Batch(ant), random_states(ant, 3)
    names = ["foot_2", "torso"]
    f = batch.frames(s, names)
    assert f.poses.shape == (3, 2, 7) and f.jacobians.shape == (3, 2, 6, ant.nv)
    np.testing.assert_array_equal(f.poses, batch.poses(s)[:, [ant.link(n) for n in names]])
    own = batch.frames(s, names, body=True).jacobians
    np.testing.assert_allclose(np.linalg.norm(own[..., :3, :], axis=-2), np.linalg.norm(f.jacobians[..., :3, :], axis=-2), atol=1e-12)
    ankle, d = ant.joint("ankle_2"), 1e-6
    for axis in (ankle.v.start - ant.nq, 0, 2):  # coordinates that are their own tangents
        x = s.x.copy()
        column = ankle.q.start if axis > 2 else axis
        x[:, column] += d
        moved = batch.frames(x, names).poses
        np.testing.assert_allclose((moved - f.poses)[..., :3] / d, f.jacobians[..., :3, axis], atol=1e-5)
        turned = 2 * (moved[..., 4:] * f.poses[..., 3:4] - moved[..., 3:4] * f.poses[..., 4:] + np.cross(f.poses[..., 4:], moved[..., 4:])) / d
        np.testing.assert_allclose(turned, f.jacobians[..., 3:, axis], atol=1e-5)
    assert batch.frames(s[0], []).poses.shape == (0, 7)
    with pytest.raises(ukemi.ArgumentError, match="no link 'knee'"):
        batch.frames(s, ["knee"])


def test_distance():
    m = ukemi.load("stack:2")
    batch, s = ukemi.Batch(m), ukemi.load("stack:2").start.repeat(2)
    a, b = m.colliders[:2]
    d = batch.distance(s, [(a, b), (b, "ground"), (0, -1)])
    assert d.pairs.tolist() == [[0, 1], [1, -1], [0, -1]] and d.gap.shape == (2, 3) and d.gradient.shape == (2, 3, m.nv)
    np.testing.assert_allclose(d.point_a, d.point_b + d.gap[..., None] * d.normal, atol=1e-9)
    for k, (joint, sign) in enumerate(((m.joints[0], -1), (m.joints[1], 1), (m.joints[0], 1))):
        x = s.x.copy()
        x[:, joint.q.start + 2] += 1e-4
        np.testing.assert_allclose((batch.distance(x, d.pairs[k : k + 1].tolist()).gap - d.gap[:, k : k + 1]) / 1e-4, sign, atol=1e-6)
        np.testing.assert_allclose(d.gradient[:, k, joint.v.start - m.nq + 2], sign, atol=1e-9)
    assert {tuple(p) for p in batch.distance(s).pairs.tolist()} == set(m.pairs)
    for pairs, want in (([(a, "roof")], "no collider 'roof'"), ([(0, 0)], "distance of collider .* from itself"), ([(0, 7)], "7"), ([(0, -2)], "collider")):
        with pytest.raises(ukemi.ArgumentError, match=want):
            batch.distance(s, pairs)


def test_rays():
    m = ukemi.load(BALL.encode())
    batch, s = ukemi.Batch(m), m.start.repeat(3)
    s.q[:, 2] = 1, 2, 3
    starts, down = np.array([[0, 0, 5.0], [0.3, 0, 5], [0, 0, s.q[0, 2]]]), [0, 0, -2.0]
    h = batch.rays(s, starts, np.broadcast_to(down, (3, 3)))
    np.testing.assert_allclose(h.distance, np.c_[4.9 - s.q[:, 2], [5] * 3, [1, 1, 1]], atol=1e-9)
    assert h.collider[:, 1].tolist() == [-1] * 3 and h.collider[:, 0].tolist() == [0] * 3
    np.testing.assert_allclose(h.normal[:, 0], [[0, 0, 1]] * 3, atol=1e-9)
    np.testing.assert_allclose(h.point[:, 1], [[0.3, 0, 0]] * 3, atol=1e-9)
    assert batch.rays(s, [[0, 0, 5.0]], [[0, 0, 1.0]]).distance.tolist() == [[np.inf]] * 3
    assert batch.rays(s[0], [[0, 0, 5.0]], [down]).distance.shape == (1,)
    with pytest.raises(ukemi.ArgumentError, match="row 0: .*a ray from"):
        batch.rays(s, [[0, 0, 0.0]], [[0, 0, 0.0]])
    for start in ([0, 0, 1.0], np.zeros((2, 1, 3)), np.zeros((3, 3, 1, 3))):
        with pytest.raises(ukemi.ArgumentError, match="start"):
            batch.rays(s, start, [down])


def test_equations_of_motion():
    """τ of an acceleration is M dv/dt + bias, ½ vᵀ M v the kinetic energy."""
    m = ukemi.load("chain:4")
    batch, rng = ukemi.Batch(m), np.random.default_rng(0)
    s = m.start.repeat(3)
    s.x[:] = rng.normal(size=s.x.shape)
    s = m.state(s.x)
    mass, bias, a = batch.mass_matrix(s), batch.bias(s), rng.normal(size=(3, m.nv))
    damping = np.array([m.get(f"{j.name}.damping") for j in m.joints]) if f"{m.joints[0].name}.damping" in m.parameters() else 0.0
    np.testing.assert_allclose(batch.inverse(s, a), (mass @ a[..., None])[..., 0] + bias + damping * s.v, atol=1e-9)
    np.testing.assert_allclose(batch.energy(s).kinetic, 0.5 * np.einsum("ri,rij,rj->r", s.v, mass, s.v), rtol=1e-9)
    heavy = ukemi.Batch([m, m.with_parameters({"gravity.z": 0.0})])
    assert (heavy.bias(s[[0, 0]])[0] != heavy.bias(s[[0, 0]])[1]).any(), "each row has its own model"
    with pytest.raises(ukemi.ArgumentError, match="acceleration"):
        batch.inverse(s, a[:2])


def test_a_ball_bounces():
    """To e² of the height; without restitution it stays down."""
    heights = {}
    for e in (0.0, 0.8):
        m = ukemi.load(BALL.encode(), timestep=0.002, surfaces={"ball": ukemi.Surface(restitution=e)})
        z = rest(m, 1.2, kappa=1e-7)[1].q[:, 2]
        landed = np.argmin(z)
        heights[e] = z[landed:].max() - 0.1
    assert heights[0.0] < 1e-3 and abs(heights[0.8] - 0.64 * 0.9) < 0.02


def test_a_soft_ball_sinks():
    m = ukemi.load(BALL.encode(), surfaces={"ball": ukemi.Surface(stiffness=1000, damping=50)})
    assert abs(rest(m)[1].q[-1, 2] - (0.1 - 9.81 / 1000)) < 1e-4


def test_a_belt_carries():
    m = ukemi.load("block", surfaces={"ground": ukemi.Surface(velocity=(0.7, 0, 0))})
    assert abs(rest(m)[1].v[-1, 0] - 0.7) < 1e-3


def test_a_turntable_turns():
    m = ukemi.load("block", surfaces={"ground": ukemi.Surface(spin=(0, 0, 1.5))})
    s = m.start
    s.q[:2], s.v[:] = 0, 0
    end = ukemi.Batch(m, kappa=1e-8).rollout(s, steps=300).states
    assert abs(end.v[-1, 5] - 1.5) < 1e-3


def test_rolling_friction_stops():
    far = []
    for rolling in (0.0, 0.01):
        m = ukemi.load(BALL.encode(), surfaces={"ball": ukemi.Surface(rolling=rolling)})
        s = m.start
        s.q[2], s.v[0], s.v[4] = 0.1, 1.0, 10.0
        far.append(ukemi.Batch(m).rollout(s, steps=300).states.q[-1, 0])
    assert abs(far[0] - 3) < 0.05 and far[1] < 0.8


@pytest.mark.parametrize(
    "surfaces, want",
    [
        ({"bell": ukemi.Surface()}, "bell"),
        ({"ground": ukemi.Surface(restitution=0.5)}, "has but a velocity and a spin"),
        ({"ball": ukemi.Surface(restitution=1.5)}, "restitution"),
        ({"ball": ukemi.Surface(damping=3)}, "stiffness"),
        ({"ball": ukemi.Surface(rolling=float("nan"))}, "rolling"),
        ({"ball": ukemi.Surface(velocity=(1, 2))}, "velocity"),
        ({"ball": 0.5}, "want a ukemi.Surface"),
    ],
)
def test_impossible_surfaces(surfaces, want):
    with pytest.raises(ukemi.Error, match=want):
        ukemi.load(BALL.encode(), surfaces=surfaces)


@pytest.mark.parametrize(
    "terrain",
    [
        ukemi.HeightField(np.full((3, 4), 0.3), (1, 2)),
        ukemi.Mesh([[-1, -1, 0.3], [1, -1, 0.3], [1, 1, 0.3], [-1, 1, 0.3]], [[0, 1, 2], [0, 2, 3]]),
    ],
)
def test_terrain(terrain):
    """In place of the ground, and what floats starts above it."""
    m = ukemi.load("sphere", terrain=terrain)
    flat = ukemi.load("sphere")
    assert "terrain" in m.colliders and not m.half_spaces
    np.testing.assert_allclose(m.start.q[:3] - flat.start.q[:3], [0, 0, 0.3])
    still = m.state(np.r_[m.start.q, 0 * m.start.v])
    z = ukemi.Batch(m).rollout(still, steps=400).states.q[-1, 2] - 0.3
    want = ukemi.Batch(flat).rollout(flat.state(np.r_[flat.start.q, 0 * flat.start.v]), steps=400).states.q[-1, 2]
    assert abs(z - want) < 1e-3


@pytest.mark.parametrize(
    "make, want",
    [
        (lambda: ukemi.HeightField([[0, 1]], (1, 1)), "terrain"),
        (lambda: ukemi.HeightField([0, 1], (1, 1)), "heights has shape"),
        (lambda: ukemi.HeightField(np.zeros((2, 2)), (1, 0)), "cell"),
        (lambda: ukemi.HeightField([[0, np.nan], [0, 0]], (1, 1)), "not finite"),
        (lambda: ukemi.Mesh(np.zeros((3, 3)), [[0, 1, 3]]), "vertices 0 to 3"),
        (lambda: ukemi.Mesh(np.zeros((3, 3)), [[0, 1, 2]]), "terrain"),
        (lambda: "hills", "want a ukemi.HeightField"),
    ],
)
def test_impossible_terrain(make, want):
    with pytest.raises(ukemi.Error, match=want):
        ukemi.load("sphere", terrain=make())


def test_divided_impacts():
    """A fall of 0.9 m ends when it should, and the step says into how many parts it fell."""
    m = ukemi.load(BALL.encode(), surfaces={"ball": ukemi.Surface(restitution=1.0)})
    whole, divided = (ukemi.Batch(m, kappa=1e-7, divide_impacts=d) for d in (False, True))
    parts = []
    s = m.start
    for _ in range(60):
        step = divided.step(s, forces=True)
        s = step.state
        parts.append(int(step.parts))
    assert max(parts) > 1 and parts.count(1) > 50
    again = ukemi.load(BALL.encode(), timestep=1e-4, surfaces={"ball": ukemi.Surface(restitution=1.0)})
    exact = ukemi.Batch(again, kappa=1e-7).rollout(again.start, steps=6000).states.q[-1, 2]
    off = [abs(b.rollout(m.start, steps=60).states.q[-1, 2] - exact) for b in (whole, divided)]
    assert off[1] < off[0] / 3, off
    step = whole.step(m.start.repeat(3), forces=True)
    assert step.parts.tolist() == [1, 1, 1]


def test_saved_models(tmp_path):
    m = ukemi.load(SCALES.encode(), servo=None)
    path = tmp_path / "scales.json"
    m.save(path)
    for again in (ukemi.load(path), ukemi.load(str(path)), ukemi.load(m.to_bytes())):
        assert again.start.x.tolist() == m.start.x.tolist() and again.sensors == m.sensors and again.notes == m.notes
    ant = ukemi.load("ant")
    assert ukemi.load(ant.to_bytes()).start.x.tolist() == ant.start.x.tolist(), "not the neutral configuration"
    with pytest.raises(ukemi.ModelError, match="a saved model is complete"):
        ukemi.load(path, timestep=0.001)
    first, rest = m.to_bytes().split(b"\n", 1)
    assert ukemi.load(first).sensors == ()
    for broken in (first + b"\n{", first + b"\n" + rest.replace(b'"Q":[', b'"Q":[7,')):
        with pytest.raises(ukemi.ModelError, match="start|belongs to"):
            ukemi.load(broken)


def test_what_the_engine_changes_is_a_warning():
    with pytest.warns(ukemi.LoadWarning, match="friction coefficient 200 acts as 100"):
        ukemi.load("sphere", friction=200)


def test_mixed_models_with_frame_skip(ant):
    """Row i of models of its own, sub steps and their Jacobians."""
    models = [ant.with_parameters({"torso.mass": mass}) for mass in (0.2, 0.3, 0.5)]
    s, u = random_states(ant, 6), np.random.default_rng(0).normal(size=(6, 8))
    mixed = ukemi.Batch(models, kappa=1e-3)
    step, j = mixed.step(s, u, sub=4), mixed.jacobian(s, u, sub=4, parameters=["torso.mass"])
    for i in range(6):
        own = ukemi.Batch(models[i % 3], kappa=1e-3)
        np.testing.assert_array_equal(step.state.x[i], own.step(s[i], u[i], sub=4).state.x)
        want = own.jacobian(s[i], u[i], sub=4, parameters=["torso.mass"])
        np.testing.assert_array_equal(j.x[i], want.x)
        np.testing.assert_array_equal(j.parameters[i], want.parameters)


def test_vertices_have_whole_numbers():
    """A triangle of the vertex 1.5 was one of vertex 1, and of NaN one of any."""
    for wrong in ([[0, 1.5, 2]], [[0, np.nan, 2]]):
        with pytest.raises(ukemi.ArgumentError, match="triangles name the vertex (1.5|nan), want whole numbers"):
            ukemi.Mesh(np.eye(3), wrong)
    for wrong in ([[0, 1, 1e12]], [[0, 1, -1]]):
        with pytest.raises(ukemi.ArgumentError, match="and there are 3"):
            ukemi.Mesh(np.eye(3), wrong)


def test_a_recording_is_no_model():
    with pytest.raises(ukemi.ModelError, match="a recording of a run"):
        ukemi.load(b"ukemi-r\n\x06\x00\x00\x00")
