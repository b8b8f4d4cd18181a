"""Public pages ask nobody who they are: no cookie is read or set, so that any cache may keep them."""

PUBLIC = ("/bulletin/", "/en/bulletin/", "/api/v1/public/")


class NobodyIsAsked:
    """Stands outside sessions and sign-in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path.startswith(PUBLIC):
            return self.get_response(request)
        request.COOKIES = {}
        response = self.get_response(request)
        response.cookies.clear()
        varies = [name.strip() for name in response.headers.get("Vary", "").split(",")]
        kept = [name for name in varies if name and name.lower() != "cookie"]
        del response.headers["Vary"]
        if kept:
            response.headers["Vary"] = ", ".join(kept)
        return response
