"""Static files go out compressed, without a step to run beforehand."""

from django.conf import settings
from django.middleware.gzip import GZipMiddleware

TEXT = ("text/", "application/json", "image/svg+xml")


class CompressStatic(GZipMiddleware):
    """Files alone: a page may hold a secret beside what a visitor typed, which its size would tell."""

    def process_request(self, request):
        # Compressed, a file's tag becomes a weak one; WhiteNoise knows the strong one.
        if request.path.startswith(settings.STATIC_URL) and "If-None-Match" in request.headers:
            request.META["HTTP_IF_NONE_MATCH"] = request.headers["If-None-Match"].removeprefix("W/")

    def process_response(self, request, response):
        kind = response.headers.get("Content-Type", "")
        is_file = request.path.startswith(settings.STATIC_URL) and response.status_code == 200
        return super().process_response(request, response) if is_file and kind.startswith(TEXT) else response
