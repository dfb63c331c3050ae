from django.urls import URLPattern, path

from councils.views import applying, counter, courses, office_forms, own, recruitment

urlpatterns: list[URLPattern] = [
    path("recruitments/", recruitment.recruitment_list, name="recruitments"),
    path("recruitments/<int:pk>/", recruitment.recruitment_page, name="recruitment"),
    path("recruitments/<int:pk>/calendar.ics", recruitment.recruitment_calendar, name="recruitment_calendar"),
    path("recruitments/<int:pk>/apply/", applying.apply, name="apply"),
    path("recruitments/<int:pk>/apply/check/", applying.apply_check, name="apply_check"),
    path("recruitments/<int:pk>/apply/delete/", applying.throw_draft_away, name="apply_delete"),
    path("recruitments/<int:pk>/recommend/", applying.recommend, name="recommend"),
    path("recruitments/<int:pk>/mine/", own.mine, name="mine"),
    path("recruitments/<int:pk>/mine/receipt/", own.receipt, name="receipt"),
    path("recruitments/<int:pk>/mine/supplement/", own.supplement, name="supplement"),
    path("recruitments/<int:pk>/mine/withdraw/", own.withdraw, name="withdraw"),
    path("recruitments/<int:pk>/mine/forms/<int:form_pk>/", office_forms.own_form, name="own_form"),
    path(
        "councils/desk/applications/<int:application_pk>/forms/<int:form_pk>/",
        office_forms.officials_form,
        name="officials_form",
    ),
    path("recruitments/<int:pk>/counter/", counter.counter, name="counter"),
    path("recruitments/<int:pk>/counter/<int:number>/", counter.counter_receipt, name="counter_receipt"),
    path("recruitments/<int:pk>/counter/<int:number>/code.svg", counter.counter_code, name="counter_code"),
    path("recruitments/<int:pk>/courses/", courses.courses, name="courses"),
    path("recruitments/<int:pk>/courses/certify/", courses.certify, name="certify_education"),
    path("councils/education/", courses.education_page, name="education"),
    path("applications/", own.find, name="find_application"),
    path("applications/<uuid:key>/", own.application, name="application"),
    path("applications/<uuid:key>/receipt/", own.application_receipt, name="application_receipt"),
    path("applications/<uuid:key>/supplement/", own.application_supplement, name="application_supplement"),
    path("applications/<uuid:key>/withdraw/", own.application_withdraw, name="application_withdraw"),
]
