"""Amazon RDS does not know the event subscriptions of an account."""

from ministack.services import rds

RULES = ["sns-topic-encrypted"]


def shows():
    return "DescribeEventSubscriptions" not in rds._ACTION_MAP


def mend():
    def describe_event_subscriptions(_):
        return rds._xml(
            200,
            "DescribeEventSubscriptionsResponse",
            "<DescribeEventSubscriptionsResult><EventSubscriptionsList/></DescribeEventSubscriptionsResult>",
        )

    rds._ACTION_MAP["DescribeEventSubscriptions"] = describe_event_subscriptions
