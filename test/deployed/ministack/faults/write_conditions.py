"""A request to S3 carries no `s3:if-none-match`: a bucket that demands it refuses all writes."""

from ministack.core import iam_actions

RULES = []
KEY, HEADER = "s3:if-none-match", "if-none-match"


def shows():
    return KEY not in iam_actions.s3_service_context("s3:PutObject", {}, "/bucket/key", {HEADER: "*"})


def mend():
    context_of = iam_actions.s3_service_context

    def s3_service_context(iam_action, query_params, path="", headers=None):
        context = context_of(iam_action, query_params, path, headers)
        value = (headers or {}).get(HEADER) if iam_action == "s3:PutObject" else None
        return {**context, **({KEY: value} if value else {})}

    iam_actions.s3_service_context = s3_service_context
