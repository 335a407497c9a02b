"""ukemi: a differentiable rigid-body physics engine with hard contact.

>>> import ukemi
>>> batch = ukemi.Batch(ukemi.load("ant"))
>>> states = batch.model.start.repeat(256)
>>> states = batch.step(states).state
"""

from .batch import CONTACT, Batch, Energy, Jacobian, Pull, Rollout, Step
from .bound import Bound
from .errors import ArgumentError, Error, LoadWarning, ModelError, Status, StepError
from .film import Film, replay
from .model import Input, Joint, Model, Note, Parameter, Sensor, load, zoo
from .picture import Renderer
from .queries import Distance, Frames, Hits
from .state import State
from .sysid import Estimate, Fit, Unknown, fit
from .trajopt import Plan, SearchError, Term, optimize
from .world import HeightField, Mesh, Surface

__all__ = [
    "CONTACT", "ArgumentError", "Batch", "Bound", "Distance", "Energy", "Error", "Estimate", "Film", "Fit", "Frames", "HeightField", "Hits",
    "Input", "Jacobian", "Joint", "LoadWarning", "Mesh", "Model", "ModelError", "Note", "Parameter", "Plan", "Pull", "Renderer", "Rollout",
    "SearchError", "Sensor", "State", "Status", "Step", "StepError", "Surface", "Term", "Unknown", "fit", "load", "optimize", "replay", "zoo",
]  # fmt: skip
