"""An INSERT of PartiQL writes no record into the stream of its table."""

from ministack.services import dynamodb

RULES = []


def shows():
    seen = []
    emit = dynamodb._emit_stream_event
    dynamodb._emit_stream_event = lambda *change, **_: seen.append(change)
    try:
        table = {"TableName": "a", "pk_name": "key", "sk_name": None, "items": {}}
        dynamodb._partiql_insert(table, {"op": "INSERT", "table": "a", "item": {"key": {"S": "b"}}})
    finally:
        dynamodb._emit_stream_event = emit
    return seen == []


def mend():
    insert = dynamodb._partiql_insert

    def _partiql_insert(table, parsed):
        answer = insert(table, parsed)
        item = parsed.get("item", {})
        if answer[0] == 200:
            dynamodb._emit_stream_event(parsed["table"], "INSERT", None, item["M"] if set(item) == {"M"} else item)
        return answer

    dynamodb._partiql_insert = _partiql_insert
