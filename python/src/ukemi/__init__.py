"""ukemi: a differentiable rigid-body physics engine with hard contact.

>>> import ukemi
>>> batch = ukemi.Batch(ukemi.load("ant"))
>>> states = batch.model.start.repeat(256)
>>> states = batch.step(states).state
"""

from .batch import CONTACT, Batch, Energy, Jacobian, Pull, Rollout, Step
from .errors import ArgumentError, Error, LoadWarning, ModelError, Status, StepError
from .model import Input, Joint, Model, Note, Parameter, load, zoo
from .picture import Renderer
from .film import Film, replay
from .state import State

__all__ = [
    "CONTACT", "ArgumentError", "Batch", "Energy", "Error", "Film", "Input", "Jacobian", "Joint", "LoadWarning", "Model", "ModelError", "Note",
    "Parameter", "Pull", "Renderer", "Rollout", "State", "Status", "Step", "StepError", "load", "replay", "zoo",
]  # fmt: skip
