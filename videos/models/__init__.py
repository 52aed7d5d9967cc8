from .caption import Caption
from .chapter import Chapter
from .upload import Upload, UploadPart
from .video import Rendition, Video

__all__ = ["Caption", "Chapter", "Rendition", "Upload", "UploadPart", "Video"]
