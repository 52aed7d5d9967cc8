from .caption import Caption
from .upload import Upload, UploadPart
from .video import Rendition, Video

__all__ = ["Caption", "Rendition", "Upload", "UploadPart", "Video"]
