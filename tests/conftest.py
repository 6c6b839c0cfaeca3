"""How the tests run: on how many cores, which of them are quick, on which examples."""

import inspect
import os
import shlex
import subprocess
from functools import cache
from pathlib import Path

import pytest
from browser import PROGRAM, browser
from commands import loaded, new_process, run, start
from every import check_each
from hypothesis import HealthCheck, is_hypothesis_test, settings
from own_code import write_code

from lrviz.draw import fonts
from lrviz.draw.image import draw, render

TESTS = str(Path(__file__).parent)
SLOW = {id(one) for one in (check_each, draw, render, loaded, new_process, run, start, subprocess)}
SHARED = {"entry", "loaded_by", "folders", "lrviz_says", "opened", "plain"}
UPDATES = {"LRVIZ_UPDATE_CASES", "LRVIZ_UPDATE_README"}

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines are noisy
settings.register_profile("unhurried", UNHURRIED)
settings.register_profile("ci", UNHURRIED, derandomize=True)
settings.register_profile("fresh", UNHURRIED, database=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "unhurried")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Every core, nothing long; named files, and what rewrites files, run whole and in one process."""
    whole = config.args_source is config.ArgsSource.TESTPATHS and not UPDATES & os.environ.keys()
    config.option.markexpr = config.option.markexpr or ("not long and not fuzz" if whole else "not fuzz")
    is_worker = hasattr(config, "workerinput")  # one of those cores, which must not ask for more
    if whole and not is_worker and getattr(config.option, "numprocesses", 0) is None:
        config.option.numprocesses = "auto"


def pytest_collection_modifyitems(items):
    """Mark what hypothesis makes examples for, and what is quick: no whole catalogue, process or picture."""
    for item in items:
        if is_hypothesis_test(item.function):
            item.add_marker("property")
        elif is_quick(item):
            item.add_marker("quick")


def is_quick(item):
    return not (item.get_closest_marker("long") or SHARED & set(item.fixturenames) or is_slow(item.function))


@cache
def is_slow(function):
    """Whether it starts a process, runs a command or draws: itself, or by what it calls of the tests' own."""
    reached, ahead = set(), [function]
    while ahead:
        reached.add(one := ahead.pop())
        called = [one.__globals__.get(name) for name in names_in(one.__code__)]
        if any(id(each) in SLOW for each in called):
            return True
        ahead += {each for each in called if inspect.isfunction(each) and is_of_tests(each)} - reached
    return False


def is_of_tests(function):
    return function.__code__.co_filename.startswith(TESTS)


def names_in(code):
    """What a function's code names, in its comprehensions too."""
    inner = (one for one in code.co_consts if inspect.iscode(one))
    return {*code.co_names, *(name for one in inner for name in names_in(one))}


@pytest.fixture
def lrviz_says(tmp_path):
    """Stdout of a command that succeeds in silence."""

    def say(command, **more):
        done = run(tmp_path, *shlex.split(command), **more)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return say


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    """A folder with code of a user's own, none of which is known yet."""
    monkeypatch.setattr("lrviz.catalogue.own._KNOWN", {})
    write_code(tmp_path)
    return tmp_path


@pytest.fixture
def no_font(monkeypatch):
    """A machine that knows of no font but that of pictures."""
    monkeypatch.setattr(fonts, "installed", tuple)
    fonts.family_of.cache_clear()
    yield
    fonts.family_of.cache_clear()


@pytest.fixture
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def tab(tmp_path_factory):
    """A browser; CI has one."""
    if PROGRAM is None and not os.environ.get("CI"):
        pytest.skip("there is no Chromium here: apt-get install chromium")
    with browser(tmp_path_factory.mktemp("profile")) as one:
        yield one


@pytest.fixture
def opened(tab, tmp_path):
    """A page of these words, open; nothing was asked for but itself, and nothing complained until the end."""

    def open_page(*words, fragment="", **shape):
        done = run(tmp_path, "plot", *words, "-o", "page.html", "-q")
        assert done.returncode == 0, done.stderr
        tab.shape(**shape)
        tab.open((tmp_path / "page.html").as_uri() + fragment)
        return tab

    yield open_page
    tab.run("0")
    assert tab.complaints == []
    assert [url.partition("#")[0] for url in tab.requests] == [(tmp_path / "page.html").as_uri()]


def pytest_terminal_summary(terminalreporter):
    """How many cases of each grammar the fuzz has tried, and how many of them failed."""
    reports = [one for kind in ("passed", "failed") for one in terminalreporter.stats.get(kind, ())]
    tried = [value for one in reports for key, value in one.user_properties if key == "fuzz"]
    for grammar, seed in sorted({(grammar, seed) for grammar, seed, *_ in tried}):
        counts = [(count, failed) for *whose, count, failed in tried if whose == [grammar, seed]]
        count, failed = map(sum, zip(*counts, strict=True))
        terminalreporter.write_line(f"seed {seed}: {count:6} {grammar}, {failed} failed")
