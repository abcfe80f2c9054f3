#!/usr/bin/env python3
"""Drives the dashboard of a running server in a real browser: from an empty page over a session to a deleted clip.

usage: Tests/Browser/dashboard.py --url http://127.0.0.1:3000 --video demo-out/stream.mp4 [--chat demo-out/chat.json]
           [--token TOKEN] [--screenshots FOLDER] [--chromium PROGRAM] [--ffmpeg PROGRAM] [--patience SECONDS]
           [--pace realtime|fast] [--only STEP,STEP]

Needs Debian's chromium and ffmpeg, and Python 3.10 or newer; nothing of pip. The server must take streams by RTMP. It may
hold sessions and clips of before; the test adds two sessions and deletes the clips that it cut itself. Exit status 0 where every step held, 1 where one failed
(the steps after it are still tried where they can be), 2 where the server or the browser is not there.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from chromium import Chromium, Failed, Gone
from live import Encoder, LiveSteps
from page import Page
from wire import Wire

HERE = pathlib.Path(__file__).resolve().parent
HOSTILE = '<img src=x onerror="window.pwned=1">'
TITLE = f"Won it {HOSTILE}"
BIG = 30_000_000
"""A recording above this size goes in pieces, and the wire is cut while it does."""


class Dashboard(LiveSteps):
    """The steps, in their order; each is a method whose first line says what must hold."""

    def __init__(self, options: argparse.Namespace, browser: Chromium, wire: Wire, encoder: Encoder):
        self.options, self.browser, self.wire, self.encoder = options, browser, wire, encoder
        self.url = f"http://127.0.0.1:{wire.port}/"
        self.page = Page(browser)
        self.page.media("dark")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hypeclip-files-"))
        self.session = self.clip = ""

    def looks(self, name: str) -> None:
        if self.options.screenshots:
            self.page.picture(self.options.screenshots / f"{name}.png")

    def get(self, path: str):
        """Asks the API from within the page, so with its cookie."""
        return self.page.run(f"fetch({json.dumps(path)}).then(async a => ({{status: a.status, body: await a.json().catch(() => null)}}))")

    def probe(self, call: str):
        return self.page.run((HERE / "probes.js").read_text() + f"; probes.{call}")

    def same(self, what: str, got, wanted) -> None:
        if got != wanted:
            raise Failed(f"{what}: {got!r}, not {wanted!r}")

    # Opening

    def opens(self):
        """The page opens, asks for the token where one is needed, and is connected."""
        page = self.page
        page.open(self.url)
        login = self.get("/api/login")["body"]
        if login["required"] and not login["authenticated"]:
            page.until("document.querySelector('#login-dialog').open", "the log-in dialog")
            page.type("wrong")
            page.key("Enter")
            page.until("!document.querySelector('#login-error').hidden", "the refusal of a wrong token")
            self.looks("login")
            page.run("document.querySelector('#login-dialog input').select()")
            page.type(self.options.token)
            page.key("Enter")
            page.until("!document.querySelector('#login-dialog').open", "the dialog to close")
            page.errors[:] = [error for error in page.errors if "401" not in error]
        page.until("document.querySelector('#connection').dataset.state === 'open'", "the stream of events")
        page.until("document.querySelector('#health-button').dataset.state", "the health of the server")
        self.looks("opened-dark")

    def modules(self):
        """The pure modules do what they say."""
        self.same("wrong", self.page.run((HERE / "modules.js").read_text()), [])

    def health(self):
        """Health names each part, and why one is not fine."""
        page = self.page
        page.click("#health-button")
        parts = self.get("/health")["body"]["parts"]
        self.same("parts", page.run("document.querySelectorAll('#health-panel .parts li').length"), len(parts))
        for entry in parts.values():
            if entry.get("reason"):
                page.until(f"document.querySelector('#health-panel').textContent.includes({json.dumps(entry['reason'])})", "a reason")
        page.key("Escape")
        self.same("the panel is closed", page.run("document.querySelector('#health-panel').hidden"), True)

    # A session

    def refuses(self):
        """Mistakes are said in the dialog, with the remedy of the server."""
        page = self.page
        page.key("n")
        page.until("document.querySelector('#start-dialog').open", "the dialog of a new session")
        page.click("#start-form .go")
        page.until("document.querySelector('#start-error').textContent.includes('recording')", "a word about the missing recording")
        text = self.folder / "notes.mp4"
        text.write_text("This is no recording.\n" * 40)
        page.give_files("input[name=video]", str(text))
        page.click("#start-form .go")
        said = page.until("!document.querySelector('#start-error').hidden && document.querySelector('#start-error').textContent", "the server's refusal", 60)
        print(f"    the server says: {said}")
        self.looks("refused")
        page.errors[:] = [error for error in page.errors if "status of 4" not in error]
        page.key("Escape")
        page.run("(() => { const data = new DataTransfer(); data.items.add(new File(['x'], 'dropped.mkv')); data.items.add(new File(['{}'], 'said.json'));"
                 " dispatchEvent(new DragEvent('drop', {dataTransfer: data, cancelable: true})); })()")
        page.until("document.querySelector('#start-dialog').open && document.querySelector('#start-form').textContent.includes('dropped.mkv')"
                   " && document.querySelector('[data-pick=chat].has-file')", "dropped files to be sorted into the dialog")
        page.click("[data-pick=chat] .clear")

    def starts(self):
        """A recording with a hostile name is sent, over a lost connection, with its chat log; the session appears."""
        page, options = self.page, self.options
        video = self.folder / f"{HOSTILE}{options.video.suffix}"
        try:
            os.link(options.video, video)
        except OSError:
            shutil.copy(options.video, video)
        page.give_files("input[name=video]", str(video))
        if options.chat:
            page.give_files("input[name=chat]", str(options.chat))
        page.run(f"document.querySelector('#start-form [name=pace][value={options.pace}]').click()")
        page.run("document.querySelector('#start-form [name=channel]').focus()")
        page.type("browser_test")
        before = {entry["id"] for entry in self.get("/api/sessions?limit=50")["body"]["items"]}
        self.looks("new-session")
        big = options.video.stat().st_size > BIG
        if big:
            self.wire.cut_after(20_000_000)
        page.click("#start-form .go")
        page.until("!document.querySelector('.transfer').hidden", "the progress of the upload", 5)
        if big:
            page.until("document.querySelector('.transfer .what').textContent.includes('lost')", "the lost connection to be said", 60)
            self.looks("upload-lost")
            self.wire.mend()
            page.until("document.querySelector('.transfer .what').textContent.includes('Sending') || !document.querySelector('#start-dialog').open", "the upload to go on", 60)
        page.until("!document.querySelector('#start-dialog').open", "the session to start", options.patience)
        page.until("document.querySelector('#panels .session')", "its panel")
        self.session = next(entry["id"] for entry in self.get("/api/sessions?limit=50")["body"]["items"] if entry["id"] not in before)
        name = page.run(f"document.getElementById('panel-{self.session}').textContent")
        self.same("the name of the file is text", HOSTILE in name, True)

    def running_session(self) -> str:
        if not self.session:
            raise Failed("no session was started")
        return self.session

    @property
    def panel(self) -> str:
        return f"[data-key={json.dumps(self.running_session())}].session"

    def signals(self):
        """All three gauges and the timeline move; what is missing says so."""
        page = self.page
        for kind in ("chat", "voice", "face"):
            page.until(f"document.querySelector('{self.panel} .gauge.{kind}').dataset.state", f"the gauge of {kind}", self.options.patience)
        page.until(f"['calm', 'alarm'].includes(document.querySelector('{self.panel} .gauge.voice').dataset.state)", "a level of the voice", self.options.patience)
        position = f"document.querySelector('{self.panel} .position b').textContent"
        before, at = self.probe(f"painted('{self.panel} .stage canvas')"), page.run(position)
        if before["part"] < 0.3:
            raise Failed(f"only {before['part']:.0%} of the timeline is painted")
        page.until(f"{position} !== {json.dumps(at)}", "the position to move", 30)
        page.until(f"document.querySelector('{self.panel} .gauge.voice .words').textContent.length > 3", "the evidence of the voice")
        time.sleep(1)
        if self.probe(f"painted('{self.panel} .stage canvas')")["sum"] == before["sum"]:
            raise Failed("the timeline stands still")
        self.same("the threshold is drawn", page.run(f"document.querySelectorAll('{self.panel} .gauge .meter .mark').length"), 3)
        missing = page.run(f"[...document.querySelectorAll('{self.panel} .gauge[data-state=missing]')].map(g => g.querySelector('.words').textContent)")
        self.same("every missing gauge has a reason", all(missing), True)
        self.looks("live-dark")

    def clip_that(self):
        """The key C cuts a clip by hand; its progress becomes a card."""
        page = self.page
        if page.run(f"document.querySelector('{self.panel}').dataset.state") != "running":
            raise Failed("the session was over before a clip could be asked for; use --pace realtime")
        page.key("c")
        page.until("document.querySelector('.card.cutting') || document.querySelector('.card[data-rule=hand]')", "the progress of the clip", 60)
        self.looks("cutting")

    def moment(self):
        """A decision arrives with its evidence, marks the timeline, and moves it."""
        page, session = self.page, self.running_session()
        page.until(f"[...document.querySelectorAll('#moment-list > li')].some(m => m.dataset.key.startsWith('{session}:') && !m.classList.contains('nearMiss'))",
                   "a moment", self.options.patience)
        key = page.run(f"[...document.querySelectorAll('#moment-list > li')].find(m => m.dataset.key.startsWith('{session}:') && !m.classList.contains('nearMiss')).dataset.key")
        page.click(f"li[data-key={json.dumps(key)}] .moment-line")
        page.until(f"document.querySelectorAll('li[data-key={json.dumps(key)}] .vote').length === 3", "three votes")
        # What is out of sight is not drawn.
        page.run(f"document.querySelector('{self.panel}').scrollIntoView()")
        page.until(f"document.querySelector('{self.panel} .moment-mark[data-chosen]')", "its mark in the timeline")
        self.same("the timeline stays with it", page.run(f"document.querySelector('{self.panel} .follow').getAttribute('aria-pressed')"), "false")
        page.key("l")
        page.until(f"document.querySelector('{self.panel} .follow').hidden || document.querySelector('{self.panel} .follow').getAttribute('aria-pressed') === 'true'", "to follow again")

    def table(self):
        """The timeline can be read as a table."""
        page = self.page
        page.click(f"{self.panel} .as-table summary")
        page.until(f"document.querySelectorAll('{self.panel} .as-table tbody tr').length > 1", "rows")
        text = page.until(f"document.querySelector('{self.panel} .as-table tbody').textContent.match(/0\\.\\d\\d/)?.[0]", "a score in it")
        self.same("a score", bool(text), True)
        page.click(f"{self.panel} .as-table summary")

    # A clip

    def clip_arrives(self):
        """A clip of the session arrives as a card with picture, kinds, length and tags."""
        page = self.page
        mine = f"[...document.querySelectorAll('.card')].find(c => c.clip?.sessionId === '{self.running_session()}' && c.clip.trigger.kinds.length)"
        self.clip = page.until(f"{mine}?.dataset.key", "the clip", self.options.patience)
        page.run(f"{self.card}.scrollIntoView({{block: 'center'}})")
        page.until(f"{self.card}.querySelector('.screen img')?.naturalWidth > 0", "its picture")
        self.same("kinds", page.run(f"{self.card}.querySelectorAll('.badge.chat, .badge.voice, .badge.face').length"),
                  len(self.get(f"/api/clip/{self.clip}")["body"]["trigger"]["kinds"]))
        page.until(f"document.querySelector('{self.panel} .clip-span')", "it in the timeline")
        self.looks("clip")

    @property
    def card(self) -> str:
        if not self.clip:
            raise Failed("no clip arrived")
        return f"document.querySelector('.card[data-key={json.dumps(self.clip)}]')"

    def plays(self):
        """It plays in its place, and the player can jump."""
        page = self.page
        page.click(f".card[data-key={json.dumps(self.clip)}] .play")
        video = f"{self.card}.querySelector('video')"
        page.until(f"{video}?.currentTime > 0.3", "the picture to run", 30)
        page.run(f"(async () => {{ const v = {video}; v.currentTime = v.duration - 1; await new Promise(r => v.addEventListener('seeked', r, {{once: true}})); v.pause(); }})()")
        self.same("error", page.run(f"{video}.error"), None)
        self.looks("playing")

    def renamed(self):
        """The title is edited by keyboard, kept by the server, and never markup."""
        page = self.page
        page.run(f"{self.card}.focus()")
        page.key("e")
        page.until("document.activeElement.matches('.card h3 input')", "the field")
        page.type(TITLE)
        page.key("Enter")
        page.until(f"{self.card}.querySelector('.title')?.textContent === {json.dumps(TITLE)}", "the new title")
        self.same("title at the server", self.get(f"/api/clip/{self.clip}")["body"]["title"], TITLE)
        self.same("focus", page.run("document.activeElement.matches('.title')"), True)

    def kept(self):
        """It is kept, and the filter finds it."""
        page = self.page
        page.run(f"{self.card}.focus()")
        page.key("p")
        page.until(f"{self.card}.querySelector('.keep').getAttribute('aria-pressed') === 'true'", "the pin")
        self.same("keep at the server", self.get(f"/api/clip/{self.clip}")["body"]["keep"], True)
        page.key("/")
        page.type("Won it")
        page.click("#clip-filter .switch")
        page.until("[...document.querySelectorAll('#clip-list .card')].every(c => c.clip.keep && c.clip.title.startsWith('Won it'))", "the filter")
        page.until(f"{self.card}", "the clip among them")
        page.run("document.querySelector('#clip-filter').reset(); document.querySelector('#clip-filter').dispatchEvent(new Event('input'))")

    def again(self):
        """After the page is loaded again everything is there, the levels too, and no script of others ran."""
        page = self.page
        page.send("Page.reload")
        time.sleep(0.5)
        page.until(f"document.readyState === 'complete' && {self.card}?.querySelector('.title')?.textContent === {json.dumps(TITLE)}", "the clip", 30)
        self.same("a script ran", page.run("window.pwned ?? null"), None)
        self.same("markup came in", page.run("document.querySelectorAll('img[src=\"x\"]').length"), 0)
        if page.run(f"document.querySelector('{self.panel}')?.dataset.state ?? 'finished'") != "running":
            return
        # The voice is heard all the time, so each row of the table must know it, those of before too.
        page.click(f"{self.panel} .as-table summary")
        rows = f"[...document.querySelectorAll('{self.panel} .as-table tbody tr')]"
        page.until(f"{rows}.length > 1 && {rows}.every(row => row.children[2].textContent !== 'not looked at')", "the levels of before")
        page.click(f"{self.panel} .as-table summary")

    def stopped(self):
        """The session is stopped after a question."""
        page = self.page
        if page.run(f"document.querySelector('{self.panel}')?.dataset.state ?? 'finished'") not in ("running", "starting"):
            return
        page.key("x")
        page.until("document.querySelector('#confirm-dialog').open", "the question")
        page.click("#confirm-dialog .danger")
        page.until(f"['stopped', 'finished'].includes(document.querySelector('{self.panel}').dataset.state)", "the end", 60)
        self.same("state at the server", self.get(f"/api/sessions/{self.session}")["body"]["state"] in ("stopped", "finished"), True)
        page.until(f"document.querySelector('{self.panel} .gauge.voice .words').textContent.startsWith('Spoke for')", "what the voice did in it")

    def deleted(self):
        """It is deleted after a question that names it; the record says what, why and with which hash."""
        page = self.page
        page.run(f"{self.card}.focus()")
        page.key("Delete")
        page.until("document.querySelector('#confirm-dialog').open", "the question")
        self.same("the question names it", TITLE in page.run("document.querySelector('#confirm-text').textContent"), True)
        self.same("Cancel has the focus", page.run("document.activeElement.value"), "no")
        self.looks("delete")
        page.key("Escape")
        self.same("nothing happened", self.get(f"/api/clip/{self.clip}")["status"], 200)
        page.run(f"{self.card}.focus()")
        page.key("Delete")
        page.click("#confirm-dialog .danger")
        page.until(f"!{self.card}", "the card to go")
        self.same("at the server", self.get(f"/api/clip/{self.clip}")["status"], 404)
        record = page.until(f"[...document.querySelectorAll('.deletion')].find(d => d.textContent.includes({json.dumps(TITLE)}))?.textContent", "the record")
        self.same("it has a hash", "…" in record, True)
        page.errors[:] = [error for error in page.errors if "404" not in error]
        self.looks("deleted")

    # Everybody

    def reconnects(self):
        """A lost connection is said and found again, and what happened meanwhile is there."""
        page = self.page
        victim = page.until("document.querySelector('.card[data-key]:not(.cutting)')?.dataset.key", "another clip", self.options.patience)
        self.wire.cut()
        try:
            page.until("document.querySelector('#connection').textContent === 'Reconnecting…'", "the loss to be said", 30)
            self.looks("reconnecting")
            self.directly("DELETE", f"/api/clip/{victim}")
        finally:
            self.wire.mend()
        page.until("document.querySelector('#connection').dataset.state === 'open'", "the connection", 30)
        page.until(f"!document.querySelector('.card[data-key={json.dumps(victim)}]')", "the card to go")
        page.until("[...document.querySelectorAll('.deletion')].length > 1", "its record")
        page.errors[:] = [error for error in page.errors if "net::ERR_" not in error]

    def directly(self, method: str, path: str) -> None:
        """Asks the server around the wire."""
        request = urllib.request.Request(self.options.url.rstrip("/") + path, method=method)
        if self.options.token:
            request.add_header("Authorization", f"Bearer {self.options.token}")
        try:
            urllib.request.urlopen(request, timeout=20).close()
        except OSError as error:
            raise Failed(f"{method} {path} around the wire: {error}") from None

    def keyboard(self):
        """Everything is reached by Tab, each stop is visible and named; dialogs give the focus back."""
        page = self.page
        page.run("document.activeElement.blur(); document.querySelectorAll('.toast').forEach(t => t.remove()); scrollTo(0, 0)")
        page.open(self.url)
        page.until("document.querySelector('#connection').dataset.state === 'open'", "the page")
        stops = []
        for _ in range(40):
            page.key("Tab")
            at = self.probe("focus()")
            if not at:
                break
            if not at["ring"]:
                raise Failed(f"the focus cannot be seen on {at['name']}")
            if not at["label"] and "input" not in at["name"] and "select" not in at["name"] and "stage" not in at["name"]:
                raise Failed(f"{at['name']} has no name")
            stops.append(at["name"])
        for wanted in ("a.skip", "#health-button", "#theme-button", "#help-button", "#new-button"):
            if not any(wanted in stop for stop in stops):
                raise Failed(f"Tab never came to {wanted}: {stops}")
        self.same("the first stop", stops[0], "a.skip")
        page.run("document.querySelector('#new-button').focus()")
        page.key("Enter")
        page.until("document.querySelector('#start-dialog').open", "the dialog")
        page.key("Escape")
        page.until("!document.querySelector('#start-dialog').open", "the dialog to close")
        self.same("the focus is back", page.run("document.activeElement.id"), "new-button")
        page.key("?")
        page.until("document.querySelector('#help-dialog').open", "the help")
        self.looks("help")
        page.run("document.querySelector('#keys-on').click()")
        page.key("Escape")
        page.key("n")
        self.same("keys are off", page.run("document.querySelector('#start-dialog').open"), False)
        page.key("?")
        page.run("document.querySelector('#keys-on').click()")
        page.key("Escape")

    def names(self):
        """Every control has a name for a screen reader, headings follow their order."""
        self.same("without a name", self.page.unnamed_controls(), [])
        levels = self.page.run("[...document.querySelectorAll('h1, h2, h3')].filter(h => h.checkVisibility()).map(h => Number(h.tagName[1]))")
        self.same("one h1", levels.count(1), 1)
        self.same("levels that are skipped", [b for a, b in zip(levels, levels[1:]) if b > a + 1], [])
        self.same("language", self.page.run("document.documentElement.lang"), "en")

    def colours(self):
        """Dark and light are two, the switch wins over the system, and the contrast is AA in both."""
        page = self.page
        grounds, seen = {}, {}
        for scheme in ("dark", "light"):
            page.media(scheme, "reduce")
            time.sleep(0.4)
            grounds[scheme] = page.run("getComputedStyle(document.body).backgroundColor")
            for view in ("live", "help"):
                if view == "help":
                    page.key("?")
                found = self.probe("contrast()")
                if found["seen"] < 15:
                    raise Failed(f"only {found['seen']} texts were measured")
                self.same(f"low contrast, {scheme} {view}", found["bad"], [])
                page.key("Escape")
            self.looks(f"whole-{scheme}")
            if page.run("!!document.querySelector('.session .stage')"):
                seen[scheme] = page.run("(() => { const c = document.querySelector('.session .stage canvas'), o = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true}); o.drawImage(c, 8, c.height / 5, 1, 1, 0, 0, 1, 1); return [...o.getImageData(0, 0, 1, 1).data]; })()")
        if seen:
            self.same("the lanes change too", sum(seen["dark"][:3]) < 250 < sum(seen["light"][:3]), True)
        self.same("dark is not light", grounds["dark"] != grounds["light"], True)
        page.media("light")
        page.key("t")
        self.same("the switch", page.run("getComputedStyle(document.body).backgroundColor"), grounds["dark"])
        page.key("t")
        page.key("t")
        self.same("back to the system", page.run("document.documentElement.dataset.theme ?? null"), None)
        page.media("dark")

    def motion(self):
        """Who wants less motion gets none."""
        self.page.media("dark", "reduce")
        time.sleep(0.3)
        self.same("animations", self.page.run("document.getAnimations().filter(a => a.playState === 'running').length"), 0)
        self.page.media("dark")

    def phone(self):
        """On a phone nothing sticks out, one part is shown at a time, and fingers can hit everything."""
        try:
            self.look_small()
        finally:
            self.page.size(1440, 900)

    def look_small(self):
        page = self.page
        page.size(360, 740, 2, touch=True)
        for view in ("live", "clips", "moments", "deletions"):
            page.run(f"document.querySelector('.tabs a[href=\"#{view}\"]').click()")
            page.until(f"[...document.querySelectorAll('.view')].filter(v => v.checkVisibility()).map(v => v.id).join() === '{view}'", f"{view} alone")
            time.sleep(0.4)
            self.same(f"sticks out, {view}", self.probe("overflow()"), [])
            self.same(f"too small, {view}", self.probe("smallTargets()"), [])
            self.looks(f"phone-{view}")
        page.run("document.querySelector('#new-button').click()")
        time.sleep(0.3)
        self.same("sticks out, new session", self.probe("overflow()"), [])
        self.looks("phone-new-session")
        page.key("Escape")
        # Whoever is logged in has one button more.
        known = page.run("document.querySelector('#logout-button').hidden")
        page.run("document.querySelector('#logout-button').hidden = false")
        for width in (320, 870, 1000, 1110, 1310):
            page.size(width, 900)
            time.sleep(0.2)
            self.same(f"sticks out, {width} pixels, logged in", self.probe("overflow()"), [])
        page.run(f"document.querySelector('#logout-button').hidden = {json.dumps(known)}")
        for width in (870, 1000, 2560):
            page.size(width, 900)
            time.sleep(0.3)
            self.same(f"sticks out, {width} pixels", self.probe("overflow()"), [])
            self.looks(f"wide-{width}")

    def quiet(self):
        """The console is silent, and nothing was asked of another host."""
        self.same("console", self.page.errors, [])
        own = tuple(f"{scheme}{self.url.split('://')[1]}" for scheme in ("http://", "https://"))
        self.same("strangers", sorted({url for url in self.page.requests if not url.startswith((*own, "data:", "blob:", "about:"))}), [])

    def steps(self):
        opening = [self.opens, self.modules, self.health, self.refuses]
        session = [self.starts, self.signals, self.clip_that, self.moment, self.table, self.clip_arrives]
        clip = [self.plays, self.renamed, self.kept, self.again]
        everybody = [self.keyboard, self.names, self.colours, self.motion, self.phone]
        return [*opening, *session, *clip, *everybody, self.stopped, self.deleted, *self.live_steps(), self.reconnects, self.quiet]

    def clean(self) -> None:
        """Removes the sessions' other clips, so that the test can be run again on the same server."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.wire.mend()
        self.clean_live()
        if self.session:
            self.page.run(f"fetch('/api/sessions/{self.session}', {{method: 'DELETE'}}).then(() => 1)")
            self.page.run(f"fetch('/api/clips?limit=200&session={self.session}').then(a => a.json())"
                          ".then(d => Promise.all(d.items.map(c => fetch('/api/clip/' + c.id, {method: 'DELETE'})))).then(() => 1)")


