"""Who may look at everybody's jobs. It lives here because `core.jobs` knows no roles."""

import rules

from residents.permissions import operates

rules.add_perm("jobs.view_job", operates)
