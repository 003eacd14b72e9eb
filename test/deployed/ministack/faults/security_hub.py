"""There is no Security Hub: GetFindings and BatchUpdateFindings are no calls that it knows. It has the findings that were put on the bus as its own."""

import json

import ministack.app
from ministack.core import iam_actions, router
from ministack.core.responses import get_account_id, get_region
from ministack.services import eventbridge

RULES = []
SCOPE = "securityhub"
OPERATIONS = {("POST", "/findings"): "GetFindings", ("PATCH", "/findings/batchupdate"): "BatchUpdateFindings"}
findings = {}

# What of a finding a filter is held against.
FILTERED = {
    "Id": lambda finding: [finding.get("Id")],
    "ProductArn": lambda finding: [finding.get("ProductArn")],
    "ResourceId": lambda finding: [one.get("Id") for one in finding.get("Resources", [])],
    "ComplianceSecurityControlId": lambda finding: [finding.get("Compliance", {}).get("SecurityControlId")],
    "WorkflowStatus": lambda finding: [finding.get("Workflow", {}).get("Status")],
    "RecordState": lambda finding: [finding.get("RecordState")],
    "AwsAccountId": lambda finding: [finding.get("AwsAccountId")],
}


def shows():
    return SCOPE not in ministack.app.SERVICE_HANDLERS


def answer(status, body):
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


def meets(finding, name, filters):
    return any(one["Value"] in FILTERED[name](finding) for one in filters)


def get_findings(given):
    filters = given.get("Filters") or {}
    unknown = [name for name, each in filters.items() if name not in FILTERED or any(one.get("Comparison") != "EQUALS" for one in each)]
    if unknown:
        return answer(501, {"__type": "NotImplemented", "message": f"No filter by {', '.join(unknown)}."})
    found = [one for one in findings.get((get_account_id(), get_region()), {}).values() if all(meets(one, name, each) for name, each in filters.items())]
    return answer(200, {"Findings": found[: given.get("MaxResults", 10)]})


def batch_update_findings(given):
    held = findings.setdefault((get_account_id(), get_region()), {})
    identifiers = given.pop("FindingIdentifiers", [])
    for one in identifiers:
        finding = held.get(one["Id"])
        if finding is not None:
            finding.update(given)
    return answer(200, {"ProcessedFindings": [one for one in identifiers if one["Id"] in held], "UnprocessedFindings": [
        {"FindingIdentifier": one, "ErrorCode": "FindingNotFound", "ErrorMessage": "The finding was not found"} for one in identifiers if one["Id"] not in held
    ]})


async def handle_request(method, path, headers, body, query_params):
    operation = OPERATIONS.get((method, path.rstrip("/")))
    if operation is None:
        return answer(501, {"__type": "NotImplemented", "message": f"No operation {method} {path}."})
    given = json.loads(body or b"{}")
    return get_findings(given) if operation == "GetFindings" else batch_update_findings(given)


def mend():
    ministack.app.SERVICE_HANDLERS[SCOPE] = handle_request
    router.SERVICE_PATTERNS[SCOPE] = {"credential_scope": SCOPE}
    iam_actions.SERVICE_TO_IAM_NAMESPACE[SCOPE] = SCOPE
    action_of, arn_of, tags_of, put = iam_actions.extract_iam_action, iam_actions.extract_resource_arn, iam_actions.request_tag_context, eventbridge._put_events

    def extract_iam_action(service, method, path, headers, body, query_params):
        if service == SCOPE:
            return f"{SCOPE}:{OPERATIONS.get((method, path.rstrip('/')), 'Unknown')}"
        return action_of(service, method, path, headers, body, query_params)

    def extract_resource_arn(service, method, path, headers, body, query_params, region, account_id):
        if service == SCOPE:
            return f"arn:aws:securityhub:{region}:{account_id}:hub/default"
        return arn_of(service, method, path, headers, body, query_params, region, account_id)

    def request_tag_context(service, action, body, params):
        if service != SCOPE:
            return tags_of(service, action, body, params)
        status = json.loads(body or b"{}").get("Workflow", {}).get("Status")
        return {f"{SCOPE}:ASFFSyntaxPath/Workflow.Status": status} if status else {}

    def put_events(data, allow_aws_source=False):
        result = put(data, allow_aws_source)
        for entry in data.get("Entries", []):
            if entry.get("Source") == "aws.securityhub":
                for one in json.loads(entry.get("Detail", "{}")).get("findings", []):
                    findings.setdefault((get_account_id(), get_region()), {})[one["Id"]] = one
        return result

    iam_actions.extract_iam_action, iam_actions.extract_resource_arn = extract_iam_action, extract_resource_arn
    iam_actions.request_tag_context, eventbridge._put_events = request_tag_context, put_events
