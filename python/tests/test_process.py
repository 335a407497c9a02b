"""Threads, forks, signals, leaks and broken handles."""

import concurrent.futures
import ctypes
import functools
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from conftest import random_states

import ukemi
from ukemi import _native


def test_threads_share_a_batch(ant):
    batch, s = ukemi.Batch(ant), random_states(ant, 16)
    want = batch.step(s).state.x
    out = [None] * 8

    def work(k):
        for _ in range(20):
            out[k] = batch.step(s).state.x

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    for x in out:
        np.testing.assert_array_equal(x, want)


def test_python_runs_during_a_call(ant):
    """The library works without Python's lock."""
    batch, s = ukemi.Batch(ant, workers=1), random_states(ant, 64)
    ticks, done = 0, threading.Event()

    def tick():
        nonlocal ticks
        while not done.wait(0.001):
            ticks += 1

    t = threading.Thread(target=tick)
    t.start()
    before = ticks
    batch.rollout(s, steps=400, strict=False)
    during = ticks - before
    done.set()
    t.join()
    assert during > 3


def _child(job):
    batch, s, want = job
    return bool((batch.step(s).state.x == want).all())


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="left out: forks, which need memfd_create")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning", "ignore:.*fork.*:RuntimeWarning")
def test_fork(ant):
    """The threads of a Go runtime do not survive a fork: a child gets a runtime of its own, also while the parent steps."""
    batch, s = ukemi.Batch(ant), random_states(ant, 8)
    want = batch.step(s).state.x
    stop = threading.Event()

    def step():
        while not stop.is_set():
            batch.step(s)

    t = threading.Thread(target=step)
    t.start()
    try:
        for _ in range(50):
            pid = os.fork()
            if pid == 0:
                signal.alarm(30)  # a child that hangs ends
                os._exit(0 if (batch.step(s).state.x == want).all() and ukemi.load("cartpole").nu == 1 else 3)
            assert os.waitpid(pid, 0)[1] == 0
    finally:
        stop.set()
        t.join()
    np.testing.assert_array_equal(batch.step(s).state.x, want)


def test_fork_without_memfd(monkeypatch):
    monkeypatch.setattr(_native, "generation", 1)
    monkeypatch.delattr(os, "memfd_create", raising=False)
    with pytest.raises(ImportError, match="spawn"):
        _native._open()


def _nested(job):
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.map_async(_child, [job]).get(60) == [True] and _child(job)


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="left out: forks, which need memfd_create")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning", "ignore:.*fork.*:RuntimeWarning")
def test_a_fork_of_a_fork(ant):
    batch, s = ukemi.Batch(ant, workers=1), random_states(ant, 2)
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
        assert pool.submit(_nested, (batch, s, batch.step(s).state.x)).result(60)


METHODS = ["fork", "spawn", "forkserver"]


def _needs(method):
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"left out: {method}, which this system does not have")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning", "ignore:.*fork.*:RuntimeWarning")
def test_pool(ant, method):
    _needs(method)
    batch, s = ukemi.Batch(ant, workers=1), random_states(ant, 4)
    want = batch.step(s).state.x
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map_async(_child, [(batch, s, want)] * 4).get(60) == [True] * 4


class _Frames:
    """A data set whose items are made by the engine."""

    def __init__(self, batch, s):
        self.batch, self.s = batch, s

    def __len__(self):
        return len(self.s)

    def __getitem__(self, i):
        return self.batch.step(self.s[i]).state.x


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning", "ignore:.*fork.*:RuntimeWarning")
def test_data_loader(ant, method):
    torch = pytest.importorskip("torch", reason="left out: torch's DataLoader, without torch")
    _needs(method)
    batch, s = ukemi.Batch(ant, workers=1), random_states(ant, 6)
    want = batch.step(s).state.x
    loader = torch.utils.data.DataLoader(_Frames(batch, s), batch_size=2, num_workers=2, multiprocessing_context=method, timeout=60)
    np.testing.assert_array_equal(torch.cat(list(loader)), want)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore:.*fork.*:RuntimeWarning")
def test_async_vector_env(method):
    """gymnasium's environments in processes, of which ukemi needs none."""
    gymnasium = pytest.importorskip("gymnasium", reason="left out: AsyncVectorEnv, without gymnasium")
    import ukemi.gym  # noqa: F401

    _needs(method)
    make = functools.partial(gymnasium.make, "ukemi.gym:ukemi/Ant-v0")  # a new process has to import it
    sync, async_ = gymnasium.vector.SyncVectorEnv([make] * 2), gymnasium.vector.AsyncVectorEnv([make] * 2, context=method)
    try:
        np.testing.assert_array_equal(sync.reset(seed=3)[0], async_.reset(seed=3)[0])
        for action in np.random.default_rng(0).uniform(-1, 1, size=(3, 2, 8)).astype(np.float32):
            for a, b in zip(sync.step(action)[:4], async_.step(action)[:4]):
                np.testing.assert_array_equal(a, b)
    finally:
        async_.close()
        sync.close()


