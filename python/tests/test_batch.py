"""Batches: shapes, forces, energies, failures, and what is refused."""

import pickle

import numpy as np
import pytest
from conftest import random_states

import ukemi


def test_shapes(ant):
    batch = ukemi.Batch(ant)
    for lead in ((), (1,), (4,), (2, 3), (0,), (2, 0)):
        s = ant.state(np.broadcast_to(ant.start.x, (*lead, ant.nx)))
        u = np.zeros((*lead, ant.nu))
        step = batch.step(s, u)
        assert step.state.x.shape == (*lead, ant.nx) and step.state.h.shape == step.status.shape == lead
        r = batch.rollout(s, np.zeros((*lead, 3, ant.nu)))
        assert r.states.x.shape == (*lead, 4, ant.nx) and r.steps.shape == lead
        j = batch.jacobian(s, u, parameters=["gravity.z"])
        assert j.x.shape == (*lead, 29, 29) and j.u.shape == (*lead, 29, 8) and j.parameters.shape == (*lead, 29, 1)
        assert batch.jacobian(s, u, tangent=True).x.shape == (*lead, 28, 28)
        v = batch.vjp(s, u, np.ones((*lead, ant.nx)))
        assert v.x.shape == (*lead, 29) and v.u.shape == (*lead, 8) and v.parameters.shape == (*lead, 0)
        v = batch.rollout_vjp(s, None, np.ones((*lead, 4, ant.nx)))
        assert v.u.shape == (*lead, 3, 8)
        assert batch.energy(s).total.shape == lead
        assert batch.poses(s).shape == (*lead, len(ant.links), 7)


def test_what_goes_in_stays_as_it_is(ant):
    batch, s, u = ukemi.Batch(ant), random_states(ant, 3), np.ones((3, 8))
    x = s.x.copy()
    out = batch.step(s, u).state
    batch.jacobian(s, u)
    batch.rollout(s, steps=3)
    np.testing.assert_array_equal(s.x, x)
    assert not np.shares_memory(out.x, s.x)


def test_lists_float32_strided_and_frozen_arrays(ant):
    batch = ukemi.Batch(ant)
    want = batch.step(ant.start).state.x
    np.testing.assert_array_equal(batch.step(ant.start.x.tolist()).state.x, want)
    wide = np.zeros((ant.nx, 2))
    wide[:, 0] = ant.start.x
    np.testing.assert_array_equal(batch.step(wide[:, 0]).state.x, want)
    frozen = ant.start.x
    frozen.flags.writeable = False
    np.testing.assert_array_equal(batch.step(frozen).state.x, want)
    np.testing.assert_allclose(batch.step(ant.start.x.astype(np.float32)).state.x, want, atol=1e-5)


def test_weight_on_the_ground():
    """What the contacts carry at rest is the weight."""
    m = ukemi.load("quadruped4", servo=(200, 10))
    batch = ukemi.Batch(m)
    hold = np.array([m.start.q[m.joint(u.name).q][0] for u in m.inputs])
    s = batch.rollout(m.start.repeat(2), np.tile(hold, (2, 300, 1))).states[:, -1]
    step = batch.step(s, np.tile(hold, (2, 1)), forces=True)
    for row in range(2):
        c = step.contacts[step.contacts["row"] == row]
        assert len(c) == 4 and {m.colliders[a] for a in c["a"]} == {"FR_foot", "FL_foot", "RR_foot", "RL_foot"}
        assert {m.half_spaces[-1 - b] for b in c["b"]} == {"ground"}
        np.testing.assert_allclose(c["force"].sum(0), [0, 0, 9.81 * m.mass], atol=0.02)
        np.testing.assert_allclose(c["normal"], [[0, 0, 1]] * 4)
        assert (c["gap"] >= 0).all() and (c["gap"] < 1e-3).all()
    assert step.wrenches.shape == (2, 13, 6)
    np.testing.assert_allclose(step.wrenches[:, 0], 0, atol=1e-6)  # a free joint transmits nothing
    feet = batch.poses(s)[0, [m.link(n) for n in ("FR_foot", "RL_foot")]]
    assert (np.abs(feet[:, 2] - 0.02) < 0.01).all()


