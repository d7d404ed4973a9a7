"""The answers of AWS's query protocol, in XML."""

import secrets
from xml.etree import ElementTree

NAMESPACE = {
    "iam": "https://iam.amazonaws.com/doc/2010-05-08/",
    "sts": "https://sts.amazonaws.com/doc/2011-06-15/",
}


def answer(service, action, result):
    metadata = {"ResponseMetadata": {"RequestId": secrets.token_hex(16)}}
    content = metadata if result is None else {f"{action}Result": result, **metadata}
    return document(service, f"{action}Response", content)


def complaint(service, refusal):
    error = {"Type": "Sender", "Code": refusal.code, "Message": refusal.message}
    return document(service, "ErrorResponse", {"Error": error, "RequestId": secrets.token_hex(16)})


def document(service, tag, content):
    root = element(tag, content)
    root.set("xmlns", NAMESPACE[service])
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def element(tag, content):
    """A dictionary becomes children, a list becomes <member>s, as the query protocol has them."""
    node = ElementTree.Element(tag)
    if isinstance(content, dict):
        node.extend(element(key, value) for key, value in content.items())
    elif isinstance(content, list):
        node.extend(element("member", value) for value in content)
    else:
        node.text = content
    return node
