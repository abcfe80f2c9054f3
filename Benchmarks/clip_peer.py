#!/usr/bin/env python3
"""The peer for clips: the ffmpeg command line's way, from the trigger to a playable file.

A recording is played at its own speed into segments of 2 s (`-f segment -c copy`), as recorders do that keep a
replay on disk. At random times a trigger asks for the last 15 s: wait until the open segment is closed, list the
segments, concatenate them with `-c copy`. The file counts as playable when ffmpeg has ended; that it is, ffprobe
checks outside the measured time.

Prints one JSON object: milliseconds of the waiting, of the cutting and of both. Only the standard library and
ffmpeg needed.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

SEGMENT, PRE_ROLL = 2.0, 15.0


class Segmenter:
    """One ffmpeg that plays a recording into segments."""

    def __init__(self, recording: pathlib.Path, folder: pathlib.Path) -> None:
        self.list, self.folder = folder / "segments.csv", folder
        command = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-stream_loop", "-1", "-i", str(recording), "-c", "copy"]
        command += ["-f", "segment", "-segment_time", str(SEGMENT), "-segment_format", "mpegts"]
        command += ["-segment_list", str(self.list), "-segment_list_type", "csv", "-segment_list_size", "0"]
        self.process = subprocess.Popen([*command, str(folder / "segment%05d.ts")])

    def closed(self) -> list[str]:
        """Names of the segments that are complete, oldest first."""
        if not self.list.exists():
            return []
        return [line.split(",")[0] for line in self.list.read_text().splitlines() if line.count(",") == 2]

    def wait_for(self, count: int) -> list[str]:
        """Waits until so many segments are complete."""
        while len(names := self.closed()) < count:
            if self.process.poll() is not None:
                sys.exit("clip_peer: ffmpeg ended early; can it read the recording?")
            time.sleep(0.002)
        return names

    def stop(self) -> None:
        """Ends ffmpeg."""
        self.process.terminate()
        self.process.wait()


def cut(names: list[str], folder: pathlib.Path, out: pathlib.Path) -> None:
    """Concatenates segments into a playable file."""
    playlist = folder / "playlist.txt"
    playlist.write_text("".join(f"file '{name}'\n" for name in names))
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", str(playlist)]
    subprocess.run([*command, "-c", "copy", "-movflags", "+faststart", str(out)], check=True)


def duration(path: pathlib.Path) -> float:
    """Length that ffprobe reads from a file, seconds."""
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "default=nw=1:nk=1", str(path)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def percentiles(values: list[float]) -> dict[str, float]:
    """Median, 99th percentile and extremes, milliseconds."""
    ordered = sorted(values)
    pick = {"min": 0.0, "p50": 0.5, "p99": 0.99, "max": 1.0}
    return {name: round(1000 * ordered[round(share * (len(ordered) - 1))], 1) for name, share in pick.items()}


def main() -> None:
    """Reads the command line, measures, prints JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording", type=pathlib.Path, help="a recording with a key frame every 2 s")
    parser.add_argument("--clips", type=int, default=20, help="how many clips (default 20; each takes about 2.5 s)")
    parser.add_argument("--seed", type=int, default=1, help="for the times of the triggers (default 1)")
    arguments = parser.parse_args()
    randomness = random.Random(arguments.seed)
    waits, cuts, totals, lengths = [], [], [], []
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        segmenter = Segmenter(arguments.recording, folder)
        try:
            segmenter.wait_for(int(PRE_ROLL / SEGMENT) + 1)
            for index in range(arguments.clips):
                time.sleep(randomness.uniform(0.0, SEGMENT))
                complete = len(segmenter.closed())
                trigger = time.perf_counter()
                names = segmenter.wait_for(complete + 1)
                waited = time.perf_counter()
                out = folder / f"clip{index}.mp4"
                cut(names[-int(PRE_ROLL / SEGMENT) - 1 :], folder, out)
                done = time.perf_counter()
                waits.append(waited - trigger)
                cuts.append(done - waited)
                totals.append(done - trigger)
                lengths.append(duration(out))
                out.unlink()
        finally:
            segmenter.stop()
    print(
        json.dumps(
            {
                "peer": "ffmpeg segments of 2 s, concatenated by copy",
                "clips": len(totals),
                "waitMilliseconds": percentiles(waits),
                "cutMilliseconds": percentiles(cuts),
                "totalMilliseconds": percentiles(totals),
                "clipSeconds": {"min": round(min(lengths), 3), "max": round(max(lengths), 3)},
            }
        )
    )


if __name__ == "__main__":
    main()
