"""Where films lie on disk: parts on their way, originals (private), job folders, and the renditions that are played.

uploads/<upload>/part-…      what has arrived of an open upload
originals/<video>/in.bin     the file as it was sent; only the fence reads it
jobs/<video>-…/              one attempt's private folder; swept when its worker is gone
jobs/<video>.…/              the same of one chunk
jobs/<kind>-<id>-…/          work beside the making of films, as listening or cutting an excerpt; swept after a day
chunks/<video>/<output>/     finished chunks of a film whose others are still to come
chunks/<video>/indexed.bin   a copy of an original that did not say where it can be entered
films/<asset>/<output>/      one attempt's renditions, or an excerpt's files; played only if the row names this output
"""

import errno
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from marketplace.lib import failpoints
from marketplace.lib.errors import DomainError

# Never fill the disk to the brim: Postgres may live on it.
RESERVE_BYTES = 512 * 1024 * 1024
FULL_BYTES = 16 * 1024 * 1024
JOB_LIVES_S = 24 * 3600
# What a file is called until it is whole.
_HALF = "joining-"
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class NoSpace(DomainError):
    code = "no_space"
    status = 507
    message = _("The server has no space left for this file. We have been told; try again later.")


def is_id(name: str) -> bool:
    return _ID.fullmatch(name) is not None


def root() -> Path:
    return Path(settings.VIDEO_ROOT)


def upload_folder(upload_id: Any) -> Path:
    return root() / "uploads" / str(upload_id)


def original(video_id: Any) -> Path:
    return root() / "originals" / str(video_id) / "in.bin"


def indexed(video_id: Any) -> Path:
    """A copy of an original that says where it can be entered (`indexing`); it goes with the chunks."""
    return root() / "chunks" / str(video_id) / "indexed.bin"


def film_folder(asset: Any, output: str) -> Path:
    return root() / "films" / str(asset) / output


def require_space(bytes_wanted: int) -> None:
    """Raises NoSpace unless `bytes_wanted` fit and the reserve stays free."""
    root().mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(root()).free < bytes_wanted + RESERVE_BYTES:
        raise NoSpace


def is_full(folder: Path) -> bool:
    """Whether there is so little left that what a program wrote there may be cut short."""
    return shutil.disk_usage(folder).free < FULL_BYTES


@contextmanager
def space_errors() -> Iterator[None]:
    """A full disk becomes NoSpace; every other OSError rises as it is."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace from error
        raise


def assemble(parts: Iterable[Path], target: Path, size: int, on_tick: Callable[[float], None]) -> None:
    """Write `parts` one after the other as `target`, which appears whole or not at all, in constant memory.

    `on_tick(0)` is called every 64 MB or less. Raises ValueError when they are not `size` bytes together.
    """
    with _appearing(target, size) as out:
        for part in parts:
            _append(part, out, on_tick)


def write(pieces: Iterable[bytes], target: Path, size: int, on_tick: Callable[[float], None]) -> None:
    """The same of bytes that come in pieces, from somewhere else."""
    with _appearing(target, size) as out:
        unflushed = 0
        for piece in pieces:
            left = memoryview(piece)
            while left:  # of a disk that is nearly full only some of it is taken; the next try says so
                left = left[os.write(out, left) :]
            unflushed += len(piece)
            if unflushed >= 1 << 26:
                os.fdatasync(out)
                unflushed = 0
            on_tick(0)


@contextmanager
def _appearing(target: Path, size: int) -> Iterator[int]:
    target.parent.mkdir(parents=True, exist_ok=True)
    with space_errors(), ExitStack() as undo:
        joined = undo.enter_context(tempfile.NamedTemporaryFile(dir=target.parent, prefix=_HALF, delete=False))
        undo.callback(Path(joined.name).unlink, missing_ok=True)
        yield joined.fileno()
        written = os.fstat(joined.fileno()).st_size
        if written != size:
            raise ValueError(f"{written} bytes joined, {size} promised")
        os.fsync(joined.fileno())
        os.replace(joined.name, target)


def _append(part: Path, out: int, on_tick: Callable[[float], None]) -> None:
    with part.open("rb") as source:
        left = os.fstat(source.fileno()).st_size
        while left:
            moved = os.sendfile(out, source.fileno(), None, min(left, 1 << 26))
            if moved == 0:
                raise ValueError(f"{part.name} became shorter while it was read")
            left -= moved
            # Small steps to the disk: one flush of many GB at the end would outlast a lease.
            os.fdatasync(out)
            failpoints.reach("videos.original_half_joined")
            on_tick(0)


@contextmanager
def job_folder(video_id: Any, mark: str = "-", *, is_indexed: bool = False) -> Iterator[Path]:
    """A new private folder with the original, or its copy that can be entered, as `in.bin`, and an empty `out/`; gone
    afterwards.
    """
    jobs = root() / "jobs"
    jobs.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{video_id}{mark}", dir=jobs))
    try:
        link_or_copy(indexed(video_id) if is_indexed else original(video_id), folder / "in.bin")
        (folder / "out").mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def side_folder(kind: str, pk: Any) -> Iterator[Path]:
    """A new, empty private folder for work beside the making of a film; gone afterwards.

    Not named after a film: the sweep of films that nobody works on must not find it.
    """
    jobs = root() / "jobs"
    jobs.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{kind}-{pk}-", dir=jobs) as folder:
        yield Path(folder)


def link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without hard links
        with space_errors():
            shutil.copyfile(source, target)


def join(pieces: Iterable[Path], target: Path) -> None:
    """One file of several, one after the other: an init and its pieces are a film that can be played."""
    with target.open("wb") as whole:
        for piece in pieces:
            with piece.open("rb") as source:
                shutil.copyfileobj(source, whole)


def keep(made: Path, asset: Any, output: str) -> Path:
    """Move a job's finished folder to its place under films/. It is played only once the row names it."""
    place = film_folder(asset, output)
    place.parent.mkdir(parents=True, exist_ok=True)
    os.rename(made, place)
    return place