def reachable(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/health", timeout=10):
            return True
    except urllib.error.HTTPError as error:
        return error.code == 503
    except OSError:
        return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--video", type=pathlib.Path, required=True)
    parser.add_argument("--chat", type=pathlib.Path)
    parser.add_argument("--token", default="")
    parser.add_argument("--screenshots", type=pathlib.Path)
    parser.add_argument("--chromium")
    parser.add_argument("--ffmpeg", default="ffmpeg", help="what sends the live stream")
    parser.add_argument("--only", default="", help="only these steps, and `opens`; for work on one of them")
    parser.add_argument("--patience", type=float, default=180, help="longest wait for what the server computes, in seconds")
    parser.add_argument("--pace", choices=("realtime", "fast"), default="realtime")
    options = parser.parse_args()
    if options.screenshots:
        options.screenshots.mkdir(parents=True, exist_ok=True)
    if not reachable(options.url):
        print(f"dashboard: no server answers at {options.url}", file=sys.stderr)
        return 2
    try:
        browser = Chromium(options.chromium)
    except Gone as error:
        print(f"dashboard: {error}", file=sys.stderr)
        return 2
    place = urllib.parse.urlsplit(options.url)
    wire = Wire(place.hostname or "127.0.0.1", place.port or 80)
    failed, begun, count = [], time.monotonic(), 0
    encoder = Encoder(options.ffmpeg, options.video)
    try:
        dashboard = Dashboard(options, browser, wire, encoder)
        only = set(filter(None, options.only.split(",")))
        steps = [step for step in dashboard.steps() if not only or step.__name__ in only | {"opens"}]
        for step in steps:
            count += 1
            at = time.monotonic()
            try:
                step()
                print(f"ok    {step.__name__:13} {time.monotonic() - at:5.1f} s  {step.__doc__}", flush=True)
            except Failed as error:
                failed.append(step.__name__)
                print(f"FAIL  {step.__name__:13} {step.__doc__}\n      {error}", flush=True)
                dashboard.looks(f"failed-{step.__name__}")
                # A cut wire or a dialog that a failed step left must not make the next ones fail.
                wire.mend()
                dashboard.page.run("document.querySelectorAll('dialog[open]').forEach(d => d.close())")
        dashboard.clean()
    except Failed as error:
        print(f"FAIL  the session's other clips could not be removed: {error}")
        failed.append("clean")
    except Gone as error:
        print(f"dashboard: {error}", file=sys.stderr)
        failed.append("browser")
    finally:
        encoder.stop()
        browser.close()
        wire.close()
    print(f"{count - len(failed)} of {count} steps held in {time.monotonic() - begun:.0f} s" + (f"; failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
