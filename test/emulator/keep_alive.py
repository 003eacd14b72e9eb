"""Answers many requests on one connection; werkzeug closes each after one, as it can't know that an application read all of a request."""

import io

from werkzeug.exceptions import InternalServerError
from werkzeug.serving import WSGIRequestHandler


class KeepAlive(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def run_wsgi(self):
        environ = self.make_environ()
        # The gateway says the length of each.
        environ["wsgi.input"] = io.BytesIO(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        try:
            status, headers, body = answer_of(self.server.app, environ)
        except Exception:
            status, headers, body = answer_of(InternalServerError(), environ)
        self.send_response(int(status.split(None, 1)[0]))
        told = {name.lower() for name, _ in headers}
        for name, value in headers:
            self.send_header(name, value)
        if "content-length" not in told:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()


def answer_of(application, environ):
    begun = []
    answer = application(environ, lambda status, headers, _=None: begun.extend((status, headers)))
    try:
        body = b"".join(answer)
    finally:
        getattr(answer, "close", lambda: None)()
    return (*begun, body)
