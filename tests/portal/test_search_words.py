"""Words, stems, pieces and marks of the search: the pure part."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.marking import LONGEST_SNIPPET, marked, snippet
from portal.search.words import (
    Word,
    bare_stem,
    folded,
    grams,
    holds,
    is_called,
    likeness,
    says_nothing,
    sounds,
    stem,
    words_of,
)

SYLLABLES = st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣"))
NOUNS = st.text(SYLLABLES, min_size=2, max_size=6)
ANY_PARTICLES = ["에서", "에게", "까지", "부터", "마다", "처럼", "의", "에", "도", "만", "에는", "에서도", "까지만"]
AFTER_CONSONANT = ["은", "이", "을", "과", "으로", "이나", "으로는"]
AFTER_VOWEL = ["는", "가", "를", "와", "로", "나", "로는"]


def ends_in_consonant(word):
    return (ord(word[-1]) - ord("가")) % 28 != 0


def with_particle(noun, draw):
    fitting = AFTER_CONSONANT if ends_in_consonant(noun) else AFTER_VOWEL
    return noun + draw(st.sampled_from(ANY_PARTICLES + fitting))


class TestStems:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("금부초에서", "금부초"),
            ("놀이터를", "놀이터"),
            ("마을신문은", "마을신문"),
            ("도서관으로", "도서관"),
            ("도서관에서는", "도서관"),
            ("어르신들에게도", "어르신"),
            ("둘레길로", "둘레길"),
            ("길에서", "길"),
            ("cctv를", "cctv"),
            ("2026년에", "2026년"),
            ("lights", "light"),
            ("libraries", "librar"),
        ],
    )
    def test_particles_go(self, typed, expected):
        assert stem(typed) == expected

    @pytest.mark.parametrize(
        "word",
        [
            "회의",
            "도로",
            "놀이",
            "가로등",
            "마을",
            "나이",
            "우리마을",
            "전문가",
            "산책로",
            "통학로",
            "glass",
            "bus",
            "신문",
        ],
    )
    def test_what_only_looks_like_a_particle_stays(self, word):
        assert stem(word) == word

    @given(st.data())
    def test_a_noun_is_found_whatever_particle_it_carries(self, data):
        noun = data.draw(NOUNS)
        typed = with_particle(noun, data.draw)
        assert holds(f"우리 {noun} 이야기", grams(stem(typed)))

    @given(NOUNS)
    def test_a_stem_is_how_the_word_begins_and_never_empty(self, word):
        assert word.startswith(stem(word))
        assert stem(word)

    @given(st.text(max_size=50))
    def test_every_word_has_a_stem(self, text):
        for word in words_of(text):
            assert word.typed
            assert word.typed.startswith(word.stem)
            assert word.stem

    def test_one_syllable_is_left_only_where_asked_for(self):
        assert bare_stem("길을") == "길"
        assert bare_stem("놀이") == ""
        assert bare_stem("회의") == ""
        assert bare_stem("나이") == ""
        assert bare_stem("도서관을") == ""

    def test_the_kind_is_called_by_its_name_and_how_it_ends(self):
        names = "주민총회 residents’ assembly"
        assert is_called(Word("총회", "총회"), names)
        assert is_called(Word("assembly", "assembly"), names)
        assert not is_called(Word("주민", "주민"), names)
        assert not is_called(Word("회", "회"), names)
        assert not is_called(Word("ㄱㅎ", "ㄱㅎ"), names)


class TestWords:
    def test_signs_part_words_and_do_not_count(self):
        assert [word.typed for word in words_of("  놀이터! (주차) / CCTV")] == ["놀이터", "주차", "cctv"]

    def test_a_word_counts_once(self):
        assert len(words_of("주차 주차 주차")) == 1

    def test_decomposed_and_full_width_letters_are_the_same(self):
        assert words_of(unicodedata.normalize("NFD", "금호동 ＱＲ")) == words_of("금호동 qr")

    @pytest.mark.parametrize(
        "query", ["에서", "은", "에서는", "에도", "그리고", "및", "!!", "%_%", "...", "the", " ", "🙂"]
    )
    def test_particles_and_signs_say_nothing(self, query):
        assert words_of(query) == []

    @pytest.mark.parametrize("word", ["도로", "가로", "나이", "회의", "길"])
    def test_words_made_of_particles_say_something(self, word):
        assert not says_nothing(word)

    def test_words_that_say_nothing_are_left_out(self):
        assert [word.typed for word in words_of("도서관 및 공원")] == ["도서관", "공원"]

    def test_single_consonants_stay_for_the_names_of_dongs(self):
        (word,) = words_of("ㄱㅎ")
        assert word.typed == "ㄱㅎ"
        assert word.text == ""
        assert not word.grams


class TestHolding:
    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("금부초에서 통학로까지", "금부초"),
            ("마을 신문 만들기", "마을신문"),
            ("마을신문 만들기", "마을"),
            ("주민총회를 엽니다", "총회"),
            ("ＱＲ코드", "qr"),
            ("숲길", "숲"),
            (unicodedata.normalize("NFD", "작은 도서관"), "도서관"),
        ],
    )
    def test_found(self, text, word):
        assert holds(text, grams(word))

    @pytest.mark.parametrize(
        ("text", "word"), [("주민총회 의제", "회의"), ("도서관", "서점"), ("", "길"), ("100 퍼센트", "%")]
    )
    def test_not_found(self, text, word):
        wanted = grams(folded(word))
        assert not wanted or not holds(text, wanted)

    @given(NOUNS, NOUNS)
    def test_a_word_is_found_in_every_text_that_holds_it(self, noun, other):
        for text in (noun, f"{other} {noun}", f"{other}{noun}{other}", noun + other):
            assert holds(text, grams(noun))

    @given(st.text(SYLLABLES, min_size=3, max_size=8), st.data())
    def test_a_space_within_a_longer_word_does_not_matter(self, word, data):
        cut = data.draw(st.integers(1, len(word) - 1))
        assert holds(f"{word[:cut]} {word[cut:]}", grams(word))

    @given(st.text(max_size=40))
    def test_folding_twice_changes_nothing(self, text):
        assert folded(folded(text)) == folded(text)


class TestSounds:
    def test_what_sounds_alike_is_written_alike(self):
        assert sounds("재정") == sounds("제정")
        assert sounds("꽃길") == sounds("곷길")

    @pytest.mark.parametrize(
        ("typed", "meant"), [("놀이타", "놀이터"), ("도셔관", "도서관"), ("자전거보간대", "자전거보관대")]
    )
    def test_typing_errors_are_near(self, typed, meant):
        assert likeness(typed, f"새 {meant} 만들기") >= 0.45
        assert likeness(typed, "가로등 고치기") < 0.45

    @given(st.text(max_size=30), st.text(max_size=30))
    def test_likeness_is_a_share(self, one, other):
        assert 0 <= likeness(one, other) <= 1

    @given(NOUNS)
    def test_everything_is_most_like_itself(self, noun):
        assert likeness(noun, noun) == 1


class TestMarks:
    @pytest.mark.parametrize(
        ("text", "query", "marks"),
        [
            ("금부초에서 통학로까지", "금부초를", ["금부초"]),
            ("마을 신문 만들기", "마을신문", ["마을 신문"]),
            ("회의 자료와 총회 의제", "회의", ["회의"]),
            ("CCTV 달기", "cctv", ["CCTV"]),
            ("주차장, 주차선", "주차", ["주차", "주차"]),
            ("놀이터를 고치기", "놀이터를", ["놀이터를"]),
        ],
    )
    def test_words_are_marked_where_they_stand(self, text, query, marks):
        assert [piece.text for piece in marked(text, words_of(query)) if piece.hit] == marks

    @given(st.text(max_size=200), st.text(max_size=30))
    def test_marking_loses_nothing(self, text, query):
        assert "".join(piece.text for piece in marked(text, words_of(query))) == unicodedata.normalize("NFC", text)

    @given(st.integers(0, 300), st.integers(0, 300))
    def test_a_snippet_is_short_and_shows_the_hit(self, before, after):
        text = "가나다라 " * before + "놀이터" + " 마바사아" * after
        pieces = snippet([text], words_of("놀이터"))
        assert [piece.text for piece in pieces if piece.hit] == ["놀이터"]
        assert sum(len(piece.text) for piece in pieces) <= LONGEST_SNIPPET + 4

    def test_without_a_hit_the_first_text_begins(self):
        assert [piece.text for piece in snippet(["", "첫 글", "둘째 글"], words_of("놀이터"))] == ["첫 글"]

    def test_nothing_comes_of_nothing(self):
        assert snippet(["", " "], words_of("놀이터")) == []
