"""A mail server that takes everything and keeps nothing: prints its port, then serves until it is ended."""

import socketserver


class Dialogue(socketserver.StreamRequestHandler):
    """One connection with as many mails as come."""

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline():
            verb = line.split()[0].upper()
            if verb == b"DATA":
                self._say("354 go on")
                while self.rfile.readline() not in {b".\r\n", b""}:
                    pass
                self._say("250 taken")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class Sink(socketserver.ThreadingTCPServer):
    daemon_threads = True


if __name__ == "__main__":
    with Sink(("127.0.0.1", 0), Dialogue) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()
