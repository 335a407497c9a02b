"""ukemi: a differentiable rigid-body physics engine with hard contact.

>>> import ukemi
>>> batch = ukemi.Batch(ukemi.load("ant"))
>>> states = batch.model.start.repeat(256)
>>> states = batch.step(states).state
"""

from .batch import CONTACT, Batch, Energy, Jacobian, Pull, Rollout, Step
from .bound import Bound
from .errors import ArgumentError, Error, LoadWarning, ModelError, Status, StepError
from .model import Input, Joint, Model, Note, Parameter, Sensor, load, zoo
from .queries import Distance, Frames, Hits
from .state import State
from .world import HeightField, Mesh, Surface

__all__ = [
    "CONTACT", "ArgumentError", "Batch", "Bound", "Distance", "Energy", "Error", "Frames", "HeightField", "Hits", "Input", "Jacobian", "Joint",
    "LoadWarning", "Mesh", "Model", "ModelError", "Note", "Parameter", "Pull", "Rollout", "Sensor", "State", "Status", "Step", "StepError",
    "Surface", "load", "zoo",
]  # fmt: skip
