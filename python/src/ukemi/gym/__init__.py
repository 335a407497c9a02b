"""gymnasium environments.

>>> import gymnasium, ukemi.gym
>>> env = gymnasium.make("ukemi/Ant-v0")
>>> envs = gymnasium.make_vec("ukemi/Ant-v0", num_envs=64)

There is one vector environment, which steps all rows on all cores in one call, and an environment of one row of it. What is
rewarded is a :class:`Task`, written for all rows at once: give your own as ``VectorEnv(64, task=MyTask())``. Row i of a vector
environment that was seeded with s does what an environment seeded with s + i does, bit for bit.

:mod:`ukemi.gym.sb3` has the vector environment of stable-baselines3.
"""

from .env import Env, VectorEnv, register
from .legs import Ant, HalfCheetah, Hopper, Humanoid, Quadruped, Walker2d
from .poles import CartpoleSwingup, InvertedPendulum
from .task import Array, Task, namespace
from .things import Gripper, Push

__all__ = [
    "TASKS", "Ant", "Array", "CartpoleSwingup", "Env", "Gripper", "HalfCheetah", "Hopper", "Humanoid", "InvertedPendulum", "Push",
    "Quadruped", "Task", "VectorEnv", "Walker2d", "namespace", "register",
]  # fmt: skip

#: The tasks that come with the package, registered as ``ukemi/NAME-v0``.
TASKS: dict[str, type[Task]] = {
    task.__name__: task for task in (Ant, HalfCheetah, Hopper, Walker2d, Humanoid, InvertedPendulum, CartpoleSwingup, Quadruped, Push, Gripper)
}

for _task in TASKS.values():
    register(_task)
