"""A request about an alias or a version of a function is authorized on the function itself."""

from ministack.core import iam_actions

RULES = []
PLACE = ("eu-west-1", "111122223333")


def shows():
    path = "/2021-10-31/functions/a/url"
    return not iam_actions.extract_resource_arn("lambda", "GET", path, {}, b"", {"Qualifier": ["url"]}, *PLACE).endswith(":function:a:url")


def mend():
    resource_arn_of = iam_actions.extract_resource_arn

    def extract_resource_arn(service, method, path, headers, body, query_params, *place):
        found = resource_arn_of(service, method, path, headers, body, query_params, *place)
        qualifier = (query_params.get("Qualifier") or [None])[0]
        # With a qualifier, the name has seven colons.
        return f"{found}:{qualifier}" if service == "lambda" and qualifier and found.count(":") == 6 else found

    iam_actions.extract_resource_arn = extract_resource_arn