def test_torques_of_contacts():
    """A ball that spins on the ground is slowed by the torque of its contact alone: in every step by torque h / J."""
    m = ukemi.load(b'<mujoco><option timestep="0.01"/><worldbody><geom type="plane" size="1 1 1" condim="6" friction="0.5 0.01 0.002"/><body pos="0 0 0.1">'
                   b'<freejoint/><geom type="sphere" size="0.1" mass="1" condim="6" friction="0.5 0.01 0.002"/></body></worldbody></mujoco>')
    batch, s = ukemi.Batch(m, kappa=1e-8), m.state([*m.start.q, 0, 0, 0, 0, 0, 30])
    for _ in range(10):
        step = batch.step(s, forces=True)
        lost = step.state.v[5] - s.v[5]
        s = step.state
    assert len(step.contacts) == 1 and lost < -0.1
    np.testing.assert_allclose(step.contacts["torque"][0], [0, 0, 0.4 * 0.01 * lost / 0.01], atol=1e-6)
    np.testing.assert_allclose(step.contacts["force"][0], [0, 0, 9.81], atol=1e-4)


def test_contacts_of_shapes_come_and_go():
    """More contacts than there was room for at first: stacked cubes touch each other in many points."""
    m = ukemi.load("stack:6")
    batch = ukemi.Batch(m)
    s = batch.rollout(m.start, steps=50).states[-1]
    c = batch.step(s, forces=True).contacts
    assert (c["b"] >= 0).sum() > 8
    assert c["feature"].max() > 2**31 and len(np.unique(c[["a", "b", "feature"]])) == len(c)  # two shapes' features in one number below 2⁵³
    on_ground = c[c["b"] < 0]
    np.testing.assert_allclose(on_ground["force"].sum(0)[2], 9.81 * m.mass, rtol=1e-3)


def test_energy():
    """A thrown ball keeps its energy; with springs and joints it is the sum of the parts."""
    m = ukemi.load("sphere", ground=False)
    batch = ukemi.Batch(m)
    e = batch.energy(batch.rollout(m.start, steps=100).states)
    np.testing.assert_allclose(e.total, e.total[0], rtol=1e-9)
    assert np.ptp(e.kinetic) > 1 and (e.spring == 0).all()


def test_parameters_of_a_call(ant):
    """One value for all, or one a row, as if each row had such a model; and derivatives at these values."""
    batch, s, u = ukemi.Batch(ant, kappa=1e-3), random_states(ant, 4), np.random.default_rng(0).normal(size=(4, 5, 8))
    masses, one = np.array([0.2, 0.2, 0.4, 0.8]), {"gravity.z": -3.0}
    g = np.ones((4, 6, ant.nx))
    calls = [
        lambda b, i, **p: b.step(s[i], u[i, 0], sub=2, **p),
        lambda b, i, **p: b.step(s[i], u[i, 0], forces=True, **p),
        lambda b, i, **p: b.rollout(s[i], u[i], **p),
    ]
    gradients = [
        lambda b, i, **p: b.jacobian(s[i], u[i, 0], **p),
        lambda b, i, **p: b.vjp(s[i], u[i, 0], g[i, 0], **p),
        lambda b, i, **p: b.rollout_vjp(s[i], u[i], g[i], **p),
    ]
    for call in calls + gradients:
        got = vars(call(batch, slice(None), parameters={"torso.mass": masses, **one}))
        for i in range(4):
            own = ukemi.Batch(ant.with_parameters({"torso.mass": masses[i], **one}), kappa=1e-3)
            want = call(own, i, parameters=["torso.mass", "gravity.z"]) if call in gradients else call(own, i)
            for name, w in vars(want).items():
                v = got[name]
                if name in ("state", "states"):
                    v, w = v.x, w.x
                if w is not None and name != "contacts":
                    np.testing.assert_array_equal(v[i], w, err_msg=f"{name} of row {i}")
    np.testing.assert_array_equal(batch.step(s, parameters=one).state.x, ukemi.Batch(ant.with_parameters(one), kappa=1e-3).step(s).state.x)
    np.testing.assert_array_equal(batch.step(s[0], parameters=one).state.x, batch.step(s, parameters=one).state.x[0])
    for bad, want in (
        ({"torso.weight": 1.0}, "torso.weight"),
        ({"torso.mass": np.ones(3)}, r"'torso.mass' has shape \(3,\)"),
        ({"torso.mass": np.array([1, 1, 1, -1])}, "mass"),
        ({"torso.mass": np.nan}, "finite"),
        ({"torso.mass": "heavy"}, "real numbers"),
    ):
        for call in calls + gradients:
            with pytest.raises(ukemi.ArgumentError, match=want):
                call(batch, slice(None), parameters=bad)


