"""What we change in allauth's pages: opening one does nothing, only its button does."""

from typing import Any

from allauth.account.views import ConfirmEmailView


class ConfirmMail(ConfirmEmailView):
    """The page behind the link in a mail."""

    def logout_other_user(self, confirmation: Any) -> None:
        """Sign out whoever else is signed in here, but not by the link alone: anybody can send somebody a link."""
        if self.request.method == "POST":
            super().logout_other_user(confirmation)
