"""Makes moto sign a digest: it hashes every message, a digest once more."""

import base64
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from moto.kms.responses import KmsResponse

sign_message = KmsResponse.sign


def sign(self):
    algorithm = self._get_param("SigningAlgorithm")
    if self._get_param("MessageType") != "DIGEST" or algorithm != "ECDSA_SHA_256":
        return sign_message(self)
    key = self.kms_backend.describe_key(self._get_param("KeyId"))
    digest = self._get_param("Message")
    signature = key.private_key.private_key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
    return json.dumps({"KeyId": key.arn, "Signature": base64.b64encode(signature).decode(), "SigningAlgorithm": algorithm})


KmsResponse.sign = sign
