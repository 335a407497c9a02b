"""Exceptions, and what can become of a row."""

from __future__ import annotations

import enum

import numpy as np
from numpy.typing import NDArray


class Status(enum.IntEnum):
    """What became of a row."""

    SOLVED = 0
    FAILED = 1  #: a step did not converge, even divided: the row keeps its state, derivatives are zero
    NO_DERIVATIVE = 2  #: it stepped, but has no derivative: that is zero
    CANCELED = 3  #: Ctrl-C ended the call before this row's turn


class Error(Exception):
    """What the engine reports. Its text names file and line, joint, contact or row."""


class ModelError(Error):
    """A model could not be loaded or changed."""


class ArgumentError(Error, ValueError):
    """An argument is wrong: nothing was computed."""


class StepError(Error):
    """Rows whose step failed. ``status`` has a :class:`Status` for every row; the text tells of the first that failed."""

    def __init__(self, text: str, status: NDArray[np.int32]) -> None:
        super().__init__(text, status)
        self.status = status

    def __str__(self) -> str:
        return str(self.args[0])


class LoadWarning(UserWarning):
    """A model moves otherwise than its file says."""
