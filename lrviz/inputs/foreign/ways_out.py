"""Hints that several refusals share: how to come to a schedule where a file or a command gives none."""

from __future__ import annotations

INSTEAD = "give the command that trains, behind --"
SCHEDULE_ALONE = "its schedule alone: lrviz show cosine --steps 1000"
