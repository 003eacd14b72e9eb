"""IAM doesn't ask the resource policy of a DynamoDB table."""

import json

from ministack.core import iam_evaluator
from ministack.services import dynamodb

RULES = []


def shows():
    return "dynamodb" not in iam_evaluator._RESOURCE_POLICY_LOOKUPS


def policy_of(arn):
    table = arn.split("/index/")[0]
    entry = dynamodb._resource_policies.get(table)
    return None if entry is None else (json.loads(entry["Policy"]), table.split(":")[4])


def mend():
    dynamodb.table_policy_for_arn = policy_of
    iam_evaluator._RESOURCE_POLICY_LOOKUPS["dynamodb"] = ("dynamodb", "table_policy_for_arn")
