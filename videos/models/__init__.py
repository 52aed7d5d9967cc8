from .caption import Caption
from .chapter import Chapter
from .finding import Noticed, VideoFinding
from .rendition import Rendition
from .upload import Upload, UploadPart
from .video import Video

__all__ = ["Caption", "Chapter", "Noticed", "Rendition", "Upload", "UploadPart", "Video", "VideoFinding"]
