"""The WSGI application of the console, for any server of the office's choice."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "posthouse_web.settings")

application = get_wsgi_application()
