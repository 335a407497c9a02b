"""Bound states: the same steps, in place."""

import concurrent.futures
import copy
import gc
import os
import pickle
import signal
import threading

import numpy as np
import pytest
from conftest import random_states

import ukemi


def test_the_same_bits(ant):
    batch, u = ukemi.Batch(ant), np.random.default_rng(0).normal(size=(20, 3, 8))
    for n, sub in ((None, 1), (3, 2)):
        s = random_states(ant, 3) if n else random_states(ant, 1)[0]
        b = batch.bind(n, sub=sub)
        np.testing.assert_array_equal(b.x, np.broadcast_to(ant.start.x, b.x.shape))
        b.reset(s)
        for v in u:
            v = v if n else v[0]
            b.u[...] = v
            step = batch.step(s, v, sub=sub)
            s, where = step.state, b.x
            b.step()
            assert where is b.x
            np.testing.assert_array_equal(b.x, s.x)
            np.testing.assert_array_equal(b.h, s.h)
            np.testing.assert_array_equal(b.iterations, step.iterations)
        last = b.state
        b.sub = 1
        b.step()
        np.testing.assert_array_equal(b.x, batch.step(s, v).state.x)
        np.testing.assert_array_equal(last.x, s.x, err_msg="a copy")


def test_one_state_is_a_row_of_many(ant):
    """A step of one state takes another way than rows do."""
    batch, s, u = ukemi.Batch(ant), random_states(ant, 4), np.random.default_rng(0).normal(size=(4, 8))
    rows = batch.step(s, u, sub=3)
    for i in (2, 0, 3):
        one = batch.step(s[i], u[i], sub=3)
        np.testing.assert_array_equal(one.state.x, rows.state.x[i])
        assert (one.state.h, one.status, one.iterations) == (rows.state.h[i], 0, rows.iterations[i])
        assert one.contacts is None and repr(one) == repr(ukemi.Step(one.state, one.status, one.iterations))
    np.testing.assert_array_equal(batch.step(s[0]).state.x, batch.step(s).state.x[0], err_msg="an input of before")


@pytest.mark.parametrize("options", [{}, {"sub": 3, "tangent": True}, {"parameters": ["gravity.z", "torso.mass"]}])
def test_derivatives_of_one_state_are_those_of_a_row(ant, options):
    """Also in turn, with inputs and without, and from several threads."""
    batch, s, u = ukemi.Batch(ant), random_states(ant, 8), np.random.default_rng(0).normal(size=(8, 8))
    names = {k: v for k, v in options.items() if k == "parameters"}
    rows, pulled = batch.jacobian(s, u, **options), batch.vjp(s, u, s.x, **names)
    without = batch.jacobian(s, **options).x

    def work(i):
        j, p = batch.jacobian(s[i], u[i], **options), batch.vjp(s[i], u[i], s.x[i], **names)
        for got, want in (*zip((j.x, j.u, j.parameters), (rows.x, rows.u, rows.parameters)), *zip((p.x, p.u, p.parameters), (pulled.x, pulled.u, pulled.parameters))):
            np.testing.assert_array_equal(got, want[i])
        np.testing.assert_array_equal(j.state.x, rows.state.x[i])
        assert (j.state.h, j.status, p.status) == (rows.state.h[i], 0, 0)
        np.testing.assert_array_equal(batch.jacobian(s[i], **options).x, without[i])

    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        list(threads.map(work, [2, 0, 3, 1, 7, 6, 5, 4] * 3))

    s.x[1, ant.joint("floating_base").v] = 1e10
    for call in (lambda **k: batch.jacobian(s[1], u[1], **options, **k), lambda **k: batch.vjp(s[1], u[1], s.x[0], **names, **k)):
        with pytest.raises(ukemi.StepError, match="1 of 1 rows") as e:
            call()
        assert e.value.status.tolist() == [1]
        failed = call(strict=False)
        assert failed.status == ukemi.Status.FAILED and not failed.x.any() and not failed.u.any()


def test_failures(ant):
    batch, s = ukemi.Batch(ant), random_states(ant, 3)
    b = batch.bind(3)
    s.x[1, ant.joint("floating_base").v] = 1e10
    b.reset(s)
    with pytest.raises(ukemi.StepError, match="1 of 3 rows: row 1: .*floating_base") as e:
        b.step()
    assert e.value.status.tolist() == [0, 1, 0]
    np.testing.assert_array_equal(b.x[1], s.x[1])
    b.step(strict=False)
    assert b.status.tolist() == [0, 1, 0]
    with pytest.raises(ukemi.StepError, match="1 of 1 rows"):
        batch.step(s[1])
    assert batch.step(s[1], strict=False).status == ukemi.Status.FAILED
    b.x[2, 3] = np.nan
    with pytest.raises(ukemi.ArgumentError, match="row 2"):
        b.step()


