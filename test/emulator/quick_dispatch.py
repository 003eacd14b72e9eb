"""Makes moto find quickly what answers a request: it lists its own folder for each, and looks through all accounts for the key."""

import functools

from moto import backends
from moto.core import responses
from moto.iam.models import IAMBackend, iam_backends
from moto.moto_server import werkzeug_app

modules = tuple(backends.list_of_moto_modules())
backends.list_of_moto_modules = lambda: modules

Dispatcher = werkzeug_app.DomainDispatcherApplication
Dispatcher.get_backend_for_host = functools.lru_cache(maxsize=None)(Dispatcher.get_backend_for_host)

responses.method_names_from_class = functools.lru_cache(maxsize=None)(responses.method_names_from_class)

# It went through the accounts while other requests added some, and failed then.
IAMBackend.get_all_access_keys_for_all_users = lambda self: [
    key for account in list(iam_backends.values()) for key in list(account[self.partition].access_keys.values())
]
