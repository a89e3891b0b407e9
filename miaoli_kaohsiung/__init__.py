"""The project itself. Importing it starts nothing, because programs without Django and Celery read the law."""
