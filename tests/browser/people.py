"""The accounts of the demo town by what they are: visitor, residents and applicants, each role, a member's office."""

from django.test import Client

from demo.accounts import OFFICES, OFFICIALS, RESIDENTS, SANGMU_APPLICANTS, SANGMU_OFFICIAL
from residents.models import User

EMAIL = {official.role.value: official.email for official in OFFICIALS} | {
    resident.standing.value: resident.email for resident in reversed(RESIDENTS)
}
EMAIL["member"] = OFFICES[0].email
EMAIL["recruiter"] = SANGMU_OFFICIAL.email
EMAIL["learner"], EMAIL["drawn_from"] = (one.email for one in SANGMU_APPLICANTS)


def somebody(name: str) -> User | None:
    """`name`: anonymous, verified, voted, waiting, learner, drawn_from, member, recruiter, or a role."""
    return None if name == "anonymous" else User.objects.get(email=EMAIL[name])


def client_of(name: str) -> Client:
    client = Client()
    user = somebody(name)
    if user:
        client.force_login(user, backend="residents.backends.EmailBackend")
    return client
