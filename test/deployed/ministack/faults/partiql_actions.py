"""A statement of PartiQL is authorized as `dynamodb:ExecuteStatement` on `*`; on AWS, as `dynamodb:PartiQLInsert` and so on, on its table."""

import json
import re

from ministack.core import iam_actions

RULES = []

statement_of = re.compile(r"""^\s*(SELECT|INSERT|UPDATE|DELETE)\b.*?(?:FROM|INTO|UPDATE)?\s*"([^"]+)"(?:\."([^"]+)")?""", re.IGNORECASE | re.DOTALL)
insert = {"Statement": "INSERT INTO \"a\" VALUE {'key': ?}", "Parameters": [{"S": "b"}]}


def shows():
    body = json.dumps(insert).encode()
    headers = {"x-amz-target": "DynamoDB_20120810.ExecuteStatement"}
    action = iam_actions.extract_iam_action("dynamodb", "POST", "/", headers, body, {})
    together = json.dumps({"TransactStatements": [insert]}).encode()
    checks = iam_actions.dynamodb_transaction_checks("dynamodb:ExecuteTransaction", together, "eu-west-1", "111122223333")
    table = "arn:aws:dynamodb:eu-west-1:111122223333:table/a"
    return (
        action != "dynamodb:PartiQLInsert"
        or iam_actions.dynamodb_resource_arns(body, "eu-west-1", "111122223333") != [table]
        or checks != [("dynamodb:PartiQLInsert", table)]
    )


def read(statement):
    """Its action, table and index."""
    found = statement_of.match(str(statement))
    if not found:
        return "dynamodb:PartiQLUnknown", "*", None
    kind, table, index = found.groups()
    return f"dynamodb:PartiQL{kind.capitalize()}", table, index


def arn_of(statement, region, account):
    _, table, index = read(statement)
    return iam_actions._dynamodb_table_arn(table, region, account) + (f"/index/{index}" if index else "")


def body_of(body):
    try:
        data = json.loads(body or b"{}")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def mend():
    action_of, arns_of, checks_of = iam_actions.extract_iam_action, iam_actions.dynamodb_resource_arns, iam_actions.dynamodb_transaction_checks

    def extract_iam_action(service, method, path, headers, body, query_params):
        action = action_of(service, method, path, headers, body, query_params)
        return read(body_of(body).get("Statement"))[0] if action == "dynamodb:ExecuteStatement" else action

    def dynamodb_resource_arns(body, region, account):
        statement = body_of(body).get("Statement")
        return [arn_of(statement, region, account)] if isinstance(statement, str) else arns_of(body, region, account)

    def dynamodb_transaction_checks(action, body, region, account):
        if action not in ("dynamodb:ExecuteTransaction", "dynamodb:BatchExecuteStatement"):
            return checks_of(action, body, region, account)
        data = body_of(body)
        statements = [one.get("Statement") for one in data.get("TransactStatements") or data.get("Statements") or []]
        return [(read(one)[0], arn_of(one, region, account)) for one in statements]

    iam_actions.extract_iam_action = extract_iam_action
    iam_actions.dynamodb_resource_arns = dynamodb_resource_arns
    iam_actions.dynamodb_transaction_checks = dynamodb_transaction_checks