def chunk_folder(video_id: Any, output: str) -> Path:
    return root() / "chunks" / str(video_id) / output


def stage(made: Path, video_id: Any, output: str) -> Path:
    """Move a chunk's finished folder to where its film is joined from."""
    place = chunk_folder(video_id, output)
    place.parent.mkdir(parents=True, exist_ok=True)
    os.rename(made, place)
    return place


def forget_chunks(video_id: Any) -> None:
    shutil.rmtree(root() / "chunks" / str(video_id), ignore_errors=True)


def films_in_work() -> set[str]:
    """The ids of films of which job folders or chunks lie here."""
    folders = [*(root() / "jobs").glob("*"), *(root() / "chunks").glob("*")]
    return {name for folder in folders if is_id(name := folder.name[:36])}


def forget_other_outputs(asset: Any, *adopted: str) -> None:
    """Remove what attempts that were not adopted left behind, and what nobody plays any more."""
    folder = root() / "films" / str(asset)
    for other in folder.iterdir() if folder.is_dir() else ():
        if other.name not in adopted:
            shutil.rmtree(other, ignore_errors=True)


def forget_original(video_id: Any) -> None:
    """It lies in the cold place now, or nobody needs it."""
    original(video_id).unlink(missing_ok=True)


def forget_refused(video_id: Any) -> None:
    """The film cannot be made: neither what was sent nor what half came of it is needed."""
    shutil.rmtree(original(video_id).parent, ignore_errors=True)
    forget_jobs(video_id)


def originals_here() -> dict[str, float]:
    """The ids of films whose originals lie here, with the moment of the last change, in seconds since 1970."""
    return changed((root() / "originals").glob("*"))


def uploads_here() -> dict[str, float]:
    """The same of uploads of which something lies here in parts."""
    return changed((root() / "uploads").glob("*"))


def changed(files: Iterable[Path]) -> dict[str, float]:
    """Those of `files` that are named by an id: when they were last written, in seconds since 1970."""
    found = {}
    for one in files:
        if is_id(one.stem):
            with suppress(FileNotFoundError):  # it went this moment
                found[one.stem] = one.stat().st_mtime
    return found


def forget_film(video_id: Any, asset: Any) -> None:
    """Remove the original and everything made of it."""
    shutil.rmtree(original(video_id).parent, ignore_errors=True)
    shutil.rmtree(root() / "films" / str(asset), ignore_errors=True)
    forget_chunks(video_id)


def forget_excerpt(asset: Any) -> None:
    """Its row is gone: so are its files."""
    shutil.rmtree(root() / "films" / str(asset), ignore_errors=True)


def forget_upload(upload_id: Any) -> None:
    shutil.rmtree(upload_folder(upload_id), ignore_errors=True)


def forget_jobs(video_id: Any) -> None:
    """Remove what killed attempts of this film left, and its chunks: it is settled, so nobody works on it."""
    for folder in (root() / "jobs").glob(f"{video_id}[-.]*"):
        shutil.rmtree(folder, ignore_errors=True)
    forget_chunks(video_id)


def forget_dead_jobs() -> int:
    """Remove job folders whose worker was killed: untouched for a day. Returns how many."""
    jobs = root() / "jobs"
    gone = 0
    for folder in jobs.iterdir() if jobs.is_dir() else ():
        if folder.stat().st_mtime < time.time() - JOB_LIVES_S:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def forget_half_joined(folders: Iterable[Path] | None = None) -> None:
    """Remove what nobody has written to for a day, and is not whole: in `folders`, else in those of originals."""
    for folder in (root() / "originals").glob("*") if folders is None else folders:
        for half in folder.glob(f"{_HALF}*"):
            with suppress(FileNotFoundError):  # it became whole this moment
                if half.stat().st_mtime < time.time() - JOB_LIVES_S:
                    half.unlink()
