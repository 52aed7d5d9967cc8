from .caption import Caption
from .chapter import Chapter
from .chunk import VideoChunk
from .cold import ColdOriginal
from .excerpt import Excerpt, ExcerptHalt
from .finding import Noticed, VideoFinding
from .halt import VideoHalt
from .making import Priority
from .place_day import PlaceDay
from .put_away import PutAway
from .remaking import RemadeFilm, Remaking, RemakingHalt
from .rendition import Rendition
from .replacement import Replacement
from .space import SpaceGrant
from .transcription import Transcription
from .turn import FilmTurn
from .twin import TwinKey, TwinMatch, TwinPrint
from .upload import Upload, UploadPart
from .video import Video

__all__ = [
    "Caption",
    "Chapter",
    "ColdOriginal",
    "Excerpt",
    "ExcerptHalt",
    "FilmTurn",
    "Noticed",
    "PlaceDay",
    "Priority",
    "PutAway",
    "RemadeFilm",
    "Remaking",
    "RemakingHalt",
    "Rendition",
    "Replacement",
    "SpaceGrant",
    "Transcription",
    "TwinKey",
    "TwinMatch",
    "TwinPrint",
    "Upload",
    "UploadPart",
    "Video",
    "VideoChunk",
    "VideoFinding",
    "VideoHalt",
]
