"""PutEvents refuses sources `aws.*`, as AWS does: there is no other way to deliver what Security Hub sends. Open for the owner of the account alone."""

from ministack.services import eventbridge

RULES = []


def shows():
    status, _, body = eventbridge._put_events({"Entries": [{"Source": "aws.securityhub", "DetailType": "none", "Detail": "{}"}]})
    return b"NotAuthorizedForSource" in (body if isinstance(body, bytes) else body.encode())


def mend():
    from ministack.core.iam_evaluator import caller_arn

    put = eventbridge._put_events
    eventbridge._put_events = lambda data, allow_aws_source=False: put(data, allow_aws_source or caller_arn().endswith(":root"))
