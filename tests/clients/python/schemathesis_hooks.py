"""Keeps schemathesis from sawing off the branch that it sits on: its own client and user stay as they are."""

import os

import schemathesis

PROTECTED = set(os.environ.get("COUNTERSIGN_PROTECTED", "").split())


@schemathesis.hook
def before_call(context, case, kwargs):
    """Leads what would change the run's own client or user to nowhere."""
    if case.method.upper() == "GET":
        return
    parameters = case.path_parameters or {}
    for name, value in parameters.items():
        if value in PROTECTED:
            parameters[name] = "0" * 24
