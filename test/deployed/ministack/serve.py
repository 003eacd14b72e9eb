"""Serves ministack on a free loopback port, with its known faults mended; prints the port when it answers, and ends when its parent closes stdin."""

import os
import signal
import socket
import sys
import threading
import time
import urllib.request

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
# Read when ministack is imported; its functions run in children of this process, which inherit them.
os.environ.update(
    BIND_HOST="127.0.0.1",
    GATEWAY_PORT=str(port),
    AWS_ENDPOINT_URL=f"http://localhost:{port}",
    # No Docker: functions run as processes of this machine's Node.
    DOCKER_HOST="tcp://127.0.0.1:1",
    LAMBDA_EXECUTOR="local",
    CLOUDTRAIL_RECORDING="1",
    AUTH="true",
    # They would listen on all interfaces.
    IOT_MTLS_ENABLED="false",
    SFTP_ENABLED="false",
    LOG_LEVEL=os.environ.get("LOG_LEVEL", "ERROR"),
)

import mended  # noqa: E402

for name, rules in mended.mend_all():
    print("mended", name, *rules, flush=True)


def end_with_parent():
    sys.stdin.buffer.read()
    # Not at once: it ends the functions' processes first.
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(5)
    os._exit(0)


def tell_when_ready():
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_ministack/health", timeout=5).read()
            print(f"port {port}", flush=True)
            return
        except OSError:
            time.sleep(0.1)


threading.Thread(target=end_with_parent, daemon=True).start()
threading.Thread(target=tell_when_ready, daemon=True).start()

from ministack.app import main  # noqa: E402

main()
