"""stable-baselines3."""

import warnings

import numpy as np
import pytest

pytest.importorskip("stable_baselines3", reason="left out: stable-baselines3, which is not here")
from stable_baselines3 import PPO  # noqa: E402
from stable_baselines3.common.env_checker import check_env  # noqa: E402

import ukemi.gym  # noqa: E402
from ukemi.gym.sb3 import SB3VecEnv  # noqa: E402


@pytest.mark.parametrize("name", list(ukemi.gym.TASKS))
def test_checker(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(ukemi.gym.Env(name, render_mode="rgb_array", width=32, height=32))


def test_the_end_of_episodes():
    """The last observation and the return of an episode are in infos, the observation is that of the next one; seeds repeat bits."""
    task = ukemi.gym.CartpoleSwingup()
    task.max_steps = 3
    envs = SB3VecEnv(2, task)
    seen = []
    for _ in range(2):
        envs.seed(3)
        path = [envs.reset()]
        total = np.zeros(2)
        for k in range(6):
            o, r, done, infos = envs.step(np.full((2, 1), 0.5))
            path.append(o)
            total = r if k == 3 else total + r
            assert done.all() == done.any() == (k in (2, 5))
            if done.all():
                assert all(i["TimeLimit.truncated"] and i["episode"]["l"] == 3 for i in infos)
                np.testing.assert_allclose([i["episode"]["r"] for i in infos], total, rtol=1e-6)
                assert not np.array_equal(infos[0]["terminal_observation"], o[0])
        seen.append(path)
    np.testing.assert_array_equal(*seen)
    assert envs.get_attr("task") == [task, task] and envs.env_is_wrapped(object) == [False, False]
    with pytest.raises(ValueError, match="share"):
        envs.set_attr("steps", 0, indices=0)


def test_ppo_runs():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of theirs
        learner = PPO("MlpPolicy", SB3VecEnv(4, "Ant"), n_steps=8, batch_size=16, n_epochs=1, device="cpu", seed=0)
        learner.learn(64)
    assert learner.num_timesteps == 64


def test_images():
    envs = SB3VecEnv(2, "Ant", render_mode="rgb_array", width=32, height=24)
    envs.reset()
    assert [i.shape for i in envs.get_images()] == [(24, 32, 3)] * 2
