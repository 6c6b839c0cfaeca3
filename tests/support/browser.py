"""A headless Chromium, told what to do over a pipe by its own protocol: no driver, no port, no package."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from itertools import count

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PROGRAM = next(filter(None, map(shutil.which, NAMES)), None)
SWITCHES = (
    "--headless",
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-pipe",
)
CODES = {"ArrowLeft": 37, "ArrowRight": 39, "Home": 36, "End": 35, "Escape": 27, "l": 76}
SHIFT = 8


class Browser:
    """One tab; ``requests`` and ``complaints`` are those since the last ``open``."""

    def __init__(self, to, back):
        self.to, self.back, self.numbers = to, back, count(1)
        self.requests, self.complaints, self.loads, self.session = [], [], 0, None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")
        self.shape()

    def ask(self, method, **params):
        """Send a command, and take in what happens until its answer."""
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.to.write(json.dumps(message).encode() + b"\0")
        self.to.flush()
        while (answer := self._next()).get("id") != number:
            self._heard(answer)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def _next(self):
        letters = bytearray()
        while (letter := self.back.read(1)) != b"\0":
            assert letter, "the browser has ended"
            letters += letter
        return json.loads(letters)

    def _heard(self, event):
        method, params = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Page.loadEventFired":
            self.loads += 1
        elif method in {"Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"}:
            self.complaints.append(params)

    def open(self, url):
        """Go there from an empty page, each until all of it is loaded and its script has run."""
        for address in ("about:blank", url):
            self.requests, self.complaints, self.loads = [], [], 0
            self.ask("Page.navigate", url=address)
            while not self.loads:
                self._heard(self._next())

    def run(self, expression):
        """The value of an expression; a promise's, once it has one."""
        done = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def until(self, condition):
        """Look at every frame whether something holds; a page that never comes to it fails the test."""
        frames = """new Promise((done, fail) => {
            let left = 600;
            const look = () => (%s) ? done(true) : left-- ? setTimeout(look, 16) : fail(new Error("never"));
            look();
        })"""
        self.run(frames % condition)

    def shape(self, width=1100, height=900, *, phone=False, dark=False, scripts=True):
        """The window, and what its reader prefers."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        self.ask("Emulation.setScriptExecutionDisabled", value=not scripts)

    def key(self, key, *, shift=False):
        typed = {"text": key} if len(key) == 1 else {}
        what = {"key": key, "windowsVirtualKeyCode": CODES[key], "modifiers": SHIFT * shift}
        self.ask("Input.dispatchKeyEvent", type="keyDown", **what, **typed)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **what)

    def mouse(self, kind, x, y, clicks=1):
        """``Moved``, ``Pressed`` or ``Released`` there."""
        button = {} if kind == "Moved" else {"button": "left", "clickCount": clicks}
        self.ask("Input.dispatchMouseEvent", type=f"mouse{kind}", x=x, y=y, **button)

    def click(self, x, y, times=1):
        for clicks in range(1, times + 1):
            self.mouse("Pressed", x, y, clicks)
            self.mouse("Released", x, y, clicks)

    def screenshot(self, path):
        content = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
        path.write_bytes(base64.b64decode(content))


@contextmanager
def browser(folder):
    """Start it with a profile in ``folder``, and end it."""
    (their_in, to), (back, their_out) = os.pipe(), os.pipe()

    def as_three_and_four():
        ends = os.dup(their_in), os.dup(their_out)
        os.dup2(ends[0], 3)
        os.dup2(ends[1], 4)

    process = subprocess.Popen(
        [PROGRAM, *SWITCHES, f"--user-data-dir={folder}"],
        preexec_fn=as_three_and_four,  # noqa: PLW1509  (no threads here; the descriptors are the protocol's)
        pass_fds=(3, 4),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(their_in)
    os.close(their_out)
    with os.fdopen(to, "wb") as writes, os.fdopen(back, "rb") as reads:
        yield Browser(writes, reads)
        process.terminate()
        process.wait(timeout=20)
