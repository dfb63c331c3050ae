from django.urls import URLPattern, path

from councils.views import customary, draw_desk, draws, hall, seals

urlpatterns: list[URLPattern] = [
    path("draws/", draws.draw_list, name="draws"),
    path("draws/verify_draw.py", draws.script_file, name="draw_script"),
    path("draws/<int:pk>/", draws.draw_page, name="draw"),
    path("draws/<int:pk>/verify/", draws.verify_page, name="draw_verify"),
    path("draws/<int:pk>/seal/", seals.seal_page, name="draw_seal"),
    path("draws/<int:pk>/hall/", hall.hall_page, name="draw_hall"),
    path("draws/<int:pk>/state.json", hall.state, name="draw_state"),
    path("draws/<int:pk>/freeze.json", draws.freeze_file, name="draw_freeze"),
    path("draws/<int:pk>/record.json", draws.record_file, name="draw_record"),
    path("draws/<int:pk>/openings.json", draws.openings_file, name="draw_openings"),
    path("draws/<int:pk>/panels.csv", draws.panels_csv, name="draw_csv"),
    path("recruitments/<int:pk>/draw/", draw_desk.desk_page, name="draw_desk"),
    path("recruitments/<int:pk>/draw/<slug:name>/", draw_desk.act, name="draw_act"),
    path("customary-draws/<int:pk>/", customary.customary_page, name="customary_draw"),
    path("customary-draws/<int:pk>/record.json", customary.customary_record, name="customary_record"),
    path("recruitments/<int:pk>/customary/", customary.customary_desk, name="customary_desk"),
    path("recruitments/<int:pk>/customary/<slug:name>/", customary.customary_act, name="customary_act"),
]
