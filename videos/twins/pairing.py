"""Which runs of pictures and of sound belong together, and which of them are worth a person's eye. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .judging import Run
from .sounds import Row

# Less than this is a quotation, or a title.
LEAST_PICTURE_S = 12.0
LEAST_SOUND_S = 12.0
# Sound that more creators than this have in common is music that anybody may buy.
MOST_OWNERS_OF_A_SOUND = 1
# Speech stops between words and moves from sound to sound; a bed of music does neither, or one of them.
_PAUSE, LEAST_PAUSES, LEAST_MOVEMENT = 0.3, 0.05, 0.3
SAME_PLACE_S = 3.0
# Slides of one pattern look alike in whoever's hands: where the picture mostly stands, the sound must agree too.
_STEP, LEAST_STEPS = 0.8, 0.3


@dataclass(frozen=True)
class Twin:
    """Seconds of this film beside those of another's, and by what they agree."""

    print_id: int
    start_s: float
    end_s: float
    other_start_s: float
    other_end_s: float
    picture: Run | None
    sound: Run | None

    @property
    def is_mirrored(self) -> bool:
        return self.picture is not None and self.picture.line.is_mirrored


def is_known(line_print: int, second: float, there: float, runs: Iterable[Run]) -> bool:
    """Whether a run was found already that goes through this place of both films."""
    return any(
        run.line.print_id == line_print
        and run.start_s <= second <= run.end_s
        and abs(_there(run, second) - there) < SAME_PLACE_S
        for run in runs
    )


def paired(pictures: list[Run], sounds: list[Run]) -> list[Twin]:
    """Each run of pictures with the sound that runs along it, then the sounds that are alone."""
    twins, alone = [], list(sounds)
    for picture in pictures:
        along = [sound for sound in alone if _run_together(picture, sound)]
        sound = max(along, key=lambda one: one.agreed_s * one.score, default=None)
        twins.append(_twin(picture, sound))
        alone = [one for one in alone if one not in along]
    return [*twins, *(_twin(None, one) for one in alone)]


def _twin(picture: Run | None, sound: Run | None) -> Twin:
    both = [one for one in (picture, sound) if one is not None]
    first, last = min(both, key=lambda one: one.start_s), max(both, key=lambda one: one.end_s)
    return Twin(
        first.line.print_id, first.start_s, last.end_s, first.other_start_s, last.other_end_s, picture, sound
    )  # fmt: skip


def worth_an_eye(twin: Twin, cells: Sequence[bytes], rows: list[Row], rates: tuple[int, int]) -> bool:
    """`cells` and `rows`: picture and sound of this film, so many a second (`rates`). A picture alone must move; sound
    alone must be spoken, unless the film is nothing but sound.
    """
    rate_seen, rate = rates
    if twin.picture is not None and twin.picture.agreed_s >= LEAST_PICTURE_S:
        first, last = int(twin.picture.start_s * rate_seen), int(twin.picture.end_s * rate_seen)
        if twin.sound is not None or is_moving(cells[first:last]):
            return True
    if twin.sound is None or twin.sound.agreed_s < LEAST_SOUND_S:
        return False
    return not cells or is_spoken(rows[int(twin.sound.start_s * rate) : int(twin.sound.end_s * rate)])


def without_common_sounds(twins: list[Twin], owners: dict[int, int]) -> list[Twin]:
    """`owners`: whose each print is. A sound that several others have at this place is a common one."""

    def is_common(twin: Twin) -> bool:
        beside = {owners[one.print_id] for one in twins if one.start_s < twin.end_s and twin.start_s < one.end_s}
        return twin.picture is None and len(beside) > MOST_OWNERS_OF_A_SOUND

    return [twin for twin in twins if not is_common(twin)]


def is_moving(cells: Sequence[bytes]) -> bool:
    """Whether most of it is a moving picture, and not slides, each of which stands for some seconds."""
    steps = [
        sum(abs(here - there) for here, there in zip(one, other, strict=True)) / len(one)
        for one, other in zip(cells, cells[1:], strict=False)
    ]
    return sum(step >= _STEP for step in steps) >= LEAST_STEPS * len(steps) > 0


def is_spoken(rows: list[Row]) -> bool:
    loud = [sum(row) for row in rows]
    mean = sum(loud) / len(loud) if loud else 0.0
    if not mean:
        return False
    pauses = sum(one < _PAUSE * mean for one in loud) / len(loud)
    moved = sum(abs(here - there) for one, other in zip(rows, rows[1:], strict=False)
                for here, there in zip(one, other, strict=True))  # fmt: skip
    return pauses >= LEAST_PAUSES and moved / len(rows) / mean >= LEAST_MOVEMENT


def _run_together(one: Run, other: Run) -> bool:
    if one.line.print_id != other.line.print_id:
        return False
    start, end = max(one.start_s, other.start_s), min(one.end_s, other.end_s)
    middle = (start + end) / 2
    return start < end and abs(_there(one, middle) - _there(other, middle)) < SAME_PLACE_S


def _there(run: Run, second: float) -> float:
    """The other film's second, straight between the run's ends."""
    share = (second - run.start_s) / max(run.end_s - run.start_s, 0.001)
    return run.other_start_s + share * (run.other_end_s - run.other_start_s)
