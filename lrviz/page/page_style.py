"""The style of a page: ``page.css``, in the colours of a theme, with the dashes of the pictures."""

from __future__ import annotations

from lrviz.draw.theme import DASHES, LINE_WIDTH, THEMES
from lrviz.page.squeezed import source, squeezed


def page_style(theme: str) -> str:
    """The style of text, tables and charts."""
    return squeezed(_text_style(theme) + _looks() + source("chart.css"), "css")


def report_style() -> str:
    """The style of text, tables and pictures."""
    return squeezed(_text_style() + source("report.css"), "css")


def _text_style(theme: str = "") -> str:
    """Without a theme in the colours that their reader likes. Paper is light, but of a dark theme."""
    if theme:
        return _colors(theme) + source("page.css")
    dark = f"@media screen and (prefers-color-scheme: dark) {{\n{_colors('dark')}}}\n"
    return _colors("light") + dark + source("page.css")


def _looks() -> str:
    """The colour of each hue, and each kind of dashes, by the numbers that curves have."""
    hues = "".join(f".c{hue} {{ color: var(--c{hue}); }}\n" for hue in range(len(THEMES["light"].palette)))
    lengths = (" ".join(f"{LINE_WIDTH * one:g}" for one in dashes) for dashes in DASHES)
    return hues + "".join(
        f".d{kind} {{ stroke-dasharray: {one}; }}\n" for kind, one in enumerate(lengths) if one
    )


def _colors(name: str) -> str:
    """The colours of a theme as variables of the style sheet."""
    own = THEMES[name]._asdict()
    own |= {f"c{hue}": color for hue, color in enumerate(own.pop("palette"))}
    said = " ".join(f"--{what}: {color.lower()};" for what, color in own.items())
    return f":root {{ color-scheme: {'dark' if name == 'dark' else 'light'}; {said} }}\n"
