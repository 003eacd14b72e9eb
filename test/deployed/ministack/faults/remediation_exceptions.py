"""AWS Config doesn't know DescribeRemediationExceptions. Nobody has entered any."""

import json

from ministack.services import config

RULES = []
TARGET = "StarlingDoveService.DescribeRemediationExceptions"


def call():
    import asyncio

    return asyncio.run(config.handle_request("POST", "/", {"x-amz-target": TARGET}, json.dumps({"ConfigRuleName": "a"}).encode(), {}))


def shows():
    return call()[0] != 200


def mend():
    handle = config.handle_request

    async def handle_request(method, path, headers, body, query_params):
        if headers.get("x-amz-target") == TARGET:
            return 200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps({"RemediationExceptions": []}).encode()
        return await handle(method, path, headers, body, query_params)

    config.handle_request = handle_request
