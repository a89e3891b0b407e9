from django.urls import path

from grants.views import books

urlpatterns = [
    path("books/<int:pk>/", books.book, name="book"),
    path("books/<int:pk>/entries/<int:entry>/cancel/", books.book_cancel, name="book_cancel"),
    path("books/<int:pk>/<int:year>.pdf", books.book_pdf, name="book_pdf"),
]
