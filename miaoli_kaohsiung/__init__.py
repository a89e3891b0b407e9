"""The project itself. Importing it starts nothing: the law is read by programs that have no Django and no Celery."""
