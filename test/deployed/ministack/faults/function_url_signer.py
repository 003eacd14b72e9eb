"""A function behind a URL with IAM authorization isn't told who signed the request (`requestContext.authorizer.iam`)."""

from ministack.core import iam_evaluator
from ministack.core.router import extract_access_key_id
from ministack.services import lambda_svc

RULES = []
signed = {"authorization": "AWS4-HMAC-SHA256 Credential=test/20261129/eu-west-1/lambda/aws4_request, SignedHeaders=host, Signature=0"}


def shows():
    event = lambda_svc._build_function_url_event("id", "111122223333", "eu-west-1", "POST", "/", signed, b"{}", {})
    return "authorizer" not in event["requestContext"]


def mend():
    build = lambda_svc._build_function_url_event

    def build_with_signer(url_id, account_id, region, method, path, headers, body, query_params, **rest):
        event = build(url_id, account_id, region, method, path, headers, body, query_params, **rest)
        key = extract_access_key_id(headers, query_params)
        caller = None if rest.get("anonymous") else iam_evaluator.resolve_caller_identity(key)
        if caller is not None:
            event["requestContext"]["authorizer"] = {
                "iam": {
                    "accessKey": caller["accessKey"],
                    "accountId": caller["accountId"],
                    "callerId": caller["userId"],
                    "cognitoIdentity": None,
                    "principalOrgId": caller["principalOrgId"],
                    "userArn": caller["userArn"],
                    "userId": caller["userId"],
                }
            }
        return event

    lambda_svc._build_function_url_event = build_with_signer
