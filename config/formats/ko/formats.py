"""Korean: 2019. 6. 18. 14:00."""

DATE_FORMAT = "Y. n. j."
DATETIME_FORMAT = "Y. n. j. H:i"
TIME_FORMAT = "H:i"
YEAR_MONTH_FORMAT = "Y년 n월"  # korean: how months are written
MONTH_DAY_FORMAT = "n월 j일"  # korean: how days are written
