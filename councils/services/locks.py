"""The rows that services of a recruitment lock, the recruitment first and its applications after it."""

from councils.models import Application, Recruitment


def locked_recruitment(recruitment_id: int) -> Recruitment:
    """The recruitment with its lock, its council, dong and rule set. Raises Recruitment.DoesNotExist."""
    return (
        Recruitment.objects.select_for_update(of=("self",))
        .select_related("council__dong", "rule_set")
        .get(pk=recruitment_id)
    )


def locked_application(application_id: int) -> Application:
    """The application with its lock, under the lock of its recruitment. Raises Application.DoesNotExist."""
    recruitment_id = Application.objects.values_list("recruitment_id", flat=True).get(pk=application_id)
    recruitment = locked_recruitment(recruitment_id)
    application = Application.objects.select_for_update(of=("self",)).select_related("user").get(pk=application_id)
    application.recruitment = recruitment
    return application
