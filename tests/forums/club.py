"""A small club: its bylaws as they were amended on 2011-11-30, and people in it."""

RAW_RULES = {
    "co_chairs": {"value": 5, "article": "4"},
    "auditors": {"value": [1, 2], "article": "4"},
    "committee": {"value": [15, 20], "article": "5"},
    "chair_is_co_chair": {"value": True, "article": "5"},
    "term_years": {"value": 2, "article": "4"},
    "general_month": {"value": 9, "article": "7"},
    "callers_members": {"value": 3, "article": "7"},
    "callers_co_chairs": {"value": 1, "article": "7"},
    "provinces": {"value": True, "article": "2"},
    "by_resolution": {"value": True, "article": "9"},
    "quorum": {"value": "majority", "article": "7"},
}


def adopt(**changed):
    """The bylaws in force since 2010-09-07, with some rules changed."""
    from datetime import date

    from core.articles import Article
    from forums.services.bylaws import adopt_bylaws, draft_bylaws
    from tests.factories import NOON

    draft = draft_bylaws(
        articles=[Article("1", "목적", "함께 배운다."), Article("2", "회원", "현직 단체장으로 한다.")],
        rules={**RAW_RULES, **changed},
        actor=None,
        at=NOON,
    )
    return adopt_bylaws(
        bylaws_id=draft.pk,
        adopted_on=date(2010, 9, 7),
        in_force_from=date(2010, 9, 7),
        resolution=None,
        from_source=True,
        actor=None,
        at=NOON,
    )
