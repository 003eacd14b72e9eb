"""CloudFormation refuses `AWS::Athena::NamedQuery`. It is recorded only: nobody runs the queries."""

from ministack.services.cloudformation import provisioners

RULES = []
TYPE = "AWS::Athena::NamedQuery"


def shows():
    return TYPE not in provisioners._RESOURCE_HANDLERS


def mend():
    provisioners._RESOURCE_HANDLERS[TYPE] = {
        "create": lambda logical_id, props, stack_name: (props.get("Name", logical_id), {}),
        "update": lambda physical_id, old, new, stack_name: (physical_id, {}),
        "delete": lambda physical_id, props: None,
    }
