"""The steps of a live stream: an encoder is set up in the dialog, sends, goes away, comes back; and the account on Twitch."""

from __future__ import annotations

import json
import pathlib
import subprocess
import time

from chromium import Failed

KEY = "browser-test"
PARTS = ("source", "picture", "sound", "worker", "spool")


class Encoder:
    """An ffmpeg that sends a file as OBS would, at the pace of a stream."""

    def __init__(self, program: str, video: pathlib.Path):
        self.program, self.video = program, video
        self.process: subprocess.Popen | None = None

    def send(self, address: str) -> None:
        self.stop()
        try:
            self.process = subprocess.Popen(
                [self.program, "-nostdin", "-loglevel", "error", "-re", "-stream_loop", "-1", "-i", str(self.video), "-c", "copy", "-f", "flv", address],
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        except OSError as error:
            raise Failed(f"{self.program} cannot be started: {error}") from None

    def said(self) -> str:
        """Why it ended, where it did."""
        if not self.process or self.process.poll() is None:
            return ""
        return f"ffmpeg ended with {self.process.returncode}: {self.process.stderr.read().decode(errors='replace')[-300:]}"

    def stop(self) -> None:
        if not self.process:
            return
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process = None


class LiveSteps:
    """Steps of `Dashboard`; the server must take streams by RTMP."""

    live = ""
    """Identifier of the live session."""
    cut = ""
    """Identifier of the clip that was cut out of it."""

    @property
    def live_panel(self) -> str:
        if not self.live:
            raise Failed("no live session was started")
        return f"[data-key={json.dumps(self.live)}].session"

    def in_panel(self, rest: str) -> str:
        return f"document.querySelector('{self.live_panel}').{rest}"

    def part(self, name: str) -> str:
        return f"document.querySelector('{self.live_panel} .part-badges [data-key={name}]')"

    def ingest(self) -> dict:
        answer = self.get("/api/ingest")
        if answer["status"] != 200:
            raise Failed(f"the server takes no streams: {answer['body']}")
        return answer["body"]

    def key(self) -> dict | None:
        return next((key for key in self.ingest()["keys"] if key["name"] == KEY), None)

    def confirmed(self, words: str) -> None:
        page = self.page
        page.until("document.querySelector('#confirm-dialog').open", "the question")
        if words not in page.run("document.querySelector('#confirm-dialog').textContent"):
            raise Failed(f"the question does not say {words!r}")
        page.click("#confirm-dialog .danger")
        page.until("!document.querySelector('#confirm-dialog').open", "the question to go")

    def choose(self, what: str, source: str = "") -> None:
        self.page.run(f"document.querySelector('#start-form [name=what][value={what}]').click()")
        if source:
            self.page.run(f"document.querySelector('#start-form [name=from][value={source}]').click()")

    # Setting up

    def stream_keys(self):
        """The dialog shows server and key, hides the key, and makes, changes and renews keys after a question."""
        page = self.page
        page.key("n")
        page.until("document.querySelector('#start-dialog').open", "the dialog")
        self.choose("live", "rtmp")
        ingest = self.ingest()
        lines = "[...document.querySelectorAll('#encoder .copy-line code')].map(c => c.textContent)"
        page.until(f"{lines}[0] === {json.dumps(ingest['url'])}", "the address of the server")
        page.click("#encoder-more .keys summary")
        name = "document.querySelector('.key-row.make input')"
        page.run(f"{name}.focus()")
        page.type("no blanks, please")
        page.key("Enter")
        page.until("[...document.querySelectorAll('.toast.bad')].some(t => t.textContent.includes('hyphens'))", "the refusal of a name")
        page.run(f"document.querySelectorAll('.toast').forEach(t => t.remove()); {name}.select()")
        page.type(KEY)
        page.key("Enter")
        row = f"document.querySelector('.key-list [data-key={KEY}]')"
        page.until(row, "the new key in the list")
        made = self.key()
        page.until("document.querySelector('#encoder select').value === " + json.dumps(KEY), "it to be chosen")
        self.same("the key is hidden", made["key"] in page.run("document.querySelector('#start-form').innerHTML"), False)
        page.click("#encoder .copy-line:nth-of-type(2) [aria-pressed]")
        self.same("the key is shown", page.run(f"{lines}[1]"), made["key"])
        self.looks("live-dialog")
        page.run(f"{row}.querySelector('input').focus()")
        page.type("some_streamer")
        page.key("Enter")
        page.until("document.querySelector('#start-form [name=channel]').value === 'some_streamer'", "the channel to be filled in")
        self.same("its channel", self.key()["channel"], "some_streamer")
        page.run(f"{row}.querySelector('input').select()")
        page.key("Backspace")
        page.key("Enter")
        page.until("document.querySelector('#start-form [name=channel]').value === ''", "the channel to go")
        self.same("no channel", self.key().get("channel"), None)
        page.click(f".key-list [data-key={KEY}] button[aria-label^=Renew]")
        self.confirmed("cannot connect")
        page.until(f"[...document.querySelectorAll('.toast')].some(t => t.textContent.includes('new one'))", "the renewal")
        self.same("another key", self.key()["key"] != made["key"], True)
        self.same("it is hidden again", page.run(f"{lines}[1].includes('•')"), True)
        self.same("without a name", page.unnamed_controls(), [])

    def live_refused(self):
        """What cannot be watched is refused in the dialog, with the remedy."""
        page = self.page
        said = "!document.querySelector('#start-error').hidden && document.querySelector('#start-error').textContent"
        self.choose("live", "capture")
        page.click("#start-form .go")
        page.until(f"({said}).includes('at least one')", "a word about the missing devices")
        self.looks("live-devices")
        self.choose("live", "url")
        page.click("#start-form .go")
        page.until(f"({said}).includes('address')", "a word about the missing address")
        page.run("document.querySelector('#start-form [name=url]').focus()")
        page.type("ftp://127.0.0.1/stream")
        page.key("Enter")
        text = page.until(f"({said}).includes('fetched by') && ({said})", "the server's refusal")
        print(f"    the server says: {text}")
        page.errors[:] = [error for error in page.errors if "status of 4" not in error]

    def live_starts(self):
        """A session waits for the encoder and says where to; its parts are quiet, and C explains."""
        page = self.page
        before = {entry["id"] for entry in self.get("/api/sessions?limit=50")["body"]["items"]}
        self.choose("live", "rtmp")
        page.until(f"document.querySelector('#encoder select option[value={KEY}]')", "the keys")
        page.run(f"(() => {{ const s = document.querySelector('#encoder select'); s.value = {json.dumps(KEY)}; s.dispatchEvent(new Event('change')); }})()")
        page.click("#start-form .go")
        page.until("!document.querySelector('#start-dialog').open", "the session to start")
        self.live = next(entry["id"] for entry in self.get("/api/sessions?limit=50")["body"]["items"] if entry["id"] not in before)
        page.until(self.in_panel(f"querySelector('.waiting')?.textContent.includes({json.dumps(KEY)})"), "what it waits for")
        page.until(self.in_panel(f"querySelector('.waiting').textContent.includes({json.dumps(self.ingest()['url'])})"), "where to send")
        self.same("the key is hidden", self.key()["key"] in page.run(self.in_panel("innerHTML")), False)
        self.same("the word", page.run(self.in_panel("querySelector('.on-air').textContent")), "Waiting")
        page.until(f"{self.part('source')}?.dataset.quiet === 'yes'", "a quiet badge")
        page.key("c")
        page.until("[...document.querySelectorAll('.toast')].some(t => t.textContent.includes('has not arrived'))", "why nothing can be cut yet")
        self.looks("live-waiting")

    # Watching

    def live_runs(self):
        """When the encoder sends, the mark says Live, every part is fine, meter and elapsed time move."""
        page = self.page
        self.encoder.send(f"{self.ingest()['url']}/{self.key()['key']}")
        try:
            page.until(self.in_panel("querySelector('.on-air').textContent === 'Live'"), "the mark", 30)
            for name in PARTS:
                page.until(f"{self.part(name)}?.dataset.state === 'ok'", f"{name} to be fine", 30)
        except Failed as error:
            raise Failed(f"{error}. {self.encoder.said()}") from None
        meter = self.in_panel("querySelector('.loudness .column').getAttribute('aria-valuenow')")
        first = page.until(f"Number({meter}) > -60 && {meter}", "a level", 30)
        page.until(f"{meter} !== {json.dumps(first)}", "the meter to move", 10)
        page.until(f"!{self.in_panel('querySelector(`.speech`).hidden')}", "somebody to speak", self.options.patience)
        at = page.run(self.in_panel("querySelector('.position b').textContent"))
        page.until(f"{self.in_panel('querySelector(`.position b`).textContent')} !== {json.dumps(at)}", "the elapsed time to run", 5)
        self.same("nothing is waited for", page.run(self.in_panel("querySelector('.waiting').hidden")), True)
        self.looks("live-running")

    def live_clip(self):
        """C cuts a clip out of the stream that is in view; it arrives, and can be fetched."""
        page = self.page
        page.run("document.activeElement.blur()")
        page.until(self.in_panel("querySelector('.position b').textContent !== '0:00'"), "something to cut")
        page.key("c")
        mine = f"[...document.querySelectorAll('.card')].find(c => c.clip?.sessionId === '{self.live}' && c.clip.trigger.manual)"
        self.cut = page.until(f"{mine}?.dataset.key", "the clip", 60)
        answer = page.run(f"fetch('/api/clip/{self.cut}/video').then(async a => ({{status: a.status, bytes: (await a.arrayBuffer()).byteLength}}))")
        self.same("the video", answer["status"] == 200 and answer["bytes"] > 10_000, True)
        page.run(f"document.querySelector('{self.live_panel}').scrollIntoView()")
        page.until(self.in_panel("querySelector('.clip-span')"), "it in the timeline")

    def live_lost(self):
        """An encoder that goes away is said politely and kept in the log; when it is back the stream goes on."""
        page = self.page
        page.click(f"{self.live_panel} .session-details summary")
        page.until(self.in_panel("querySelector('.session-facts')?.textContent.includes('clock')"), "the details")
        log = self.in_panel("querySelector('.part-log').textContent")
        self.encoder.stop()
        page.until("[...document.querySelectorAll('.toast.warn')].some(t => t.textContent.includes('Source'))", "the loss to be said", 15)
        self.same("not as an alarm", page.run("[...document.querySelectorAll('.toast.warn')].some(t => t.getAttribute('role') === 'alert')"), False)
        page.until(f"{log}.includes('Source missing')", "the loss in the log")
        self.looks("live-lost")
        self.encoder.send(f"{self.ingest()['url']}/{self.key()['key']}")
        page.until(f"{self.part('source')}.dataset.state === 'ok' && {self.in_panel('querySelector(`.on-air`).textContent')} === 'Live'", "the source again", 30)
        meter = self.in_panel("querySelector('.loudness .column').getAttribute('aria-valuenow')")
        page.until(f"Number({meter}) > -60", "a level again", 30)
        page.click(f"{self.live_panel} .session-details summary")

    def live_in_view(self):
        """Of two streams the keys mean the one in view, and the one touched last while both are."""
        page = self.page
        started = page.run("fetch('/api/sessions', {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify({url: 'udp://127.0.0.1:9'})}).then(a => a.json())")
        other = f"[data-key={json.dumps(started['id'])}].session"

        def meant() -> str:
            page.key("x")
            page.until("document.querySelector('#confirm-dialog').open", "the question")
            text = page.run("document.querySelector('#confirm-text').textContent")
            page.key("Escape")
            page.until("!document.querySelector('#confirm-dialog').open", "the question to go")
            return text
        try:
            page.until(f"document.querySelector('{other}')", "the second panel")
            page.run(f"document.activeElement.blur(); document.querySelector('{self.live_panel} .stage').focus()")
            page.run(f"document.querySelector('{self.live_panel}').scrollIntoView({{block: 'end'}})")
            self.same("the one that was touched", KEY in meant(), True)
            # The newer panel is above: the older one is pushed out at the bottom.
            page.size(1440, 640)
            page.run(f"scrollTo(0, document.querySelector('{self.live_panel}').getBoundingClientRect().top + scrollY - innerHeight)")
            self.same("the one in view", "udp://" in meant(), True)
        finally:
            page.size(1440, 900)
            page.run(f"fetch('/api/sessions/{started['id']}', {{method: 'DELETE'}}).then(() => 1)")
            page.until(f"document.querySelector('{other}')?.dataset.state === 'stopped'", "the second to end", 30)
            page.click(f"{other} .panel-head .actions button:last-child")

    def live_looks(self):
        """Panel and dialog keep their contrast in dark and light, and nothing sticks out of a phone."""
        page = self.page
        try:
            for scheme in ("dark", "light"):
                page.media(scheme, "reduce")
                page.run("document.querySelectorAll('.toast').forEach(t => t.remove()); scrollTo(0, 0)")
                time.sleep(0.4)
                self.looks(f"live-{scheme}-whole")
                self.same(f"low contrast, {scheme}", self.probe(f"contrast(document.querySelector('{self.live_panel}'))")["bad"], [])
                page.run("document.querySelector('#new-button').click()")
                time.sleep(0.4)
                self.same(f"low contrast, {scheme} dialog", self.probe("contrast(document.querySelector('#start-dialog'))")["bad"], [])
                page.key("Escape")
            page.size(360, 740, 2, touch=True)
            time.sleep(0.4)
            self.same("sticks out", self.probe("overflow()"), [])
            self.same("too small", self.probe("smallTargets()"), [])
            self.looks("live-phone")
            page.run("document.querySelector('#new-button').click()")
            for source in ("rtmp", "url", "capture"):
                self.choose("live", source)
                time.sleep(0.3)
                self.same(f"sticks out, {source}", self.probe("overflow()"), [])
                self.same(f"sticks out of the dialog, {source}", page.run("(d => d.scrollWidth > d.clientWidth)(document.querySelector('#start-dialog'))"), False)
                self.looks(f"live-phone-{source}")
            page.key("Escape")
        finally:
            page.size(1440, 900)
            page.media("dark")

    def live_stops(self):
        """The session is stopped with X; its key is taken away after that, not before."""
        page = self.page
        page.run("document.activeElement.blur(); scrollTo(0, 0)")
        page.key("x")
        self.confirmed("will not be watched")
        page.until(f"document.querySelector('{self.live_panel}').dataset.state === 'stopped'", "the end", 60)
        self.encoder.stop()
        self.same("nothing of the live stream is left", page.run(self.in_panel("querySelector('.part-badges').hidden") + " && " + self.in_panel("querySelector('.loudness').hidden")), True)
        page.until(f"fetch('/api/ingest').then(a => a.json()).then(d => !d.keys.find(k => k.name === '{KEY}').session)", "the key to be free")
        page.key("n")
        self.choose("live", "rtmp")
        page.run("document.querySelector('.keys').open = true")
        # Until the list is fresh, its rows may still move under the pointer.
        page.until(f"document.querySelector('.key-list [data-key={KEY}] .fine')?.textContent === ''", "the key, free")
        page.click(f".key-list [data-key={KEY}] button[aria-label^=Remove]")
        self.confirmed("cannot connect")
        page.until(f"!document.querySelector('.key-list [data-key={KEY}]')", "the key to go")
        self.same("at the server", self.key(), None)
        page.key("Escape")

    # Twitch

    def twitch(self):
        """The account: why nobody can log in here; and with answers as documented the code, its time, who is logged in, and logging out."""
        page = self.page
        page.click("#twitch-button")
        panel = "document.querySelector('#twitch-panel').textContent"
        state = self.get("/api/twitch")["body"]
        if state.get("reason"):
            page.until(f"{panel}.includes({json.dumps(state['reason'])})", "the server's word")
        page.key("Escape")
        # The real service is out of reach of a test: the page's own requests get the documented answers.
        page.run("""(() => {
          const real = window.fetch;
          const json = (body, status = 200) => new Response(body && JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
          window.fakeTwitch = { state: { state: 'loggedOut' }, asked: 0, restore() { window.fetch = real; } };
          window.fetch = async (path, options) => {
            if (path === '/api/twitch') { fakeTwitch.asked += 1; return json(fakeTwitch.state); }
            if (path !== '/api/twitch/login') return real(path, options);
            if (options.method === 'DELETE') { fakeTwitch.state = { state: 'loggedOut' }; return json(null, 204); }
            fakeTwitch.state = { state: 'waiting', userCode: 'ABCDEFGH', verificationUrl: 'https://www.twitch.tv/activate', expiresAt: new Date(Date.now() + 1800000).toISOString() };
            return json(fakeTwitch.state);
          };
        })()""")
        try:
            page.click("#twitch-button")
            page.click("#twitch-panel [data-does=in]")
            page.until(f"{panel}.includes('ABCDEFGH')", "the code")
            page.until(f"/Valid for (29|30):\\d\\d/.test({panel})", "its time")
            link = page.run("(a => ({to: a.href, rel: a.rel}))(document.querySelector('#twitch-panel a'))")
            self.same("the link", link, {"to": "https://www.twitch.tv/activate", "rel": "noopener noreferrer"})
            self.looks("twitch-code")
            self.same("low contrast", self.probe("contrast(document.querySelector('#twitch-panel'))")["bad"], [])
            asked = page.run("fakeTwitch.asked")
            page.until(f"fakeTwitch.asked > {asked}", "the page to ask again", 10)
            page.run("fakeTwitch.state = {state: 'loggedIn', login: 'some_streamer'}")
            page.until(f"{panel}.includes('some_streamer')", "who is logged in", 10)
            self.same("the button says it", "some_streamer" in page.run("document.querySelector('#twitch-button').getAttribute('aria-label')"), True)
            asked = page.run("fakeTwitch.asked")
            self.looks("twitch-in")
            page.click("#twitch-panel [data-does=out]")
            self.confirmed("anonymously")
            page.until("document.querySelector('#twitch-panel [data-does=in]')", "to be logged out")
            page.run("fakeTwitch.state = {state: 'failed', reason: 'The code was not entered in time.'}; document.querySelector('#twitch-button').click()")
            page.run("document.querySelector('#twitch-panel').hidden && document.querySelector('#twitch-button').click()")
            page.until(f"{panel}.includes('not entered in time')", "why it failed")
        finally:
            page.run("fakeTwitch.restore()")
            page.key("Escape")

    def live_steps(self):
        return [self.stream_keys, self.live_refused, self.live_starts, self.live_runs, self.live_clip, self.live_lost, self.live_in_view, self.live_looks, self.live_stops, self.twitch]

    def clean_live(self) -> None:
        """Takes away what the steps made."""
        self.encoder.stop()
        if self.live:
            self.page.run(f"fetch('/api/sessions/{self.live}', {{method: 'DELETE'}}).then(() => 1)")
            self.page.until(f"fetch('/api/sessions/{self.live}').then(a => a.json()).then(s => !['starting', 'running'].includes(s.state))", "the live session to end", 60)
            self.page.run(f"fetch('/api/clips?limit=200&session={self.live}').then(a => a.json())"
                          ".then(d => Promise.all(d.items.map(c => fetch('/api/clip/' + c.id, {method: 'DELETE'})))).then(() => 1)")
        self.page.run(f"fetch('/api/ingest/keys/{KEY}', {{method: 'DELETE'}}).then(() => 1)")
