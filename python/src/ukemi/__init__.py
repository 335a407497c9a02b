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
from .model import Input, Joint, Model, Note, Parameter, load, zoo
from .picture import Renderer
from .state import State
from .sysid import Estimate, Fit, Unknown, fit
from .trajopt import Plan, SearchError, Term, optimize

__all__ = [
    "CONTACT", "ArgumentError", "Batch", "Bound", "Energy", "Error", "Estimate", "Film", "Fit", "Input", "Jacobian", "Joint", "LoadWarning",
    "Model", "ModelError", "Note", "Parameter", "Plan", "Pull", "Renderer", "Rollout", "SearchError", "State", "Status", "Step",
    "StepError", "Term", "Unknown", "fit", "load", "optimize", "replay", "zoo",
]  # fmt: skip
