"""`aws:PrincipalArn` is the ARN of the session; on AWS, that of its role."""

from ministack.core import iam_evaluator

RULES = []


def shows():
    caller = iam_evaluator.EvalContext("arn:aws:sts::111122223333:assumed-role/Reader/me", "AssumedRole", "111122223333", "s3:GetObject", "*", "eu-west-1")
    return iam_evaluator._resolve_condition_key("aws:PrincipalArn", caller) != "arn:aws:iam::111122223333:role/Reader"


def mend():
    resolve = iam_evaluator._resolve_condition_key

    def resolve_with_role(key, ctx):
        found = resolve(key, ctx)
        if key.lower() != "aws:principalarn" or ":assumed-role/" not in str(found):
            return found
        account, role = found.split(":")[4], found.split("/")[1]
        return f"arn:{found.split(':')[1]}:iam::{account}:role/{role}"

    iam_evaluator._resolve_condition_key = resolve_with_role
