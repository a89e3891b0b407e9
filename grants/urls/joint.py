from django.urls import path

from grants.views import joint

urlpatterns = [
    path("applications/<str:number>/joint/", joint.joint_case, name="joint_case"),
    path("applications/<str:number>/joint/alliance/", joint.joint_join, name="joint_join"),
    path("applications/<str:number>/joint/shares/", joint.joint_divide, name="joint_divide"),
    path("applications/<str:number>/joint/vouchers/", joint.joint_allot, name="joint_allot"),
    path("applications/<str:number>/joint/<int:body>/", joint.joint_share, name="joint_share"),
]
