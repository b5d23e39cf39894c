"""What a peer may ask the server to hold: four bounds, each enforced while the bytes arrive."""


class Limits:
    """`request_line`, `head` and `body` count bytes, `fields` field lines.

    The request line is counted without its line end, the head with everything up to and with the
    empty line. A chunked body's extensions and trailers may take as many bytes as a head, and its
    trailers as many lines.
    """

    __slots__ = ("body", "fields", "head", "plain_head", "request_line")

    def __init__(
        self,
        *,
        request_line: int = 8192,
        fields: int = 100,
        head: int = 32768,
        body: int = 1048576,
    ) -> None:
        named = {"request_line": request_line, "fields": fields, "head": head, "body": body}
        for name, bound in named.items():
            if bound < 1:
                raise ValueError(f"the limit {name} is at least 1, not {bound}")
        self.request_line = request_line
        self.fields = fields
        self.head = head
        self.body = body
        self.plain_head = min(request_line, head)  # a head so short has no part that is too long
