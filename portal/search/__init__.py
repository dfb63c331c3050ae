"""The search over everything that is public: what is looked for, where, and how hits are put in order.

words      what a search consists of: words, stems, pieces. Pure.
marking    where the words stand in a text. Pure.
database   the pieces as conditions that PostgreSQL answers from an index and SQLite by reading.
sources    the declared list of what can be found. An app's things become findable by an entry there.
finding    the search itself: words in, hits out.
"""
