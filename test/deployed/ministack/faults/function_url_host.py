"""The URL of a function is on amazonaws' own domain, which no client on this machine can resolve to the emulator."""

import os

from ministack.services import lambda_svc

RULES = []
NAME = "fault-probe"


def shows():
    lambda_svc._functions[NAME] = {"aliases": {}}
    try:
        lambda_svc._create_function_url_config(NAME, {}, None)
        return "localhost" not in lambda_svc._function_urls[NAME]["FunctionUrl"]
    finally:
        lambda_svc._function_urls.pop(NAME, None)
        lambda_svc._functions.pop(NAME, None)


def mend():
    create = lambda_svc._create_function_url_config

    def create_here(name, data, qualifier):
        status, headers, body = create(name, data, qualifier)
        if status < 300:
            configuration = lambda_svc._function_urls[lambda_svc._url_config_key(name, qualifier)]
            url = configuration["FunctionUrl"].replace("https:", "http:").replace(".on.aws/", f".localhost:{os.environ['GATEWAY_PORT']}/")
            configuration["FunctionUrl"] = url
            return lambda_svc.json_response(configuration, status=status)
        return status, headers, body

    lambda_svc._create_function_url_config = create_here