def test_failed_rows(ant):
    batch = ukemi.Batch(ant)
    s, u = random_states(ant, 5), np.zeros((5, 8))
    s.x[2, ant.joint("floating_base").v] = 1e10
    with pytest.raises(ukemi.StepError, match="1 of 5 rows: row 2: .*floating_base") as e:
        batch.step(s, u)
    assert e.value.status.tolist() == [0, 0, 1, 0, 0]
    step = batch.step(s, u, strict=False)
    assert step.status[2] == ukemi.Status.FAILED and (np.delete(step.status, 2) == 0).all()
    np.testing.assert_array_equal(step.state.x[2], s.x[2])
    good = np.arange(5) != 2
    np.testing.assert_array_equal(step.state.x[good], batch.step(s[good], u[good]).state.x)
    for d in (
        batch.jacobian(s, u, strict=False),
        batch.vjp(s, u, np.ones((5, ant.nx)), strict=False),
        batch.rollout_vjp(s, None, np.ones((5, 3, ant.nx)), strict=False),
    ):
        assert d.status.tolist() == [0, 0, 1, 0, 0]
        assert (d.x[2] == 0).all() and np.isfinite(d.x).all() and all(np.abs(d.x[i]).max() > 0 for i in (0, 1, 3, 4))
    j = batch.jacobian(s, u, sub=3, strict=False)
    np.testing.assert_array_equal(j.state.x[2], s.x[2])
    r = batch.rollout(s, steps=4, strict=False)
    assert r.steps.tolist() == [4, 4, 0, 4, 4]
    np.testing.assert_array_equal(r.states.x[2], np.tile(s.x[2], (5, 1)))


def bad_rows(ant):
    def at(row, column, value):
        x = ant.start.repeat(3).x
        x[row, column] = value
        return x

    return [
        (at(1, 8, np.nan), "row 1: .*ankle_1.*NaN"),
        (at(2, 0, np.inf), "row 2: .*floating_base.*Inf"),
        (at(0, slice(3, 7), 0), "row 0: quaternion of joint .floating_base. has length 0"),
        (at(2, slice(3, 7), 2), "row 2: quaternion of joint .floating_base. has length 4"),
        (at(1, 15, -np.inf), "row 1: .*velocity 0 of joint .floating_base"),
        (np.zeros((3, 28)), r"state has shape \(3, 28\), want \(…, 29\)"),
        (np.zeros(()), "state has shape"),
        (ant.start.x.astype(complex), "complex128"),
        (np.array(["a"] * 29), "dtype"),
        ([[1.0], [1.0, 2.0]], "state"),
        (None, "state"),
        ({"q": 1}, "state"),
    ]


def test_bad_states(ant):
    batch = ukemi.Batch(ant)
    for x, want in bad_rows(ant):
        for f in (
            lambda: batch.step(x),
            lambda: batch.step(x, strict=False),
            lambda: batch.rollout(x, steps=2),
            lambda: batch.jacobian(x),
            lambda: batch.vjp(x, None, np.zeros((3, 29))),
            lambda: batch.energy(x),
            lambda: batch.poses(x),
        ):
            with pytest.raises(ukemi.ArgumentError) as e:
                f()
            if f.__code__.co_names[1:2] != ("vjp",):
                assert e.match(want)


