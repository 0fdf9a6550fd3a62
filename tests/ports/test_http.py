import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from reglo.ports import http


class SendsElsewhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(302)
        self.send_header("Location", "/ailleurs")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Quiet."""


def test_a_redirection_is_not_followed():
    with HTTPServer(("127.0.0.1", 0), SendsElsewhere) as server:
        server.asked = []
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()

        with pytest.raises(requests.TooManyRedirects):
            http.new_session().get(f"http://127.0.0.1:{server.server_port}/", timeout=5)

        server.shutdown()
        serving.join(5)
        assert server.asked == ["/"]
