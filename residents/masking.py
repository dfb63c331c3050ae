"""Personal data as lists show it: enough to tell two people apart at the counter, too little to carry away. Pure."""

from datetime import date

STAR = "*"


def masked_name(name: str) -> str:
    """홍길동 → 홍*동, 홍길 → 홍*, 남궁민수 → 남**수; "" stays ""."""
    if len(name) < 2:
        return STAR * len(name)
    if len(name) == 2:
        return name[0] + STAR
    return name[0] + "".join(" " if sign == " " else STAR for sign in name[1:-1]) + name[-1]


def masked_mail(mail: str) -> str:
    """person@example.org → pe****@example.org; at most two letters stay, and never all of them."""
    local, at, host = mail.rpartition("@")
    shown = min(2, max(len(local) - 1, 0))
    return local[:shown] + STAR * (len(local) - shown) + at + host


def masked_birth_date(birth_date: date) -> str:
    """1960-05-07 → 1960-**-**."""
    return f"{birth_date.year}-**-**"