@pytest.mark.skipif(os.name != "posix", reason="left out: signals")
@pytest.mark.parametrize("rows", [1, 64])
@pytest.mark.parametrize("what", ["rollout", "rollout_vjp"])
def test_interrupt(ant, what, rows, ctrl_c):
    """Ctrl-C ends a long call within 0.1 s, and the batch works on. Time is that of the processor: others use it too."""
    batch, s, t = ukemi.Batch(ant), random_states(ant, rows), 1_600_000 // rows
    want = batch.step(s).state.x
    if what == "rollout":
        call, args = batch.rollout, (s, np.zeros((rows, t, ant.nu)))
    else:
        call, args = batch.rollout_vjp, (s, None, np.broadcast_to(0.0, (rows, t // 50, ant.nx)).copy())
    sent = []

    def press():
        sent.append(time.process_time())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(0.4, press)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        call(*args, strict=False)
    took = time.process_time() - sent[0]
    assert took < 0.1 * 2, f"{took} s of two processors"
    np.testing.assert_array_equal(batch.step(s).state.x, want)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_nothing_leaks():
    gc.collect()
    live = _native.library().ukemi_live()
    for _ in range(50):
        m = ukemi.load("cartpole")
        b = ukemi.Batch(m.with_parameters({"gravity.z": -1.0}), workers=1)
        b.step(m.start)
    assert _native.library().ukemi_live() == live + 3, "two models and a batch"
    del m, b
    assert _native.library().ukemi_live() == live, "without the collector"


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="left out: how much memory is taken, which Linux tells")
def test_memory_stays_as_it_is():
    """Of thousands of loads, batches and steps, after as many that filled what is kept for later."""

    def taken():
        with open("/proc/self/statm") as f:
            return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def use(times):
        for _ in range(times):
            m = ukemi.load("pendulum")
            b = ukemi.Batch(m, workers=1)
            b.rollout(m.start, steps=20)
            b.jacobian(m.start, parameters=["gravity.z"])
            with pytest.raises(ukemi.ArgumentError):
                b.step(m.start, np.zeros(7))
        gc.collect()
        return taken()

    before = use(1500)
    assert use(1500) < before + 8e6


def test_broken_handles(ant):
    """What is freed, garbage or of another kind is an error text, not a crash."""
    batch = ukemi.Batch(ant)
    x, out, n = ant.start.repeat(1).x, np.zeros((1, 29)), np.zeros(1, np.int32)
    freed = ukemi.Batch(ant)
    gone = freed._handle()
    del freed
    for handle, want in ((gone, "not valid"), (0, "not valid"), (2**63, "not valid"), (ant._handle(), "is not a")):
        with pytest.raises(ukemi.ArgumentError, match=want):
            _native.call("ukemi_energy", handle, 1, x.ctypes.data, None, out.ctypes.data)
    _native.library().ukemi_free(gone)
    _native.library().ukemi_free(12345678)
    out, need, err = ctypes.c_uint64(), ctypes.c_int64(), ctypes.create_string_buffer(500)
    empty = {_native._S: b"{}", _native._P: None, _native._N: 0, _native._I: 0, _native._OUT: ctypes.byref(out), _native._NEED: ctypes.byref(need)}
    broken = []
    for name, (_, kinds) in _native._SIGNATURES.items():
        if _native._H in kinds and kinds[-2:] == _native._ERR:
            arguments = [gone if kind is _native._H else empty[kind] if kind in empty else ctypes.byref(ctypes.c_double()) for kind in kinds[:-2]]
            assert getattr(_native.library(), name)(*arguments, err, len(err)) == -1 and b"not valid" in err.value, name
            broken.append(name)
    job = _native.JOB.pack(*[0] * 30, ctypes.addressof(err), len(err))
    assert _native.library().ukemi_job_run(gone, job) == -1 and b"not valid" in err.value
    assert len(broken) > 12 and n[0] == 0 and batch.step(ant.start).status == 0


def test_a_call_that_is_too_large(ant):
    x, batch = ant.start.x, ukemi.Batch(ant)
    for n in (-1, 1 << 62):
        with pytest.raises(ukemi.ArgumentError, match="out of range"):
            _native.call("ukemi_energy", batch._handle(), n, x.ctypes.data, None, x.ctypes.data)


def test_a_reader_that_has_enough():
    """python -m ukemi MODEL | head ended in a traceback."""
    with subprocess.Popen([sys.executable, "-m", "ukemi", "quadruped"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as shown:
        shown.stdout.close()
        assert shown.stderr.read() == b"" and shown.wait(60) == 0
