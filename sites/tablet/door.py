"""The way in for records: what stands before pages only costs time here."""

from django.utils import translation

from sites.people.middleware import answer_to, language_of
from sites.tablet.turns import PATH
from sites.tablet.views import records


class Door:
    """Lets records straight to their view, which begins its own transaction and knows tablets by their token.

    No session, person, message or list of addresses is asked.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path != PATH:
            return self.get_response(request)
        request.get_host()  # refuses one that is not ours
        with translation.override(language_of(request)):
            try:
                response = records(request)
            except Exception as error:
                answer = answer_to(request, error)
                if answer is None:
                    raise
                response = answer
            response.headers["Content-Language"] = translation.get_language()
        response.headers["Content-Length"] = str(len(response.content))
        return response
