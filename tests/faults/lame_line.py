"""A line to a server that a test can cut in the middle of an answer."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class LameLine:
    """Passes bytes on to `server` and back. With `most_bytes` set, each line dies after so many bytes of answers."""

    def __init__(self, server: str) -> None:
        address = urlsplit(server)
        self.server = (address.hostname or "", address.port or 80)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.most_bytes: int | None = None
        self.cut = 0

    def serve(self) -> None:
        while True:
            try:
                here, _address = self.listener.accept()
            except OSError:
                return
            there = socket.create_connection(self.server)
            threading.Thread(target=self._pass, args=(here, there, False), daemon=True).start()
            threading.Thread(target=self._pass, args=(there, here, True), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        passed = 0
        try:
            while piece := source.recv(16 * 1024):
                target.sendall(piece)
                passed += len(piece)
                if is_answer and self.most_bytes is not None and passed > self.most_bytes:
                    self.cut += 1
                    break
        except OSError:
            pass
        for end in (source, target):
            # Without it the other thread, which reads from this end, would hold it open.
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def lame_line(server: str) -> Iterator[LameLine]:
    line = LameLine(server)
    threading.Thread(target=line.serve, daemon=True).start()
    try:
        yield line
    finally:
        line.listener.close()
