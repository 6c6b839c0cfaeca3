"""What a key of the run is: how its value is read, and what else there is to know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from lrviz.errors import LrvizError, SpecError, UnfitError
from lrviz.notation.mending import mended
from lrviz.notation.nearest import nearest
from lrviz.notation.rendering import shown
from lrviz.notation.spec import parse_typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lrviz.catalogue.roles import Role
    from lrviz.notation.spec import Value

Reader: TypeAlias = "Callable[[Key, Value], Any]"


class Unfit(Exception):  # noqa: N818  (no error yet: the key words it)
    """A value is not what its key takes, with what it takes and examples of that where nobody guesses it."""

    def __init__(self, takes: str = "", *examples: str) -> None:
        super().__init__(takes)
        self.examples = examples


class Key(NamedTuple):
    """What a key of a run takes, in words and as its reader, and what it says to whom.

    ``metavar`` and ``help`` are those of its option, which one without ``option`` does not have. ``choices``
    are words it takes, ``roles`` those of the parameters it fills, ``rivals`` the keys that say the same in
    another way, of which the one that wins beats the others. A run with phases says it to each of them where
    it goes ``to_phases``; ``[defaults]`` may hold it where it may be true of several schedules. The option of
    one that is ``repeatable`` may stand several times, as a list.
    """

    name: str
    reader: Reader
    takes: str
    example: str
    metavar: str
    help: str
    in_plan: bool = False
    option: bool = True
    choices: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    rivals: tuple[str, ...] = ()
    to_phases: bool = False
    shared: bool = True
    repeatable: bool = False

    def read(self, value: Value) -> Any:
        """What the value means; None is nothing said.

        Raises:
            LrvizError: the key does not take it.

        """
        if value is None:
            return None
        error: LrvizError
        try:
            return self.reader(self, value)
        except Unfit:
            text = f"{self.name} must be {self.takes}, got {shown(value)}"
            error = UnfitError(text, hint=self._way(value))
        except SpecError as raised:
            error = raised
        if meant := self._meant(value):
            error.template = f"<{self.name}={meant}>"
        raise error from None

    def _way(self, value: Value) -> str:
        """The choice most like it, else all of them; an example where there are none."""
        near = nearest(str(value).lower(), self.choices)
        ways = [near] if near else self.choices or [self.example]
        return " or ".join(f"<{self.name}={way}>" for way in ways)

    def _meant(self, value: Value) -> str:
        """What a text, or a decimal with a comma, was meant to be, if the key takes that; else nothing."""
        texts: Iterable[str] = mended(value) if isinstance(value, str) else ()
        if isinstance(value, tuple) and len(value) == 2 and all(type(one) is int for one in value):
            texts = (f"{value[0]}.{value[1]}",)
        return next((text for text in texts if self.takes_text(text)), "")

    def takes_text(self, text: str) -> bool:
        """Whether the key takes what is typed behind it."""
        try:
            self.reader(self, parse_typed(self.name, text))
        except (Unfit, LrvizError):
            return False
        return True


def option_of(name: str) -> str:
    """The option that gives a key."""
    return "--" + name.replace("_", "-")
