"""`${aws:userid}` and other policy variables, in resources and in conditions, are compared as they are written."""

import re

from ministack.core import iam_evaluator

RULES = []

variable = re.compile(r"\$\{([^{}]+)\}")


def shows():
    statement = {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::${aws:userid}", "Condition": {"StringLike": {"s3:prefix": "${aws:userid}/*"}}}
    request = iam_evaluator.EvalContext(
        "arn:aws:iam::111122223333:user/me",
        "User",
        "111122223333",
        "s3:ListBucket",
        "arn:aws:s3:::AIDAME",
        "eu-west-1",
        service_context={"s3:prefix": "AIDAME/a"},
        principal_keys={"aws:userid": "AIDAME"},
    )
    return iam_evaluator.evaluate(request, [iam_evaluator.parse_policy_document({"Statement": statement})]).decision != "Allow"


def expanded(pattern, ctx):
    """None where the request has no such key: a statement with it doesn't match."""
    missing = []

    def value_of(match):
        name = match.group(1)
        if name in ("*", "?", "$"):
            return name
        value = iam_evaluator._resolve_condition_key(name, ctx)
        if not isinstance(value, str):
            missing.append(name)
        return str(value)

    text = variable.sub(value_of, str(pattern))
    return None if missing else text


def mend():
    matches_resource, conditions_met = iam_evaluator._first_match, iam_evaluator._conditions_met

    def first_match(ctx, statements, effect):
        def with_values(one):
            if not any("${" in each for each in one.resources):
                return one
            resources = [text for text in (expanded(each, ctx) for each in one.resources) if text is not None]
            # An empty list would match everything.
            return iam_evaluator.replace(one, resources=resources or (["-"] if one.resources else []))

        return matches_resource(ctx, [with_values(one) for one in statements], effect)

    def met(conditions, ctx):
        def values_of(values):
            return [text for text in (expanded(each, ctx) for each in (values if isinstance(values, list) else [values])) if text is not None]

        filled = {operator: {key: values_of(values) for key, values in keys.items()} for operator, keys in (conditions or {}).items()}
        return conditions_met(filled, ctx)

    iam_evaluator._first_match, iam_evaluator._conditions_met = first_match, met
