"""What a file is by its first bytes. Names and declared types are hearsay."""

HEAD_BYTES = 64 * 1024


def is_film(head: bytes) -> bool:
    """Whether `head` (the first bytes of a file) begins one of the containers that the fence lets ffmpeg open.

    ISO-BMFF (MP4, MOV, M4V, 3GP), EBML (Matroska, WebM), MPEG-TS, AVI, FLV. Playlists, scripts and manifests, which
    could make ffmpeg open other files, are text and never match. Source: the design's page on video, 4.1.
    """
    return _is_iso(head) or head.startswith((b"\x1aE\xdf\xa3", b"FLV\x01")) or _is_avi(head) or _is_mpegts(head)


def _is_iso(head: bytes) -> bool:
    # Old QuickTime files have no `ftyp`; they open with one of these boxes.
    return head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


def _is_avi(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] in (b"AVI ", b"AVIX")


def _is_mpegts(head: bytes) -> bool:
    # 188-byte packets, or 192 with a time stamp of 4 bytes before each (M2TS).
    for first, step in ((0, 188), (4, 192)):
        syncs = head[first : first + 5 * step : step]
        if len(syncs) == 5 and set(syncs) == {0x47}:
            return True
    return False
