"""Downloads of materials: always as a file to save, never shown by the browser in the site's name."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from forums.models import Material
from forums.permissions import is_open_material


@require_safe
def material(request: HttpRequest, pk: int) -> FileResponse:
    """The file, for whom `forums.view_material` lets have it; 404 for everybody else."""
    found = get_object_or_404(Material.objects.select_related("forum"), pk=pk)
    if request.user.is_authenticated:
        allowed = request.user.has_perm("forums.view_material", found)
    else:
        allowed = bool(is_open_material.test(request.user, found))
    if not allowed:
        raise Http404
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=found.file_name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
