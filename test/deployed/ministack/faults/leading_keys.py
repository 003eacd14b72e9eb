"""A request to DynamoDB carries no `dynamodb:LeadingKeys`: what is allowed with it is refused."""

import contextvars
import json
import re

from ministack.core import iam_actions, iam_evaluator
from ministack.services import dynamodb

RULES = []
# Those of the items of a transaction, which are authorized one after another.
of_items = contextvars.ContextVar("leading_keys_of_items", default=None)
# Those of a batch, by table.
of_tables = contextvars.ContextVar("leading_keys_of_tables", default=None)


def shows():
    body = json.dumps({"TableName": "none", "Key": {"key": {"S": "a"}}}).encode()
    return iam_actions.dynamodb_service_context(body).get("dynamodb:LeadingKeys") != ["a"]


def partition_key(table_name, index=None):
    name = str(table_name).split("/")[-1]
    table = dynamodb._tables.get(name)
    if table is None:
        return None
    for one in table.get("GlobalSecondaryIndexes") or []:
        if one.get("IndexName") == index:
            return next(key["AttributeName"] for key in one["KeySchema"] if key["KeyType"] == "HASH")
    return table["pk_name"]


def text_of(value):
    return str(next(iter(value.values()))) if isinstance(value, dict) and value else None


def of_item(table, item):
    name = partition_key(table) or (next(iter(item), None) if len(item) == 1 else None)
    return text_of(item.get(name)) if name else None


def of_query(data):
    name = partition_key(data.get("TableName"), data.get("IndexName"))
    names, values = data.get("ExpressionAttributeNames") or {}, data.get("ExpressionAttributeValues") or {}
    for attribute, value in re.findall(r"([#\w.-]+)\s*=\s*(:\w+)", data["KeyConditionExpression"]):
        if names.get(attribute, attribute) == name:
            return text_of(values.get(value))
    return None


def of_statement(statement, parameters):
    found = re.search(r'"([^"]+)"(?:\."([^"]+)")?', statement)
    name = partition_key(*found.groups()) if found else None
    given = iter(parameters or [])
    for attribute, value in re.findall(r"""['"]?([\w-]+)['"]?\s*[:=]\s*(\?|'[^']*')""", statement[found.end() :] if found else ""):
        value = text_of(next(given, None)) if value == "?" else value.strip("'")
        if attribute == name:
            return value
    return None


def keys_of(data):
    if isinstance(data.get("Statement"), str):
        return [of_statement(data["Statement"], data.get("Parameters"))]
    if isinstance(data.get("KeyConditionExpression"), str):
        return [of_query(data)]
    for member in ("Item", "Key"):
        if isinstance(data.get(member), dict):
            return [of_item(data.get("TableName"), data[member])]
    return [key for keys in keys_by_table(data).values() for key in keys]


def keys_by_table(data):
    """Of a batch: each of its tables is authorized with its own."""
    found = {}
    for table, requests in (data.get("RequestItems") or {}).items():
        written = [next(iter(one.values())) for one in requests] if isinstance(requests, list) else []
        items = requests.get("Keys", []) if isinstance(requests, dict) else [one.get("Item") or one.get("Key") for one in written]
        found[table.split("/")[-1]] = present([of_item(table, item) for item in items])
    return found


def present(keys):
    return [key for key in keys if key is not None]


def mend():
    context_of, checks_of, enforce = iam_actions.dynamodb_service_context, iam_actions.dynamodb_transaction_checks, iam_evaluator.enforce

    def data_of(body):
        try:
            data = json.loads(body or b"{}")
        except ValueError:
            return {}
        return data if isinstance(data, dict) else {}

    def dynamodb_service_context(body):
        context = context_of(body)
        data = data_of(body)
        keys = present(keys_of(data))
        of_tables.set(keys_by_table(data))
        return {**context, **({"dynamodb:LeadingKeys": keys} if keys else {})}

    def dynamodb_transaction_checks(action, body, region, account):
        checks = checks_of(action, body, region, account)
        data = data_of(body)
        items = [next(iter(one.values())) for one in data.get("TransactItems") or []]
        items += data.get("TransactStatements") or data.get("Statements") or []
        of_items.set([present(keys_of(one)) for one in items] if checks else None)
        return checks

    def enforce_each(access_key, action, service, region, resource_arn="*", service_context=None):
        waiting = of_items.get() if service == "dynamodb" else None
        if waiting:
            keys = waiting.pop(0)
            service_context = {**(service_context or {}), **({"dynamodb:LeadingKeys": keys} if keys else {})}
        keys = (of_tables.get() or {}).get(resource_arn.split("/")[-1]) if service == "dynamodb" else None
        if keys:
            service_context = {**(service_context or {}), "dynamodb:LeadingKeys": keys}
        return enforce(access_key, action, service, region, resource_arn=resource_arn, service_context=service_context)

    iam_actions.dynamodb_service_context = dynamodb_service_context
    iam_actions.dynamodb_transaction_checks = dynamodb_transaction_checks
    iam_evaluator.enforce = enforce_each
