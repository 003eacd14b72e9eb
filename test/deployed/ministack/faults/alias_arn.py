"""A function that is invoked by an alias gets its own ARN in the context, without the alias."""

from ministack.services import lambda_svc

RULES = []
ARN = "arn:aws:lambda:eu-west-1:111122223333:function:a"
probe = {"config": {"FunctionArn": ARN}, "aliases": {"url": {"FunctionVersion": "$LATEST"}}, "versions": {}}


def shows():
    _, configuration = lambda_svc._effective_func_record_for_qualifier(probe, "url")
    return configuration["FunctionArn"] != f"{ARN}:url"


def mend():
    effective = lambda_svc._effective_func_record_for_qualifier

    def effective_with_alias(function, qualifier):
        record, configuration = effective(function, qualifier)
        if configuration is None or qualifier not in (function or {}).get("aliases", {}):
            return record, configuration
        return record, {**configuration, "FunctionArn": f"{function['config']['FunctionArn']}:{qualifier}"}

    lambda_svc._effective_func_record_for_qualifier = effective_with_alias