def test_bad_arguments(ant):
    batch, s = ukemi.Batch(ant), ant.start.repeat(2)
    nan = np.zeros((2, 8))
    nan[1, 3] = np.nan
    path = np.zeros((2, 5, 8))
    path[1, 4, 0] = np.inf
    for f, want in [
        (lambda: batch.step(s, np.zeros(8)), r"u has shape \(8,\), want \(2, 8\)"),
        (lambda: batch.step(s, np.zeros((3, 8))), "u has shape"),
        (lambda: batch.step(s, nan), "row 1: input .ankle_2. is NaN"),
        (lambda: batch.step(s, sub=0), "sub is 0"),
        (lambda: batch.step(s, sub=1.5), "sub is 1.5"),
        (lambda: batch.step(s, sub=2**40), "sub is 1099511627776, want at most 2147483647"),
        (lambda: batch.step(s, np.ma.masked_array(np.zeros((2, 8)), mask=nan != 0)), "u is masked in places"),
        (lambda: batch.rollout(s, path), "row 1, step 4: input .hip_1. is .Inf"),
        (lambda: batch.rollout(s), "steps"),
        (lambda: batch.rollout(s, steps=-1), "steps is -1"),
        (lambda: batch.rollout(s, np.zeros((2, 8))), "u has shape"),
        (lambda: batch.rollout(s, np.zeros((2, 5, 8)), steps=4), "u has shape"),
        (lambda: batch.vjp(s, None, np.zeros((2, 28))), "cotangent has shape"),
        (lambda: batch.vjp(s, None, np.full((2, 29), np.nan)), "row 0: a cotangent is NaN"),
        (lambda: batch.rollout_vjp(s, None, np.zeros((2, 0, 29))), "cotangent has shape"),
        (lambda: batch.rollout_vjp(s, np.zeros((2, 3, 8)), np.zeros((2, 3, 29))), "u has shape"),
        (lambda: batch.jacobian(s, parameters=["torso.mas"]), "torso.mass"),
        (lambda: ukemi.Batch(ant, kappa=-1), "kappa"),
        (lambda: ukemi.Batch(ant, kappa=float("nan")), "kappa"),
        (lambda: ukemi.Batch(ant, kappa=5), "kappa is 5: bodies would rest 5 times their size apart; want a number from 1e-10"),
        (lambda: ukemi.Batch(ant, gradient_kappa=5), "gradient_kappa is 5: bodies would rest"),
        (lambda: ukemi.Batch(ant, kappa=1e-300), "kappa is 1e-300: a step cannot see its digits"),
        (lambda: ukemi.load("ant", timestep=1e300), "timestep is 1e.300 s, want a number from 1e-9 to 1000"),
        (lambda: ukemi.load("<robot/>"), "the text of a file, want its bytes"),
        (lambda: ukemi.Batch(ant, centrality=0), "centrality"),
        (lambda: ukemi.Batch(ant, tolerance=2), "tolerance is 2, want a finite number > 0 and < 1"),
        (lambda: ukemi.Batch(ant, kappa=1e-3, gradient_kappa=1e-4), "below"),
        (lambda: ukemi.Batch(ant, workers=0), "workers"),
        (lambda: ukemi.Batch(ant, workers=10**6), "workers"),
        (lambda: ukemi.Batch("ant"), "want a ukemi.Model"),
        (lambda: ukemi.Batch(5), "want a ukemi.Model"),
        (lambda: ukemi.Batch([]), "without a model"),
        (lambda: ukemi.Batch([ant, ukemi.load("cartpole")]), "model 1, .cartpole., differs from model 0, .ant."),
        (lambda: batch.step(ukemi.load("cartpole").start), "another model"),
        (lambda: ant.state(ant.start.x, [0.0, 1.0]), "h has shape"),
        (lambda: batch.step(ant.state(ant.start.x, -1.0)), "interval"),
        (lambda: s.repeat(2), "already rows"),
        (lambda: ukemi.State(np.zeros(4), nq=5), "x has 4 numbers, fewer than nq = 5"),
        (lambda: ukemi.State(np.zeros(4), nq="ant"), "nq is 'ant', want a whole number"),
    ]:
        with pytest.raises(ukemi.ArgumentError, match=want):
            f()


