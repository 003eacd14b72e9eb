"""Serves moto on a free loopback port, which it prints; ends when its parent closes stdin, so it never outlives it."""

import logging
import os
import sys

import moto
from moto.server import ThreadedMotoServer

try:
    import quick_transactions  # noqa: F401 (it changes moto)
except ImportError:
    # Another moto 5 may be built otherwise: its transactions are slow, and right as well.
    pass

try:
    from moto.iam.models import SERVICE_NAME_CONVERSION

    # As AWS writes it: AWSServiceRoleForConfig.
    SERVICE_NAME_CONVERSION["config"] = "Config"
except ImportError:
    pass

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(f"{moto.__version__} {server.get_host_and_port()[1]}", flush=True)
sys.stdin.buffer.read()
os._exit(0)
