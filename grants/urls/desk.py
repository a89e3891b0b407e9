from django.urls import path

from grants.views.desk import chairs, handover, pages, unheld

urlpatterns = [
    path("desk/", pages.desk, name="desk"),
    path("desk/handover/", handover.handing_over, name="handover"),
    path("desk/handovers/<int:pk>/", handover.record, name="handover_record"),
    path("desk/handovers/<int:pk>/paper.pdf", handover.paper, name="handover_paper"),
    path("desk/handovers/<int:pk>/receive/", handover.receive, name="handover_receive"),
    path("desk/associations/<int:pk>/handover/", chairs.take_over, name="association_handover"),
    path("desk/associations/<int:pk>/handover.pdf", chairs.paper, name="association_handover_paper"),
    path("desk/posts/<int:pk>/", unheld.post_work, name="post_work"),
    path("desk/unheld/", unheld.unheld, name="unheld"),
    path("desk/<slug:kind>/", pages.queue, name="desk_queue"),
    path("deadlines/<int:pk>/urge/", pages.urge, name="urge"),
    path("applications/<slug:number>/officer/", handover.officer, name="case_officer"),
]
