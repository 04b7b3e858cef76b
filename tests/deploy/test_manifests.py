"""What deploy/ says of topics, users and rights is what the map says."""

import pytest

from tests.deploy.manifests import MADE_BY, ROOT, text_of


@pytest.mark.parametrize("name", MADE_BY)
def test_rights_topics_and_users_of_deploy_follow_from_the_map(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == text_of(MADE_BY[name]), "make manifests"