def test_states_of_another_model_of_the_same_size():
    """A go2 has as many joints as the quadruped, by other names: only its numbers fit. Models that differ in their parameters share states."""
    quadruped, go2 = ukemi.load("quadruped"), ukemi.load("go2")
    batch, other = ukemi.Batch(quadruped), go2.start
    assert other.x.shape == quadruped.start.x.shape
    for s in (other, other.repeat(2), other.repeat(2)[1], other.copy(), ukemi.Batch(go2).step(other).state, pickle.loads(pickle.dumps(other)), ukemi.Batch(go2).bind().state):
        for f in (
            lambda: batch.step(s),
            lambda: batch.step(s, forces=True),
            lambda: batch.rollout(s, steps=1),
            lambda: batch.jacobian(s),
            lambda: batch.energy(s),
            lambda: batch.poses(s),
            lambda: batch.bind(None if s.shape == () else 2).reset(s),
            lambda: ukemi.Renderer(quadruped, 32, 32).render(s),
        ):
            with pytest.raises(ukemi.ArgumentError, match="state belongs to another model: it has the joint .base/free0. where .quadruped. has .floating_base."):
                f()
        batch.step(s.x)
    batch.step(ukemi.State(other.x, other.h, nq=19))
    batch.step(ukemi.load("quadruped:24", friction=0.3).start)
    batch.step(quadruped.with_parameters({"trunk.mass": 7.0}).start)


def test_states_are_indexed_by_rows(ant):
    s = ant.state(np.tile(ant.start.x, (3, 4, 1)), np.full((3, 4), 0.01))
    assert s[0].shape == (4,) and s[:, -1].shape == (3,) and s[1, 2].shape == () and s[s.h > 1].shape == (0,)
    assert len(s) == 3
    with pytest.raises(IndexError):
        s[:, :, 0]
    with pytest.raises(TypeError):
        len(ant.start)


def test_models_mixed_by_rows(ant):
    """Row i belongs to model i mod 3, with the bits of a batch of that model alone; so do derivatives, energies and poses."""
    models = [ant.with_parameters({"gravity.z": g, "torso.mass": m, "hip_1.z": m / 100}) for g, m in ((-9.81, 0.3), (-3.7, 0.5), (-1.6, 2.0))]
    n, t = 7, 30
    s, u = random_states(ant, n), np.random.default_rng(5).normal(size=(n, t, 8))
    for workers in (1, 3):
        mixed = ukemi.Batch(models, workers=workers)
        path, pull = mixed.rollout(s, u), mixed.rollout_vjp(s, u, np.ones((n, t + 1, ant.nx)), parameters=["gravity.z"])
        j, e, p = mixed.jacobian(s, u[:, 0]), mixed.energy(s), mixed.poses(s)
        for i in range(n):
            alone = ukemi.Batch(models[i % 3])
            np.testing.assert_array_equal(path.states.x[i], alone.rollout(s[i], u[i]).states.x)
            one = alone.rollout_vjp(s[i], u[i], np.ones((t + 1, ant.nx)), parameters=["gravity.z"])
            np.testing.assert_array_equal(pull.x[i], one.x)
            np.testing.assert_array_equal(pull.parameters[i], one.parameters)
            np.testing.assert_array_equal(j.x[i], alone.jacobian(s[i], u[i, 0]).x)
            assert e.total[i] == alone.energy(s[i]).total
            np.testing.assert_array_equal(p[i], alone.poses(s[i]))
    assert np.ptp(path.states.x[:3, -1, 2]) > 0.01, "the models differ"
    assert repr(mixed) == "<ukemi.Batch of 3 models 'ant', workers=3>"
