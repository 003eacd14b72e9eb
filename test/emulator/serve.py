"""Serves moto on a free loopback port, which it prints with the folder of AWS's models; ends when its parent closes stdin, so it never outlives it."""

import importlib
import json
import logging
import os
import sys
import threading

import botocore
import moto
from keep_alive import KeepAlive
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

# They change moto; another moto 5 may be built otherwise: it is slow then, and right as well.
for quicker in ("quick_transactions", "quick_dispatch"):
    try:
        importlib.import_module(quicker)
    except (ImportError, AttributeError):
        pass

try:
    from moto.iam.models import SERVICE_NAME_CONVERSION

    # As AWS writes it: AWSServiceRoleForConfig.
    SERVICE_NAME_CONVERSION["config"] = "Config"
except ImportError:
    pass

try:
    from moto.iam import models as iam

    # Of AWS's own policies, those that the rules attach, or find attached: an account with all of them takes too long.
    known = json.loads(iam.aws_managed_policies_data)
    attachable = {name: known[name] for name in ("AWSDenyAll", "AWSCompromisedKeyQuarantineV2", "ReadOnlyAccess")}
    iam.IAMBackend._init_aws_policies = lambda self: [
        iam.AWSManagedPolicy.from_data(name, self.account_id, self.region_name, data) for name, data in attachable.items()
    ]
except (ImportError, AttributeError, KeyError):
    pass

try:
    from moto.ec2.models.elastic_network_interfaces import NetworkInterface

    # Its own groups, in order, and not those with which its instance was launched, for ever.
    NetworkInterface.group_set = property(lambda interface: interface._group_set)
except ImportError:
    pass

try:
    importlib.import_module("kms_digest")
except (ImportError, AttributeError):
    pass

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True, request_handler=KeepAlive)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"{moto.__version__} {server.server_address[1]} {os.path.join(os.path.dirname(botocore.__file__), 'data')}", flush=True)
sys.stdin.buffer.read()
os._exit(0)
