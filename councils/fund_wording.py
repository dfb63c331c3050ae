"""What the accounts of a village fund are called."""

from django.utils.translation import pgettext_lazy

from councils.fund import CASH, OPENING, Income, Spending

ACCOUNT_NAMES = {
    CASH: pgettext_lazy("village fund", "cash and bank"),
    OPENING: pgettext_lazy("village fund", "held before the books began"),
    Income.DUES: pgettext_lazy("village fund", "dues of members"),
    Income.ENTRUSTED: pgettext_lazy("village fund", "entrusted work"),
    Income.EARNINGS: pgettext_lazy("village fund", "earnings"),
    Income.HALL: pgettext_lazy("village fund", "hall hire"),
    Income.COURSES: pgettext_lazy("village fund", "course fees"),
    Income.GIFTS: pgettext_lazy("village fund", "gifts and support"),
    Income.OTHER: pgettext_lazy("village fund", "other income"),
    Spending.PROJECTS: pgettext_lazy("village fund", "village projects"),
    Spending.ENTRUSTED: pgettext_lazy("village fund", "costs of entrusted work"),
    Spending.COURSES: pgettext_lazy("village fund", "costs of courses"),
    Spending.RUNNING: pgettext_lazy("village fund", "running costs"),
    Spending.OTHER: pgettext_lazy("village fund", "other spending"),
}

INCOME_CHOICES = [(name.value, ACCOUNT_NAMES[name]) for name in Income]
SPENDING_CHOICES = [(name.value, ACCOUNT_NAMES[name]) for name in Spending]
