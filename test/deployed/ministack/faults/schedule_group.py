"""A request about a schedule is authorized as if every schedule were in the group `default`."""

import json

from ministack.core import iam_actions

RULES = []


def shows():
    body = json.dumps({"GroupName": "posture"}).encode()
    arn = iam_actions.extract_resource_arn("scheduler", "POST", "/schedules/a", {}, body, {}, "eu-west-1", "111122223333")
    return arn != "arn:aws:scheduler:eu-west-1:111122223333:schedule/posture/a"


def mend():
    resource_arn_of = iam_actions.extract_resource_arn

    def extract_resource_arn(service, method, path, headers, body, query_params, *place):
        found = resource_arn_of(service, method, path, headers, body, query_params, *place)
        if service != "scheduler" or ":schedule/default/" not in found:
            return found
        try:
            group = json.loads(body or b"{}").get("GroupName")
        except (ValueError, AttributeError):
            group = None
        group = group or (query_params.get("groupName") or [None])[0]
        return found.replace(":schedule/default/", f":schedule/{group}/") if group else found

    iam_actions.extract_resource_arn = extract_resource_arn
