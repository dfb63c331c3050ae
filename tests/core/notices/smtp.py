"""A mail server for tests: it answers as it is told, over a real connection."""

import socketserver
import threading

HANG_UP = None
TAKEN = "250 taken"


class _Dialogue(socketserver.StreamRequestHandler):
    def handle(self):
        server = self.server
        server.connections += 1
        self._say("220 ready")
        while line := self.rfile.readline():
            verb = line.split()[0].upper().decode()
            if verb == "DATA":
                self._say("354 go on")
                lines = []
                while (row := self.rfile.readline()) not in {b".\r\n", b""}:
                    lines.append(row)
                answer = server.answer("DATA", TAKEN)
                if answer == TAKEN or (answer is HANG_UP and server.takes_before_hanging_up):
                    server.taken.append(b"".join(lines))
            else:
                answer = server.answer(verb, "221 bye" if verb == "QUIT" else "250 fine")
            if answer is HANG_UP:
                return
            self._say(answer)
            if verb == "QUIT":
                return

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """`answers` holds for each verb what is said next time, HANG_UP for nothing; then it takes everything."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Dialogue)
        self.answers = {}
        self.taken = []
        self.connections = 0
        self.takes_before_hanging_up = False

    def answer(self, verb, usual):
        told = self.answers.get(verb)
        return told.pop(0) if told else usual

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return super().__enter__()

    def __exit__(self, *error):
        self.shutdown()
        super().__exit__(*error)
