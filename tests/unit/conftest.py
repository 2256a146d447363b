"""Property tests are not timed: on a busy machine a slow example says nothing about the rule it tries."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
