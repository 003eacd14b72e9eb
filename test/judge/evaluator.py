"""
Judges calls by ministack's evaluator of IAM policies, which others wrote: first a line of JSON with all policies by name, then an array of calls a line. A condition key that a call doesn't
speak of, and an operator that the evaluator doesn't know, are errors and not decisions.
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "deployed" / "ministack"))

import mended  # noqa: E402
from ministack.core import iam_evaluator  # noqa: E402

# On AWS, policies have variables.
list(mended.mend_all(["policy_variables"]))


class Unknown(Exception):
    pass


def resolve(key, ctx):
    known = ctx.service_context
    if key.lower() not in known:
        raise Unknown(f"The call says nothing of the condition key {key}: give it a value, or null if it has none.")
    return known[key.lower()]


evaluate_condition = iam_evaluator._evaluate_single_condition


def evaluate_known(operator, actual, expected):
    name = operator.lower().removesuffix("ifexists").split(":")[-1]
    if name != "null" and name not in iam_evaluator._CONDITION_OPS:
        raise Unknown(f"The evaluator doesn't know the condition operator {operator}.")
    return evaluate_condition(operator, actual, expected)


iam_evaluator._resolve_condition_key = resolve
iam_evaluator._evaluate_single_condition = evaluate_known


def parsed(one):
    return documents[one] if isinstance(one, str) else iam_evaluator.parse_policy_document(one)


def decide(call):
    principal = call["principal"]
    ctx = iam_evaluator.EvalContext(
        principal_arn=principal["arn"],
        principal_type=principal["type"],
        principal_account=principal["account"],
        action=call["action"],
        resource_arn=call["resource"],
        region=call["region"],
        service_context={key.lower(): value for key, value in call["context"].items()},
    )
    policy, owner = resource_policies.get(call.get("resourcePolicy")), call["owner"]
    if principal["type"] == "Service":
        return iam_evaluator.evaluate_resource_policy(policy, ctx, service=principal["arn"])
    identity = iam_evaluator.evaluate(ctx, [parsed(one) for one in principal["policies"]])
    if policy is None and not call["required"]:
        return identity
    return iam_evaluator.combine_resource_policy(identity, ctx, policy, owner, required=call["required"])


def answer(call):
    try:
        result = decide(call)
        return {"decision": result.decision, "sid": result.matched_sid, "byResource": bool(result.resource_policy_arn)}
    except Unknown as unknown:
        return {"unknown": str(unknown)}


given = json.loads(sys.stdin.readline())
documents = {name: iam_evaluator.parse_policy_document(one) for name, one in given["identity"].items()}
resource_policies = given["resource"]
for line in sys.stdin:
    print(json.dumps([answer(call) for call in json.loads(line)]), flush=True)
