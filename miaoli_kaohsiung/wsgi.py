import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "miaoli_kaohsiung.settings")

application = get_wsgi_application()
