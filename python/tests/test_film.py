"""Pictures, pages and recordings."""

import pickle

import numpy as np
import pytest

import ukemi


def test_pictures(ant):
    """The body is where the state says: orange pixels move with it where the camera stays, and stay where it follows."""

    def orange(renderer, x):
        picture = renderer.render(x).astype(int)
        return np.argwhere((picture[..., 0] > 150) & (picture[..., 2] < 90))

    still, follow = ukemi.Renderer(ant, 96, 64, follow=False), ukemi.Renderer(ant, 96, 64, workers=1)
    start, moved = ant.start, ant.start
    moved.x[2] += 0.3
    a, b = orange(still, start), orange(still, moved)
    assert len(a) > 20 and b[:, 0].mean() < a[:, 0].mean() - 3
    moved = ant.start
    moved.x[:2] = 100, -50
    assert len(orange(still, moved)) == 0
    np.testing.assert_allclose(orange(follow, moved).mean(0), orange(follow, start).mean(0), atol=0.5)
    np.testing.assert_array_equal(follow.render(start), pickle.loads(pickle.dumps(follow)).render(start.x))
    np.testing.assert_array_equal(still.render(start), follow.render(start))


def test_what_pictures_refuse(ant):
    for bad in (dict(width=8), dict(height=5000), dict(azimuth=np.nan), dict(distance=-1), dict(show=np.zeros((2, 3))), dict(show=np.zeros((0, ant.nx)))):
        with pytest.raises(ukemi.ArgumentError):
            ukemi.Renderer(ant, **bad)
    with pytest.raises(ukemi.ArgumentError, match="state has shape"):
        ukemi.Renderer(ant).render(ant.start.repeat(2))
    with pytest.raises(ukemi.ArgumentError, match="number 3 of the state is NaN"):
        ukemi.Renderer(ant).render(np.r_[np.zeros(3), np.nan, np.zeros(ant.nx - 4)])


def test_pages(ant, tmp_path):
    """With inputs the page knows forces and energies; without it shows the states."""
    batch = ukemi.Batch(ant, kappa=1e-4)
    path = batch.rollout(ant.start, np.zeros((50, ant.nu))).states
    known, plain = ukemi.replay(batch, path, np.zeros((50, ant.nu)), title="A walk", fps=100), ukemi.replay(ant, path)
    assert "A walk" in known.html and len(known.html) > len(plain.html) > 100_000
    known.save(tmp_path / "x.html")
    assert (tmp_path / "x.html").read_text(encoding="utf-8") == known.html
    assert known._repr_html_().startswith("<iframe srcdoc=") and "50 steps" in repr(known) and "51 states" in repr(plain)


def test_recordings_have_the_same_bits(ant, tmp_path):
    batch, u = ukemi.Batch(ant, kappa=1e-4), np.random.default_rng(0).normal(size=(30, ant.nu))
    path = batch.rollout(ant.start, u).states
    ukemi.replay(batch, path, u).save(tmp_path / "x.ukemi")
    ukemi.replay(batch, path[0], u).save(tmp_path / "y.ukemi")
    data = (tmp_path / "x.ukemi").read_bytes()
    assert data.startswith(b"ukemi-r\n") and data == (tmp_path / "y.ukemi").read_bytes()
    assert b'"kappa":0.0001' in data.lower() or b'"Kappa":0.0001' in data


def test_what_films_refuse(ant, tmp_path):
    path = ukemi.Batch(ant).rollout(ant.start, steps=3).states
    with pytest.raises(ukemi.ArgumentError, match="inputs of every step"):
        ukemi.replay(ant, path).save(tmp_path / "x.ukemi")
    with pytest.raises(ukemi.ArgumentError, match="html or .ukemi"):
        ukemi.replay(ant, path).save(tmp_path / "x.mp4")
    with pytest.raises(ukemi.ArgumentError, match="want those of one row"):
        ukemi.replay(ant, ant.start.repeat(2).x[None])
    with pytest.raises(ukemi.ArgumentError, match="u has shape"):
        ukemi.replay(ant, path, np.zeros((3, 2)))
    bad = path.x.copy()
    bad[1, 4] = np.inf
    with pytest.raises(ukemi.ArgumentError, match="state 1"):
        ukemi.replay(ant, bad).html


def test_a_failed_step_ends_the_film(ant):
    wild = ant.start
    wild.v[3] = 1e10
    assert len(ukemi.replay(ant, wild, np.zeros((5, ant.nu))).html) > 100_000
