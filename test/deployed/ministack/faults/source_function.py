"""What a function does with its own credentials carries no `lambda:SourceFunctionArn`."""

from ministack.core import iam_evaluator, lambda_runtime
from ministack.services import sts

RULES = []
KEY = "lambda:sourcefunctionarn"
ARN = "arn:aws:lambda:eu-west-1:111122223333:function:fault-probe"


def shows():
    credentials = lambda_runtime.execution_credentials({"FunctionArn": ARN, "FunctionName": "fault-probe", "Role": "arn:aws:iam::111122223333:role/fault-probe"})
    caller = iam_evaluator.resolve_principal(credentials["AWS_ACCESS_KEY_ID"], "111122223333")
    return caller.keys.get(KEY) != ARN


def mend():
    credentials_of, keys_of = lambda_runtime.execution_credentials, iam_evaluator._principal_keys

    def execution_credentials(config):
        credentials = credentials_of(config)
        session = sts._sessions.get(credentials["AWS_ACCESS_KEY_ID"])
        if session is not None:
            session["SourceFunctionArn"] = config.get("FunctionArn", "")
        return credentials

    def principal_keys(credential):
        session = sts._sessions.get(credential.access_key_id) or {}
        source = session.get("SourceFunctionArn")
        return {**keys_of(credential), **({KEY: source} if source else {})}

    lambda_runtime.execution_credentials, iam_evaluator._principal_keys = execution_credentials, principal_keys
