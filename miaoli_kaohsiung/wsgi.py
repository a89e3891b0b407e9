import os

from django.core.wsgi import get_wsgi_application

from miaoli_kaohsiung.lib.call_stack import in_one_piece
from miaoli_kaohsiung.lib.production import refuse_the_owner, refuse_to_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "miaoli_kaohsiung.settings")

refuse_to_start()
application = in_one_piece(get_wsgi_application())
refuse_the_owner()
