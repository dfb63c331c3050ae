"""Every page in every state that a resident can come upon, on a phone, by eye, by finger and by keyboard."""

import pytest

from tests.browser.inspection import inspect
from tests.browser.states import BY_NAME, STATES, complete_the_town
from tests.browser.tabbing import dialogs, tab_through, tabs

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "without_second_factor")]


@pytest.fixture(scope="module")
def transactional_db(demo_town):
    """The demo town, and the states that it lacks, from the first test of this module to the last."""
    complete_the_town()


@pytest.mark.parametrize("name", BY_NAME)
def test_the_page_is_for_eyes_fingers_and_keyboards(come_to, name):
    page = come_to(name)
    faults = inspect(page) + tab_through(page) + tabs(page) + dialogs(page)
    assert not faults, "\n".join(faults)


def test_each_state_has_a_name_of_its_own():
    assert len(BY_NAME) == len(STATES)
