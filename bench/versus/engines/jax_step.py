"""The side of MJX (MuJoCo in JAX) and of Brax (its generalized pipeline), compiled for the CPU, one world. The
interface of all engines is in ../README.md.

    jax_step.py step FILE SECONDS mjx|brax

JAX computes on threads of its own: the time is that of the whole process, with one thread asked for.
"""
import contextlib, json, os, sys, time, warnings
from importlib.metadata import version

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"
warnings.simplefilter("ignore")

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)


def mjx_world(file, q, v):
    """The start and the function of a step by state and input."""
    import mujoco
    from mujoco import mjx
    model = mjx.put_model(mujoco.MjModel.from_xml_path(file))
    return mjx.make_data(model).replace(qpos=q, qvel=v), lambda x, u: mjx.step(model, x.replace(ctrl=u))


def brax_world(file, q, v):
    from brax.generalized import pipeline
    from brax.io import mjcf
    system = mjcf.load(file)
    return jax.jit(pipeline.init)(system, q, v), lambda x, u: pipeline.step(system, x, u)


def main(file, seconds, variant):
    tokens = open(file + ".txt").read().split()
    nq, nv, nu, warm, run = map(int, tokens[1:6])
    rest = np.array(tokens[6:], float)
    inputs = jnp.array(rest[nq + nv:].reshape(warm + run, nu))
    began = time.monotonic()
    world = {"mjx": mjx_world, "brax": brax_world}[variant]
    with contextlib.redirect_stdout(sys.stderr):  # both print what they cannot import
        start, step = world(file + ".xml", jnp.array(rest[:nq]), jnp.array(rest[nq:nq + nv]))

    @jax.jit
    def steps(x, first, end):  # a loop of any length is compiled once
        return jax.lax.fori_loop(first, end, lambda k, y: step(y, inputs[k]), x)

    start = jax.tree.map(lambda x: jnp.asarray(x, dtype=x.dtype), start)  # weak types would be compiled again
    start = jax.block_until_ready(steps(start, 0, warm))
    compiled = time.monotonic() - began
    last = jax.block_until_ready(steps(start, warm, warm + run))
    us, end = [], time.process_time() + seconds
    while len(us) < 3 or time.process_time() < end:
        t = time.process_time()
        last = jax.block_until_ready(steps(start, warm, warm + run))
        us.append(1e6 * (time.process_time() - t) / run)
    if not all(np.isfinite(np.asarray(x)).all() for x in jax.tree.leaves(last)):
        sys.exit("its state is not finite")
    ours = "%s (JAX %s)" % (version({"mjx": "mujoco-mjx", "brax": "brax"}[variant]), version("jax"))
    print(json.dumps({"what": "step", "version": ours, "dof": nv, "us": us, "compile_s": compiled}))


if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] != "step":
        sys.exit("only steps are measured here")
    try:
        main(sys.argv[2], float(sys.argv[3]), sys.argv[4])
    except Exception as e:  # one line: what the table says of it
        sys.exit("%s: %s" % (type(e).__name__, str(e).split("\n")[0]))
