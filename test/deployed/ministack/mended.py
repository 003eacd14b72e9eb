"""The known faults of ministack, one a file in `faults`: each shows itself by a single call, and is mended in this process alone."""

import importlib

# In the order in which one builds on another.
FAULTS = (
    "alias_arn",
    "condition_pseudo_parameters",
    "event_source",
    "event_subscriptions",
    "extension_association",
    "function_qualifier",
    "function_url_host",
    "function_url_signer",
    "insert_stream",
    "partiql_actions",
    "leading_keys",
    "loopback_encrypted",
    "named_query",
    "policy_variables",
    "principal_arn",
    "read_only",
    "remediation_exceptions",
    "resources_of_requests",
    "schedule_group",
    "security_hub",
    "source_function",
    "ssm_document",
    "table_policy_deployed",
    "table_policy_enforced",
    "write_conditions",
)


def mend_all(names=FAULTS):
    """Mends them, and tells which rules of the test need it; stops where one doesn't show (any more), or still shows when it is mended."""
    for name in names:
        fault = importlib.import_module(f"faults.{name}")
        if not fault.shows():
            raise SystemExit(f"ministack no longer has the fault {name}: delete it from test/deployed/ministack.")
        fault.mend()
        if fault.shows():
            raise SystemExit(f"The fault {name} of ministack still shows when it is mended.")
        yield name, fault.RULES
