"""gymnasium environments."""

import pickle
import warnings

import numpy as np
import pytest

gymnasium = pytest.importorskip("gymnasium", reason="left out: gymnasium, which is not here")
from gymnasium.utils.env_checker import check_env  # noqa: E402

import ukemi.gym  # noqa: E402

NAMES = list(ukemi.gym.TASKS)


@pytest.mark.parametrize("name", NAMES)
def test_checker(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(gymnasium.make(f"ukemi/{name}-v0").unwrapped, skip_render_check=True)


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

        def inputs(self, action):
            return 20 * action

        def observe(self, state, goal):
            return state.x[:, 2:3]

        def reward(self, before, after, action, goal):
            return after.x[:, 2], after.x[:, 2] > 1

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
    with pytest.raises(ValueError, match="human"):
        ukemi.gym.Env("Ant", render_mode="human")
    with pytest.raises(ukemi.ArgumentError, match="ankle_1.*NaN"):
        env.step([0, np.nan, 0, 0, 0, 0, 0, 0])


def test_an_environment_is_a_batch():
    """The observations are those of steps of a batch: h travels from action to action."""
    env = ukemi.gym.Env("Ant")
    env.reset(seed=5)
    task, batch, s = env.rows.task, ukemi.Batch(env.rows.task.model, kappa=env.rows.task.kappa), env.rows.state
    for k in range(20):
        a = np.sin(np.arange(8) + k)
        s = batch.step(s, task.inputs(a[None]), sub=task.sub).state
        np.testing.assert_array_equal(env.step(a)[0], s.x[0, 2:].astype(np.float32))
