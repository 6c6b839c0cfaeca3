"""The parts of lrviz."""

LAYERS = (
    "errors",
    "notation",
    "engine",
    "plan",
    "catalogue",
    "schedules",
    "resolve",
    "resumption",
    "view",
    "inputs",
    "draw",
    "curves",
    "describe",
    "identification",
    "compare",
    "findings",
    "checks",
    "export",
    "page",
    "report",
    "snippets",
    "api",
    "cli",
)
"""From the ground up: each imports itself and what stands before it."""
