import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harmreduction.settings")
application = get_wsgi_application()

from harmreduction.pg.patience import PATIENCE  # noqa: E402 - settings are read first
from sites.keyring.startup import refuse_without_keys  # noqa: E402 - models are read after the set-up
from sites.retention.startup import refuse_before_purge  # noqa: E402

# A person or a tablet waits: 503 within three seconds.
PATIENCE.seconds = 1.5
refuse_without_keys()
refuse_before_purge()
# Read once for all processes; else the first page of each would wait a second or more for every view.
import_module(settings.ROOT_URLCONF)
