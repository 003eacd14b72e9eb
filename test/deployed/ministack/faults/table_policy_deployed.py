"""CloudFormation drops the resource policy and the point-in-time recovery of an `AWS::DynamoDB::Table`, when it makes and when it updates one."""

import json

from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

RULES = []
TYPE = "AWS::DynamoDB::Table"
policy = {"Version": "2012-10-17", "Statement": []}
probe = {
    "TableName": "fault-probe",
    "KeySchema": [{"AttributeName": "key", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "key", "AttributeType": "S"}],
    "ResourcePolicy": {"PolicyDocument": policy},
}


def shows():
    handlers = provisioners._RESOURCE_HANDLERS[TYPE]
    name, attributes = handlers["create"]("Probe", probe, "fault")
    try:
        return dynamodb._get_resource_policy({"ResourceArn": attributes["Arn"]})[0] != 200
    finally:
        dynamodb._delete_resource_policy({"ResourceArn": attributes["Arn"]})
        handlers["delete"](name, probe)


def mend():
    handlers = provisioners._RESOURCE_HANDLERS[TYPE]
    create, update, delete = handlers["create"], handlers["update"], handlers["delete"]

    def apply(name, properties):
        arn = dynamodb._tables[name]["TableArn"]
        document = (properties.get("ResourcePolicy") or {}).get("PolicyDocument")
        if document is None:
            dynamodb._delete_resource_policy({"ResourceArn": arn})
        else:
            dynamodb._put_resource_policy({"ResourceArn": arn, "Policy": json.dumps(document)})
        recovery = properties.get("PointInTimeRecoverySpecification")
        if recovery is not None:
            dynamodb._update_continuous_backups({"TableName": name, "PointInTimeRecoverySpecification": recovery})
        ttl = properties.get("TimeToLiveSpecification")
        if ttl is not None:
            dynamodb._update_ttl({"TableName": name, "TimeToLiveSpecification": ttl})

    def created(logical_id, properties, stack_name):
        name, attributes = create(logical_id, properties, stack_name)
        apply(name, properties)
        return name, attributes

    def updated(physical_id, old, new, stack_name, logical_id=None):
        name, attributes = update(physical_id, old, new, stack_name, logical_id)
        apply(name, new)
        return name, attributes

    def deleted(physical_id, properties):
        table = dynamodb._tables.get(physical_id)
        if table is not None and table.get("DeletionProtectionEnabled"):
            raise ValueError(f"Resource cannot be deleted as it is currently protected against deletion: {physical_id}")
        if table is not None:
            dynamodb._delete_resource_policy({"ResourceArn": table["TableArn"]})
        delete(physical_id, properties)

    handlers.update(create=created, update=updated, delete=deleted)