def test_what_is_refused(ant):
    batch = ukemi.Batch(ant)
    b = batch.bind(3)
    for state in (ant.start.repeat(2), ukemi.load("cartpole").start, ant.start.x):
        with pytest.raises(ukemi.ArgumentError, match="does not fit|another model"):
            b.reset(state)
    for call in (lambda: batch.bind(0), lambda: batch.bind(1.5), lambda: batch.bind(sub=0), lambda: setattr(b, "sub", -1)):
        with pytest.raises(ukemi.ArgumentError, match="want"):
            call()
    s = ant.start
    for state, u in ((s, np.zeros(7)), (s, [np.nan] * 8), (ukemi.load("cartpole").start, None)):
        with pytest.raises(ukemi.ArgumentError):
            batch.step(state, u)
    s.h = np.zeros(3)
    with pytest.raises(ukemi.ArgumentError, match="h has shape"):
        batch.step(s)


def test_threads_step_one_state_each(ant):
    batch, s = ukemi.Batch(ant), random_states(ant, 8)
    want = batch.step(s, sub=20).state.x
    out = [None] * 8

    def work(i):
        x = s[i]
        for _ in range(20):
            x = batch.step(x).state
        out[i] = x.x

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    np.testing.assert_array_equal(out, want)


@pytest.mark.skipif(os.name != "posix", reason="left out: signals")
def test_interrupt(ant, ctrl_c):
    b = ukemi.Batch(ant).bind(sub=10_000_000)
    threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        b.step()


def test_what_is_assigned_is_taken(ant):
    """b.u = … left the engine with the old array, without a word."""
    b, batch, u = ukemi.Batch(ant).bind(), ukemi.Batch(ant), np.linspace(-1, 1, 8)
    b.u = u
    b.x, b.h = batch.step(ant.start).state.x, 0.01
    want = batch.step(batch.step(ant.start).state, u).state.x
    b.step()
    np.testing.assert_array_equal(b.x, want)
    b.u += 1
    np.testing.assert_array_equal(b.u, u + 1)
    for name, value in (("x", np.zeros(3)), ("u", "none"), ("h", [0.0, 1.0])):
        with pytest.raises(ukemi.ArgumentError, match=f"{name} has"):
            setattr(b, name, value)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda b: pickle.loads(pickle.dumps(b))])
@pytest.mark.parametrize("n", [None, 3])
def test_copies_are_their_own(ant, again, n):
    """A copy has the same states and buffers of its own; once it shared, and freed, a value of the library under the others."""
    batch = ukemi.Batch(ant, kappa=1e-3)
    b = batch.bind(n, sub=2)
    b.u[:] = 0.3
    b.step()
    twin = again(b)
    assert twin.sub == 2
    for name in ("x", "h", "u", "status", "iterations"):
        np.testing.assert_array_equal(getattr(twin, name), getattr(b, name))
        assert not np.shares_memory(getattr(twin, name), getattr(b, name))
    before = b.x.copy()
    twin.step()
    np.testing.assert_array_equal(b.x, before)
    b.step()
    np.testing.assert_array_equal(twin.x, b.x)
    del twin
    gc.collect()
    b.step()
    batch.step(ant.start)


def test_everything_copies(ant):
    """Models, batches, states and what calls return survive copies of theirs; a value of the library alone does not pickle."""
    batch = ukemi.Batch([ant, ant.with_parameters({"gravity.z": -1.0})], sensors=[ant.links[0]])
    there = [ant, batch, ant.start, batch.step(ant.start, forces=True), batch.rollout(ant.start, steps=2), batch.energy(ant.start), ant.parameters()]
    for again in (copy.copy, copy.deepcopy, lambda b: pickle.loads(pickle.dumps(b))):
        for x in there:
            assert repr(again(x)) == repr(x)
        picture = ukemi.Renderer(ant, 32, 32)
        np.testing.assert_array_equal(again(picture).render(ant.start), picture.render(ant.start))
        gc.collect()
        batch.step(ant.start)
    with pytest.raises(TypeError, match="does not pickle"):
        pickle.dumps(ant._handle)
    assert copy.deepcopy(ant._handle) is ant._handle
