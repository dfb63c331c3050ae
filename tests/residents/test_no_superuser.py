"""Decision 4: there is no superuser."""

import pytest
from django.core.management import CommandError, call_command

from residents.models import User


def test_the_command_says_what_to_use_instead(db):
    with pytest.raises(CommandError, match="create_operator") as caught:
        call_command("createsuperuser")
    assert caught.value.returncode == 2
    assert not User.objects.exists()


def test_no_account_passes_every_check(db):
    assert User(email="person@example.org").is_superuser is False
