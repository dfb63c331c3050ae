"""Who may read the audit log and the access log. They live here because `core.audit` knows no roles."""

import rules

from core.audit.models import AccessEntry, AccessReview, AuditEntry
from residents.permissions import EVERYWHERE, within
from residents.states import Role

AUDIT_READERS = (Role.OPERATOR, Role.DISTRICT_OFFICIAL, Role.AUDITOR)
ACCESS_READERS = (Role.OPERATOR, Role.AUDITOR)


def _scope_path(row: AuditEntry | AccessEntry | AccessReview) -> str:
    """What concerns the whole site is covered only by roles without a region."""
    return row.scope or EVERYWHERE


reads_audit_log = within(_scope_path, *AUDIT_READERS)
reads_access_log = within(_scope_path, *ACCESS_READERS)

rules.add_perm("audit.view_auditentry", reads_audit_log)
rules.add_perm("audit.verify_auditentry", reads_audit_log)
rules.add_perm("audit.view_accessentry", reads_access_log)
rules.add_perm("audit.view_accessreview", reads_access_log)
rules.add_perm("audit.add_accessreview", reads_access_log)
