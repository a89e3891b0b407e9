from django.urls import path

from grants.views import guidance

urlpatterns = [
    path("guidance/", guidance.month, name="guidance"),
    path("guidance/<int:pk>/plan/", guidance.plan, name="guidance_plan"),
    path("guidance/<int:pk>/photos/", guidance.photos, name="guidance_photos"),
    path("guidance/photos/<int:pk>/", guidance.photo, name="guidance_photo"),
    path("guidance/photos/<int:pk>/remove/", guidance.photo_remove, name="guidance_photo_remove"),
]
