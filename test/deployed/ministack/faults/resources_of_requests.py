"""Some requests that name their resource are authorized on `*`: what a role is allowed on that resource is refused."""

import json
from urllib.parse import urlencode

from ministack.core import iam_actions

RULES = [
    "cloudtrail-log-file-validation-enabled",
    "dynamodb-table-deletion-protected",
    "rds-cluster-deletion-protected",
    "sns-topic-encrypted",
]
PLACE = ("eu-west-1", "111122223333")


def body_of(body):
    try:
        data = json.loads(body or b"{}")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


# By service: the ARN that the body (or, for the query protocol, the parameters) names.
NAMED = {
    "cloudtrail": lambda data: next(iter(data.get("ResourceIdList") or []), None),
    "dynamodb": lambda data: data.get("ResourceArn"),
    "rds": lambda data: data.get("ResourceName") or ("arn:aws:rds:eu-west-1:111122223333:es:*" if data.get("Action") == "DescribeEventSubscriptions" else None),
    "sns": lambda data: data.get("ResourceArn"),
}
PROBES = {
    "cloudtrail": {"ResourceIdList": ["arn:aws:cloudtrail:eu-west-1:111122223333:trail/a"]},
    "dynamodb": {"ResourceArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/a"},
    "rds": {"Action": "ListTagsForResource", "ResourceName": "arn:aws:rds:eu-west-1:111122223333:cluster:a"},
    "sns": {"Action": "ListTagsForResource", "ResourceArn": "arn:aws:sns:eu-west-1:111122223333:a"},
}


def resource_of(service):
    probe = PROBES[service]
    if "Action" in probe:
        return iam_actions.extract_resource_arn(service, "POST", "/", {}, urlencode(probe).encode(), {key: [value] for key, value in probe.items()}, *PLACE)
    return iam_actions.extract_resource_arn(service, "POST", "/", {}, json.dumps(probe).encode(), {}, *PLACE)


def shows():
    return any(resource_of(service) == "*" for service in NAMED)


def mend():
    resource_arn_of = iam_actions.extract_resource_arn

    def extract_resource_arn(service, method, path, headers, body, query_params, region, account_id):
        found = resource_arn_of(service, method, path, headers, body, query_params, region, account_id)
        if found != "*" or service not in NAMED:
            return found
        given = {**body_of(body), **{key: value[0] if isinstance(value, list) else value for key, value in query_params.items()}}
        return NAMED[service](given) or found

    iam_actions.extract_resource_arn = extract_resource_arn
