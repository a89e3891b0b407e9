"""An authority for time stamps on this machine, by OpenSSL; and a server that takes posts and answers by a function."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[tsa]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[stamps]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


class Authority:
    """`ca` is the certificate that its stamps lead to."""

    def __init__(self, folder: Path, name: str = "stamps.example") -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        (folder / "serial").write_text("01\n")
        for part, key in [("ca", f"CA of {name}"), ("tsa", name)]:
            (folder / f"{part}.cnf").write_text(CONFIG.format(name=key, folder=folder))
        new = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-x509", "-days", "3650")
        self._run(*new, "-config", "ca.cnf", "-extensions", "ca", "-keyout", "ca.key", "-out", "ca.pem")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key")
        self._run(*new, *signed, "-config", "tsa.cnf", "-extensions", "tsa", "-keyout", "tsa.key", "-out", "tsa.pem")
        self.ca = folder / "ca.pem"

    def answer(self, query: bytes) -> tuple[int, bytes]:
        (self.folder / "query.tsq").write_bytes(query)
        reply = ("ts", "-reply", "-config", "tsa.cnf", "-section", "stamps", "-queryfile", "query.tsq")
        self._run(*reply, "-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "answer.tsr")
        return 200, (self.folder / "answer.tsr").read_bytes()

    def holds(self, data: bytes, token: bytes) -> bool:
        """Whether OpenSSL finds the stamp to be one of the data, by this authority."""
        (self.folder / "data").write_bytes(data)
        (self.folder / "token.tsr").write_bytes(token)
        checked = ("openssl", "ts", "-verify", "-data", "data", "-in", "token.tsr", "-CAfile", "ca.pem")
        return subprocess.run(checked, cwd=self.folder, capture_output=True, check=False).returncode == 0

    def _run(self, *words: str) -> None:
        done = subprocess.run(["openssl", *words], cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@contextmanager
def served(answer: Callable[[bytes], tuple[int, bytes]]) -> Iterator[str]:
    """A server on loopback that answers each post by `answer`; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
