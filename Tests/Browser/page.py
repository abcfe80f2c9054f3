"""A tab of the browser, with the gestures of a person: keys, clicks, files, looking."""

from __future__ import annotations

import base64
import json
import pathlib
import time

from chromium import Chromium, Failed

KEYS = {
    "Enter": (13, "\r"), "Tab": (9, ""), "Escape": (27, ""), " ": (32, " "), "Delete": (46, ""), "End": (35, ""), "Home": (36, ""),
    "ArrowLeft": (37, ""), "ArrowRight": (39, ""), "ArrowDown": (40, ""), "Backspace": (8, ""),
}


class Page:
    """One tab. What it logged as an error or a warning is in `errors`, the addresses it asked for in `requests`."""

    def __init__(self, browser: Chromium, width: int = 1440, height: int = 900, scale: float = 1):
        self.browser = browser
        self.target, self.session = browser.tab()
        self.errors: list[str] = []
        self.requests: list[str] = []
        browser.listeners.append(self._hear)
        for domain in ("Page", "Runtime", "Log", "Network", "DOM", "Accessibility"):
            self.send(f"{domain}.enable")
        self.size(width, height, scale)

    def send(self, method: str, **params) -> dict:
        return self.browser.send(method, self.session, **params)

    def _hear(self, message: dict) -> None:
        if message.get("sessionId") != self.session:
            return
        params = message.get("params", {})
        match message.get("method"):
            case "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                self.errors.append(details.get("exception", {}).get("description") or details.get("text", "exception"))
            case "Runtime.consoleAPICalled" if params.get("type") in ("error", "warning", "assert"):
                self.errors.append("console: " + " ".join(str(a.get("value", a.get("description"))) for a in params["args"]))
            case "Log.entryAdded" if params["entry"]["level"] in ("error", "warning"):
                self.errors.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])

    def size(self, width: int, height: int, scale: float = 1, touch: bool = False) -> None:
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=touch)
        self.send("Emulation.setTouchEmulationEnabled", enabled=touch)

    def media(self, scheme: str = "dark", motion: str = "no-preference") -> None:
        """Emulates the system's colour scheme and its wish for less motion."""
        self.send("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": motion}])

    def open(self, url: str) -> None:
        self.send("Page.navigate", url=url)
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'", "the page to load")

    def run(self, script: str):
        """Evaluates an expression (it may be a promise) and returns its JSON value."""
        result = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise Failed((details.get("exception") or {}).get("description") or details["text"])
        return result["result"].get("value")

    def until(self, script: str, what: str, seconds: float = 20):
        """Waits for an expression to become truthy and returns its value (true for an element)."""
        end = time.monotonic() + seconds
        while True:
            try:
                value = self.run(f"(async () => {{ const value = await ({script}); return value instanceof Node ? true : value; }})()")
                if value:
                    return value
            except Failed as problem:
                value = problem  # while a page loads, an expression may throw
            if time.monotonic() > end:
                raise Failed(f"waited {seconds:.0f} s for {what}; the expression is {value!r}")
            time.sleep(0.1)

    def key(self, key: str, shift: bool = False) -> None:
        """Presses one key."""
        code, text = KEYS.get(key, (ord(key.upper()) if len(key) == 1 and key.isalnum() else 0, key if len(key) == 1 else ""))
        common = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
        self.send("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **common)
        self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text: str) -> None:
        self.send("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """Clicks with a real mouse event on the middle of an element, after bringing it into view."""
        box = self.until(f"""(() => {{ const node = document.querySelector({json.dumps(selector)}); if (!node) return null;
            node.scrollIntoView({{block: 'center'}}); const box = node.getBoundingClientRect();
            if (!box.width) return null; const x = box.x + box.width / 2, y = box.y + box.height / 2;
            const top = document.elementFromPoint(x, y); return node.contains(top) || top?.contains(node) ? {{x, y}} : null; }})()""",
                         f"{selector} to be clickable")
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=box["x"], y=box["y"],
                      **({} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}))

    def give_files(self, selector: str, *paths: str) -> None:
        """Chooses files in a file field, as the file dialog would."""
        node = self.send("DOM.querySelector", nodeId=self.send("DOM.getDocument")["root"]["nodeId"], selector=selector)["nodeId"]
        self.send("DOM.setFileInputFiles", files=[str(pathlib.Path(path).resolve()) for path in paths], nodeId=node)

    def unnamed_controls(self) -> list[str]:
        """Controls of the accessibility tree that a screen reader could not name."""
        wanted = {"button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "slider", "switch", "meter", "progressbar", "dialog"}
        nodes = self.send("Accessibility.getFullAXTree")["nodes"]
        return [node["role"]["value"] for node in nodes if not node.get("ignored") and node.get("role", {}).get("value") in wanted
                and not (node.get("name") or {}).get("value")]

    def picture(self, path: pathlib.Path, whole: bool = False) -> None:
        """Writes a screenshot."""
        data = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        path.write_bytes(base64.b64decode(data))
