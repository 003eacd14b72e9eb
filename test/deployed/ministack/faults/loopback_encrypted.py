"""Loopback is plain HTTP, so `aws:SecureTransport` is false, and the policies of buckets, topics and queues that require TLS deny everything."""

from ministack.core import iam_evaluator

RULES = []


def shows():
    iam_evaluator.pin_request_origin("127.0.0.1", False)
    return not iam_evaluator._request_origin.get()[1]


def mend():
    pin = iam_evaluator.pin_request_origin
    iam_evaluator.pin_request_origin = lambda source_ip, secure_transport: pin(source_ip, True)
