"""Makes moto's DynamoDB transactions quick: before each it copies whole tables, all that is in them, in case it has to go back."""

import copy
import threading
from collections import defaultdict

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

here = threading.local()
write = DynamoDBBackend.transact_write_items


def copied(table, memo):
    twin = copy.copy(table)
    memo[id(table)] = twin
    altered = getattr(here, "altered", None)
    if altered is None:
        twin.__dict__.update(copy.deepcopy(table.__dict__, memo))
    else:
        # A put replaces an item, a delete takes it out; an update alone alters one that the way back needs.
        names = {DynamoType(key[table.hash_key_attr]) for name, key in altered if name == table.name and table.hash_key_attr in key}
        items = {}
        for key, held in table.items.items():
            items[key] = copy.deepcopy(held) if key in names else held if isinstance(held, Item) else dict(held)
        twin.items = defaultdict(dict, items)
    return twin


def quick(backend, transact_items):
    here.altered = [(item["Update"].get("TableName"), item["Update"].get("Key", {})) for item in transact_items if "Update" in item]
    try:
        return write(backend, transact_items)
    finally:
        here.altered = None


Table.__deepcopy__ = copied
DynamoDBBackend.transact_write_items = quick
