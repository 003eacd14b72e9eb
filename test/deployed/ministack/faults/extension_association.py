"""CloudFormation refuses `AWS::AppConfig::ExtensionAssociation`. It is recorded only: AppConfig sends no events there."""

from ministack.services.cloudformation import provisioners

RULES = []
TYPE = "AWS::AppConfig::ExtensionAssociation"


def shows():
    return TYPE not in provisioners._RESOURCE_HANDLERS


def mend():
    provisioners._RESOURCE_HANDLERS[TYPE] = {
        "create": lambda logical_id, props, stack_name: (logical_id.lower(), {}),
        "update": lambda physical_id, old, new, stack_name: (physical_id, {}),
        "delete": lambda physical_id, props: None,
    }
