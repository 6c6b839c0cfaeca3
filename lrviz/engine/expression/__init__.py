"""The formula of a LambdaLR: Python arithmetic, read from a whitelist and never given to ``eval``."""

from __future__ import annotations

from lrviz.engine.expression.formula import Expression

__all__ = ["Expression"]
