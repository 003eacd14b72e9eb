"""`readOnly` in an event of CloudTrail is the text "true" or "false", and not a Boolean."""

import json

from ministack.services import cloudtrail

RULES = []
given = dict(service="s3", event_name="GetBucketPolicy", username="me", access_key_id="", resources=[], region="eu-west-1", request_id="", user_agent="", request_params={}, method="GET")


def shows():
    events = cloudtrail._get_event_queue()
    cloudtrail.record_event(**given)
    return not isinstance(json.loads(events.pop()["CloudTrailEvent"])["readOnly"], bool)


def mend():
    record = cloudtrail.record_event

    def record_typed(*args, **kwargs):
        record(*args, **kwargs)
        event = cloudtrail._get_event_queue()[-1]
        told = json.loads(event["CloudTrailEvent"])
        event["CloudTrailEvent"] = json.dumps({**told, "readOnly": told["readOnly"] == "true"})

    cloudtrail.record_event = record_typed
