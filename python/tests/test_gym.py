"""gymnasium environments."""

import pathlib
import pickle
import warnings

import numpy as np
import pytest

gymnasium = pytest.importorskip("gymnasium", reason="left out: gymnasium, which is not here")
from gymnasium.utils.env_checker import check_env  # noqa: E402
from gymnasium.vector import AutoresetMode  # noqa: E402

import ukemi.gym  # noqa: E402

NAMES = list(ukemi.gym.TASKS)


@pytest.mark.parametrize("name", NAMES)
def test_checker(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(gymnasium.make(f"ukemi/{name}-v0", render_mode="rgb_array").unwrapped, skip_render_check=True)


def play(env, steps, n=None, seed=3):
    """Observations and rewards under random actions; a single environment is reset where it ends, one step late as NEXT_STEP does."""
    rng = np.random.default_rng(0)
    nu = env.rows.task.actions if n is None else env.task.actions
    out, over = [env.reset(seed=seed)[0]], False
    for _ in range(steps):
        a = rng.uniform(-1, 1, nu)
        if n is None and over:
            o, r, end, cut = env.reset()[0], 0.0, False, False
        else:
            o, r, end, cut, _ = env.step(a if n is None else np.tile(a, (n, 1)))
        out.append(np.append(o, r) if n is None else np.concatenate([o, r[:, None]], 1))
        over = end | cut
    return out[1:]


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_environments(name):
    """Row i of seed 3 is an environment of seed 3 + i, bit for bit, across ends of episodes."""
    task = ukemi.gym.TASKS[name]()
    task.max_steps = 25
    rows = play(ukemi.gym.VectorEnv(4, task), 70, n=4)
    for i in range(4):
        one = play(ukemi.gym.Env(task), 70, seed=3 + i)
        np.testing.assert_array_equal([r[i] for r in rows], one)
    np.testing.assert_array_equal(rows, play(ukemi.gym.VectorEnv(4, task, workers=1), 70, n=4))


@pytest.mark.parametrize("name", NAMES)
def test_registered(name):
    envs = gymnasium.make_vec(f"ukemi/{name}-v0", num_envs=3)
    o, _ = envs.reset(seed=1)
    assert envs.observation_space.contains(o)
    for _ in range(5):
        o, r, end, cut, _ = envs.step(envs.action_space.sample())
        assert envs.observation_space.contains(o) and r.shape == end.shape == cut.shape == (3,)
    assert envs.metadata["autoreset_mode"] == gymnasium.vector.AutoresetMode.NEXT_STEP
    env = gymnasium.make(f"ukemi/{name}-v0")
    assert env.observation_space.contains(env.reset(seed=1)[0])


def test_episodes_end():
    """A truncated row starts anew at the next step, with a reward of zero; a robot on its back ends."""
    task = ukemi.gym.CartpoleSwingup()
    task.max_steps = 3
    envs = ukemi.gym.VectorEnv(2, task)
    envs.reset(seed=0)
    cuts, rewards = [], []
    for _ in range(8):
        _, r, end, cut, _ = envs.step(np.ones((2, 1)))
        cuts.append(cut.tolist())
        rewards.append(r.tolist())
        assert not end.any()
    assert cuts == [[k in (2, 6)] * 2 for k in range(8)]
    assert [r == [0, 0] for r in rewards] == [k in (3, 7) for k in range(8)]
    env = ukemi.gym.Env("Quadruped")
    env.reset(seed=0)
    env.rows.state.x[:, 3:7] = [0, 1, 0, 0]
    assert env.step(np.zeros(12))[2]


def test_a_failed_step_ends_the_episode():
    envs = ukemi.gym.VectorEnv(2, "Ant")
    envs.reset(seed=0)
    envs.state.v[1, 3] = 1e10
    o, r, end, _, _ = envs.step(np.zeros((2, 8)))
    assert end.tolist() == [False, True] and np.isfinite(o).all() and np.isfinite(r).all()


def test_the_pole_can_be_swung_up():
    """By the energy of the pole (Åström, Furuta 2000), with a spring and a damper that keep the cart near the middle."""
    env = ukemi.gym.Env("CartpoleSwingup")
    best, (o, _) = 0, env.reset(seed=0)
    for _ in range(500):
        x, c, s, v, w = o.astype(float)
        energy = w**2 / 2 - 1.5 * 9.81 * (1 - c)  # over m ℓ²/3; zero for the pole of 1 m at rest on top
        a = np.sign(energy * w * c) * min(1, abs(energy)) - 0.3 * x - 0.2 * v
        o, r, end, cut, _ = env.step([a])
        best = max(best, o[1])
        assert not end
    assert best > 0.95


def test_tasks_of_users():
    class Up(ukemi.gym.Task):
        """Throw the block up."""

        observations = 1

        def __init__(self):
            self.model = ukemi.load("driven_block")

        def start(self, rng):
            return self.model.start.x, np.zeros(0)

        def inputs(self, x, action):
            return 20 * action

        def observe(self, x, goal):
            return x[:, 2:3]

        def reward(self, before, after, action, goal):
            return after[:, 2], after[:, 2] > 1

    envs = ukemi.gym.VectorEnv(2, task=Up())
    envs.reset(seed=0)
    up = [envs.step([[0, 0, 1]] * 2)[1:3] for _ in range(200)]
    assert any(end.any() for _, end in up)


def test_pickling_and_mistakes():
    env = ukemi.gym.Env("Ant")
    env.reset(seed=1)
    again = pickle.loads(pickle.dumps(env))
    np.testing.assert_array_equal(env.step(np.ones(8))[0], again.step(np.ones(8))[0])
    with pytest.raises(ValueError, match="Anteater"):
        ukemi.gym.Env("Anteater")
    with pytest.raises(ValueError, match="ansi"):
        ukemi.gym.Env("Ant", render_mode="ansi")
    with pytest.raises(ukemi.ArgumentError, match="2 seeds for 3"):
        ukemi.gym.VectorEnv(3, "Ant").reset(seed=[1, 2])
    with pytest.raises(ukemi.ArgumentError, match="ankle_1.*NaN"):
        env.step([0, np.nan, 0, 0, 0, 0, 0, 0])


def test_an_environment_is_a_batch():
    """The observations are those of steps of a batch: h travels from action to action."""
    env = ukemi.gym.Env("Ant")
    env.reset(seed=5)
    task, batch, s = env.rows.task, ukemi.Batch(env.rows.task.model, kappa=env.rows.task.kappa), env.rows.state
    for k in range(20):
        a = np.sin(np.arange(8) + k)
        s = batch.step(s, task.inputs(s.x, a[None]), sub=task.sub).state
        np.testing.assert_array_equal(env.step(a)[0], s.x[0, 2:].astype(np.float32))


def ends(mode, steps=8, **more):
    task = ukemi.gym.CartpoleSwingup()
    task.max_steps = 3
    envs = ukemi.gym.VectorEnv(2, task, autoreset_mode=mode, **more)
    assert envs.metadata["autoreset_mode"] == envs.autoreset_mode == AutoresetMode(mode)
    return envs, envs.reset(seed=0)[0]


def test_a_row_starts_anew_in_the_same_step():
    """The observation is that of the new episode, the last one is in info; starts are those of NEXT_STEP."""
    same, first = ends("SameStep")
    after, _ = ends(AutoresetMode.NEXT_STEP)
    a = np.ones((2, 1))
    for k in range(9):
        o, r, _, cut, info = same.step(a)
        if k % 3 == 0 and k:
            after.step(a)  # in which it starts anew
        o2, r2, _, cut2, info2 = after.step(a)
        np.testing.assert_array_equal(cut, cut2)
        np.testing.assert_array_equal(r, r2)
        assert cut.all() == (k % 3 == 2) and ("final_obs" in info) == cut.all() and not info2
        if cut.all():
            np.testing.assert_array_equal(np.stack(info["final_obs"]), o2)
            assert (abs(o - first) < 0.5).all() and info["_final_obs"].all()
        else:
            np.testing.assert_array_equal(o, o2)


def test_rows_are_reset_by_hand():
    envs, _ = ends("Disabled")
    envs.reset(options={"reset_mask": np.array([True, False])})
    for _ in range(2):
        envs.step(np.ones((2, 1)))
    envs.reset(options={"reset_mask": np.array([True, False])})
    cut = envs.step(np.ones((2, 1)))[3]
    assert cut.tolist() == [False, True]
    before = envs.state.x.copy()
    with pytest.raises(ukemi.ArgumentError, match=r"rows \[1\] are over"):
        envs.step(np.ones((2, 1)))
    envs.reset(seed=7, options={"reset_mask": cut})
    np.testing.assert_array_equal(envs.state.x[0], before[0])
    assert not envs.step(np.ones((2, 1)))[3].any()


def test_the_cube_can_be_lifted():
    """By hand: down, close, up."""
    env = ukemi.gym.Env("Gripper")
    best, (o, _) = 0.0, env.reset(seed=0)
    for k in range(300):
        lift, goal, cube = o[0], o[-1], o[5]
        if k < 60:
            a = [np.clip((-0.08 - lift) / 0.03, -1, 1), -1, -1]
        else:
            a = [0 if k < 80 else np.clip((goal - cube) / 0.03, -1, 1), 1, 1]
        o, r, end, *_ = env.step(a)
        best = max(best, r)
        assert not end
    assert best > 1.1, "the cube in the hand, where it shall be"


def test_the_quadrotor_hovers():
    """At rest, without an action, it stays where it is."""
    env = ukemi.gym.Env("Quadrotor")
    env.reset(seed=0)
    env.rows.state.x[0, 7:] = 0
    for _ in range(50):
        end = env.step(np.zeros(4))[2]
    np.testing.assert_allclose(env.rows.state.x[0, :7], [0, 0, 1.5, 1, 0, 0, 0], atol=1e-3)
    assert not end


def test_the_box_can_be_pushed():
    """By hand: the finger on the side that must go further leads."""
    env = ukemi.gym.Env("Push")
    for seed in range(3):
        o, _ = env.reset(seed=seed)
        near = 0.0
        for _ in range(300):
            away, turn = o[-3], o[-2]
            forward = np.clip(away / 0.05, 0, 0.5)
            o, r, end, *_ = env.step([forward - 0.6 * turn if away > 0.01 else -0.5, forward + 0.6 * turn if away > 0.01 else -0.5])
            near = max(near, r)
            assert not end
        assert near > 1.2


@pytest.mark.parametrize("name", NAMES)
def test_tasks_take_tensors(name):
    """What numpy computes, torch computes too, and differentiates."""
    torch = pytest.importorskip("torch", reason="left out: tasks on tensors, without torch")
    task, rng = ukemi.gym.TASKS[name](), np.random.default_rng(0)
    starts = [task.start(rng) for _ in range(3)]
    x, goal = np.stack([s for s, _ in starts]), np.stack([g for _, g in starts])
    a = rng.uniform(-1, 1, (3, task.actions))
    y = ukemi.Batch(task.model).step(x, task.inputs(x, a), sub=task.sub).state.x
    tx, ty, ta, tg = (torch.tensor(v, requires_grad=True) for v in (x, y, a, goal))
    pairs = [(task.inputs(x, a), task.inputs(tx, ta)), (task.observe(y, goal), task.observe(ty, tg))]
    pairs += zip(task.reward(x, y, a, goal), task.reward(tx, ty, ta, tg))
    assert task.observe(y, goal).shape == (3, task.observations)
    for n, t in pairs:
        np.testing.assert_allclose(t.detach().numpy(), n, rtol=1e-14, atol=1e-14)
    pairs[2][1].sum().backward()
    assert ta.grad.abs().sum() > 0 and ty.grad.abs().sum() > 0


def test_a_command_is_in_the_axes_of_the_trunk():
    """Turned to the left, forward is along y: the command that is followed to the number earns most, one to the side costs."""
    task = ukemi.gym.Quadruped()
    after = np.tile(task.model.start.x, (2, 1))
    after[:, 3:7] = np.cos(np.pi / 4), 0, 0, np.sin(np.pi / 4)
    after[:, task.model.nq + 5] = 0.3
    before = after.copy()
    before[:, 1] -= 0.7 * task.dt
    reward, over = task.reward(before, after, np.zeros((2, 12)), np.array([[0.7, 0, 0.3], [0, -0.7, 0.3]]))
    np.testing.assert_allclose(reward, [1.7, 0.7 + np.exp(-4 * 2 * 0.7**2)], rtol=1e-9)
    assert not over.any()


def test_pictures():
    """Rows in motion look different, the same state the same, whatever the environment."""
    envs = gymnasium.make_vec("ukemi/Ant-v0", num_envs=2, render_mode="rgb_array", width=64, height=48)
    env = gymnasium.make("ukemi/Ant-v0", render_mode="rgb_array", width=64, height=48)
    envs.reset(seed=4)
    env.reset(seed=4)
    for _ in range(5):
        envs.step(np.ones((2, 8)))
        env.step(np.ones(8))
    one, two = envs.render()
    assert one.shape == (48, 64, 3) and one.dtype == np.uint8 and one.std() > 10
    assert (one != two).any()
    np.testing.assert_array_equal(env.render(), one)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert ukemi.gym.Env("Ant").render() is None
    assert len(caught) == 1


def test_the_hopper_can_hop():
    """Gymnasium's: three motors, eleven numbers to see, and a leg that stretches lifts its foot off the ground with the torso upright."""
    task = ukemi.gym.Hopper()
    model, batch = task.model, ukemi.Batch(task.model, kappa=task.kappa)
    assert (task.actions, task.observations, model.links) == (3, 11, ("torso", "thigh", "leg", "foot"))
    assert [model.get(f"{j}.armature") for j in model.links[1:]] == [1, 1, 1]
    x = model.start.x
    x[3:6] = -0.6, 1.2, -0.6
    x[1] -= batch.distance(x, [("foot", "ground")]).gap[0] - 1e-3
    s, highest = model.state(x), 0.0
    for _ in range(20):
        action = np.clip(-(1000 * s.x[3:6] + 20 * s.x[9:12]) / task.torque, -1, 1)[None]
        s = batch.step(s, task.inputs(s.x[None], action)[0], sub=task.sub).state
        highest = max(highest, batch.distance(s, [("foot", "ground")]).gap[0])
        assert not task.fell(s.x[None])[0]
    assert highest > 0.05
    assert task.fell(np.array([[0, 1.2, 0.5, *[0] * 9], [0, 0.6, 0, *[0] * 9], [0, 1.2, 0, *[0] * 9]])).tolist() == [True, True, False]


def test_pages_for_humans(monkeypatch, tmp_path):
    """An episode that ended opens in the browser, with the bits that the environment had."""
    import ukemi.gym.env as module

    opened = []
    monkeypatch.setattr(module.webbrowser, "open", opened.append)
    monkeypatch.setattr(module.tempfile, "tempdir", str(tmp_path))
    env = gymnasium.make("ukemi/Hopper-v0", render_mode="human")
    for _ in range(2):
        env.reset(seed=2)
        for _ in range(4):
            env.step(env.action_space.sample())
    assert len(opened) == 1
    env.close()
    pages = [pathlib.Path(url.removeprefix("file://")).read_text() for url in opened]
    assert len(pages) == 2 and all("<html" in p for p in pages)


def test_films_have_the_bits_of_the_episode(tmp_path):
    env = ukemi.gym.Env("Quadruped")
    env.reset(seed=5)
    for _ in range(10):
        env.step(env.action_space.sample())
    batch, film = env.rows.batch, env.film()
    path = batch.rollout(env._first, film._u)
    np.testing.assert_array_equal(path.states.x[-1], env.rows.state.x[0])
    film.save(tmp_path / "walk.ukemi")
    assert (tmp_path / "walk.ukemi").read_bytes().startswith(b"ukemi-r")


@pytest.mark.forks
def test_many_processes_agree():
    """gymnasium's own vectors, forked ones too, give the observations of ours."""
    ours = play(ukemi.gym.VectorEnv(2, "Ant"), 5, n=2)
    for mode in ("sync", "async"):
        envs = gymnasium.make_vec("ukemi/Ant-v0", num_envs=2, vectorization_mode=mode)
        rng = np.random.default_rng(0)
        envs.reset(seed=3)
        for row in ours:
            o, r, *_ = envs.step(np.tile(rng.uniform(-1, 1, 8), (2, 1)).astype(np.float32))
            np.testing.assert_allclose(o, row[:, :-1], rtol=1e-3, atol=1e-3)  # actions were rounded on the way
        envs.close()


def test_nothing_before_a_reset():
    envs = gymnasium.make_vec("ukemi/CartpoleSwingup-v0", num_envs=3, autoreset_mode="Disabled", render_mode="rgb_array")
    for early in (lambda: envs.step(np.zeros((3, 1))), envs.render, lambda: envs.reset(options={"reset_mask": np.array([True, False, False])})):
        with pytest.raises(gymnasium.error.ResetNeeded, match="reset"):
            early()
