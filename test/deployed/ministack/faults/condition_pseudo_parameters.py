"""`{"Ref": "AWS::Partition"}` in a condition of a template is compared as the text "AWS::Partition"."""

import sys

from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import changesets, engine, stacks  # noqa: F401

RULES = []


def shows():
    condition = {"Conditions": {"InAws": {"Fn::Equals": [{"Ref": "AWS::Partition"}, "aws"]}}}
    return engine._evaluate_conditions(condition, {}) != {"InAws": True}


def mend():
    evaluate = engine._evaluate_conditions

    def evaluate_conditions(template, params):
        pseudo = {"AWS::Partition": "aws", "AWS::AccountId": get_account_id(), "AWS::Region": get_region()}
        return evaluate(template, {**{name: {"Value": value} for name, value in pseudo.items()}, **params})

    for module in [one for name, one in sys.modules.items() if name.startswith("ministack.services.cloudformation")]:
        if getattr(module, "_evaluate_conditions", None) is evaluate:
            module._evaluate_conditions = evaluate_conditions
