"""In CI every property is tried on the same examples; elsewhere hypothesis goes on looking for new ones."""

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
