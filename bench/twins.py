"""How surely a film is found in another creator's hands, how often two films are mistaken for one, and what it costs.

    python bench/twins.py [FOLDER] [--strangers 40] [--rows 2000000]

FOLDER: films to try with, beside those that are made here; the short ones of one name (as `sign-a.mp4`, `sign-b.mp4`)
are joined and looped to two films of one kind. Every film belongs to a creator of its own. Each of the originals is
changed in each of the ways below, and what comes of it is compared with all others; then every original with every
other. Last, the index is filled with keys of films that do not exist, and the same search is timed again.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from stage import own_servers, say

if TYPE_CHECKING:
    from videos.models import Video

LENGTH_S = 40
CHANGES = {
    "encoded anew": ("-crf", "36", "-vf", "scale=256:-2", "-b:a", "32k"),
    "10 % cut at each side": ("-vf", "crop=trunc(iw*.4)*2:trunc(ih*.4)*2"),
    "cut unevenly": ("-vf", "crop=trunc(iw*.42)*2:trunc(ih*.43)*2:iw*.06:ih*.1"),
    "mirrored": ("-vf", "hflip"),
    "1.1 times as fast": ("-vf", "setpts=PTS/1.1", "-af", "atempo=1.1"),
    "and higher": ("-vf", "setpts=PTS/1.1", "-af", "aresample=48000,asetrate=52800,aresample=48000"),
    "20 s of it": ("-ss", "5", "-t", "20"),
    "all of these": (
        *("-ss", "5", "-t", "20", "-crf", "32", "-af", "aresample=48000,asetrate=52800,aresample=48000"),
        *("-vf", "hflip,crop=trunc(iw*.4)*2:trunc(ih*.4)*2,setpts=PTS/1.1,eq=brightness=.05:contrast=1.1"),
    ),
}
SHOWN = {
    "fractal": "mandelbrot=s=426x240:r=15:end_pts=600",
    "colors": "gradients=s=426x240:r=15:speed=.02:n=4:seed=5",
    "card": "testsrc2=s=426x240:r=15",
    "life": "life=s=142x80:r=10:mold=10:ratio=.1:seed=3,scale=426:240",
    "black": "color=black:s=426x240:r=10",
}


class Bench:
    """The films and their creators."""

    def __init__(self, room: Path) -> None:
        self.room, self.count = room, 0
        self.originals: dict[str, tuple[Path, Video]] = {}

    def put(self, film: Path) -> "Video":
        """On the shelf as a ready film, and compared."""
        from tests import cast
        from tests.videos.films import on_shelf
        from tests.videos.moving import has_sound

        self.count += 1
        video = on_shelf(cast.person(f"Maker {self.count}".replace(" ", "-")), film, sound=has_sound(film))
        compare(video)
        return video

    def add(self, name: str, film: Path) -> None:
        self.originals[name] = film, self.put(film)


def compare(video: "Video") -> float:
    """Seconds that it took, all in all."""
    from marketplace.lib import work
    from videos.models import TwinPrint
    from videos.twins import comparing

    TwinPrint.objects.ask(video)
    began = time.perf_counter()
    work.run(TwinPrint, TwinPrint.objects.only("pk").get(video=video).pk, comparing.compare)
    return time.perf_counter() - began


def make(bench: Bench, folder: Path | None) -> None:
    from tests.videos.moving import changed, ffmpeg, make_moving

    for seed in range(1, 7):
        bench.add(f"moving {seed}", make_moving(bench.room / f"moving-{seed}.mp4", seed=seed, seconds=LENGTH_S))
    for name, source in SHOWN.items():
        noise = ["-f", "lavfi", "-i", f"anoisesrc=c=brown:seed={len(name)},tremolo=f=1.3"]
        target = bench.room / f"{name}.mp4"
        ffmpeg("-f", "lavfi", "-i", source, *noise, "-t", str(LENGTH_S), "-pix_fmt", "yuv420p", str(target))
        bench.add(name, target)
    kinds: defaultdict[str, list[Path]] = defaultdict(list)
    for film in sorted(folder.iterdir()) if folder else ():
        if film.suffix in (".mp4", ".mkv", ".webm"):
            kinds[film.stem.split("-")[0]].append(film)
    for kind, films in kinds.items():
        if len(films) == 1:
            bench.add(kind, changed(films[0], bench.room / f"{kind}.mp4"))
        for half in (films[::2], films[1::2]) if len(films) > 1 else ():
            inputs = [word for film in half for word in ("-i", str(film))]
            same = ";".join(f"[{n}:v]scale=426:240,fps=15,setsar=1[v{n}]" for n in range(len(half)))
            names = "".join(f"[v{n}]" for n in range(len(half)))
            target = bench.room / f"{half[0].stem}.mp4"
            loop = f"{same};{names}concat=n={len(half)}:v=1:a=0,loop=9:3000[o]"
            ffmpeg(*inputs, "-filter_complex", loop, "-map", "[o]", "-t", str(LENGTH_S), str(target))
            bench.add(f"{kind}: {half[0].stem}", target)


def copies(bench: Bench) -> None:
    """Every way that a copy is changed: in how many films it is found, in what, and how far off its seconds are."""
    from tests.videos.moving import changed
    from videos.models import TwinMatch

    subjects = {name: one for name, one in bench.originals.items() if name not in ("black", "card", "colors", "life")}
    subjects = {name: one for name, one in subjects.items() if "asl" not in name and ":" not in name}
    say(f"{'copy':24}{'found':>8}{'picture':>9}{'sound':>8}{'off by, s':>11}")
    found_of_all = [0, 0]
    for name, change in CHANGES.items():
        found = []
        for film, original in subjects.values():
            copy = bench.put(changed(film, film.with_name(f"copy-{bench.count}.mp4"), *change))
            found.append(TwinMatch.objects.filter(film=copy.pk, twin=original.pk).first())
            copy.remove()
        here = [one for one in found if one]
        starts = [abs(one.twin_start_s - (5 if "-ss" in change else 0) - one.film_start_s) for one in here]
        pictures, sounds = sum(one.picture_s is not None for one in here), sum(one.sound_s is not None for one in here)
        off = f"{statistics.mean(starts):11.1f}" if starts else f"{'–':>11}"
        say(f"{name:24}{len(here):>5}/{len(found)}{pictures:>9}{sounds:>8}{off}")
        found_of_all = [found_of_all[0] + len(here), found_of_all[1] + len(found)]
    say(f"recall {found_of_all[0] / found_of_all[1]:.3f} of {found_of_all[1]} copies")


def strangers(bench: Bench, more: int) -> None:
    """Every original with all others."""
    from tests.videos.moving import make_moving
    from videos.models import TwinMatch

    for seed in range(100, 100 + more):
        bench.add(f"moving {seed}", make_moving(bench.room / f"moving-{seed}.mp4", seed=seed))
    originals = {video.pk for _film, video in bench.originals.values()}
    wrong = TwinMatch.objects.filter(film__in=originals, twin__in=originals)
    for match in wrong:
        say(f"  WRONG: {match.film_name} beside {match.twin_name} at {match.film_start_s:.0f} s")
    pairs = len(originals) * (len(originals) - 1) // 2
    say(f"\n{wrong.count()} of {pairs} pairs of unrelated films taken for one")


def cost(bench: Bench, rows: int) -> None:
    """One search, in an index as it is and in one with keys of so many more."""
    from videos.models import TwinKey, TwinPrint

    _film, video = bench.originals["moving 1"]
    say(f"\nindex of {TwinKey.objects.count():>9,} keys: {compare(video):5.2f} s for a film of {LENGTH_S} s")
    owner = TwinPrint.objects.only("pk").get(video=bench.originals["fractal"][1])
    chance = random.Random(1)
    for _ in range(0, rows, 50_000):
        TwinKey.objects.bulk_create(
            TwinKey(
                bucket=chance.randrange(1 << 27) if at % 3 else (1 << 27) + chance.randrange(1 << 21),
                print=owner, at=chance.randrange(1 << 30), cut=0, owner_id=0,
            ) for at in range(50_000)
        )  # fmt: skip
    say(f"index of {TwinKey.objects.count():>9,} keys: {compare(video):5.2f} s for a film of {LENGTH_S} s")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path, nargs="?")
    options.add_argument(
        "--strangers", type=int, default=40, help="more unrelated films, to be mistaken for each other"
    )
    options.add_argument("--rows", type=int, default=2_000_000)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, own_servers():
        from django.conf import settings

        settings.VIDEO_ROOT = Path(folder) / "video"
        bench = Bench(Path(folder))
        make(bench, asked.folder)
        copies(bench)
        strangers(bench, asked.strangers)
        cost(bench, asked.rows)
    sys.stdout.flush()


main()
