"""Only what is ours is removed. A false daemon that holds things of other people too."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import APIError, NotFound

from lab.containers import cleanup
from lab.containers.base_image import BASE, MADE_HERE

OURS = {"lab.project": "serverlab", cleanup.PROJECT_LABEL: "p"}


def failing(status: int) -> APIError:
    return APIError("x", response=SimpleNamespace(status_code=status))  # type: ignore[arg-type]


class Thing:
    """A container, a network or an image that keeps `error` in store for who removes it."""

    def __init__(
        self,
        name: str,
        labels: dict[str, str],
        error: Exception | None = None,
        tags: tuple[str, ...] = (),
    ) -> None:
        self.name = self.id = name
        self.labels, self.error, self.tags = labels, error, list(tags)
        self.attrs = {"Labels": labels}
        self.removed = self.awaited = False

    def remove(self, **_: Any) -> None:
        if self.error:
            raise self.error
        self.removed = True

    def wait(self, condition: str, timeout: float) -> None:
        assert condition == "removed"
        assert timeout
        self.awaited = True


class Store:
    """What the daemon has of one kind, found by labels as the daemon does."""

    def __init__(self, *things: Thing) -> None:
        self.things = things

    def list(self, filters: dict[str, Any], name: str = "", **_: Any) -> list[Thing]:
        asked = filters["label"]
        wanted = [each.split("=", 1) for each in ([asked] if isinstance(asked, str) else asked)]
        fits = [each for each in self.things if not name or name in each.tags]
        return [each for each in fits if all(each.labels.get(key) == v for key, v in wanted)]

    def remove(self, name: str) -> None:
        [thing] = [each for each in self.things if name in (*each.tags, each.id)]
        thing.remove()


def daemon(**kinds: Store) -> Any:
    return SimpleNamespace(**kinds)


def test_a_project_goes_with_its_networks_and_nothing_else_does() -> None:
    mine = Thing("mine", {**OURS, cleanup.SERVICE: "epoll"})
    other_project = Thing("other", {**OURS, cleanup.PROJECT_LABEL: "q", cleanup.SERVICE: "epoll"})
    foreign = Thing("foreign", {cleanup.PROJECT_LABEL: "p", cleanup.SERVICE: "epoll"})
    network, foreign_network = Thing("n", OURS), Thing("m", {})
    client = daemon(
        containers=Store(mine, other_project, foreign), networks=Store(network, foreign_network)
    )
    assert cleanup.remove(client, "p") == ["mine"]
    assert [each.removed for each in (mine, network)] == [True, True]
    assert not any(each.removed for each in (other_project, foreign, foreign_network))


def test_the_projects_beside_it_go_too_and_others_of_like_names_stay() -> None:
    def of(project: str) -> Thing:
        labels = {**OURS, cleanup.PROJECT_LABEL: project, cleanup.SERVICE: "epoll"}
        return Thing(project, labels)

    second, tenth = of(cleanup.beside("p", 2)), of(cleanup.beside("p", 10))
    longer, of_another = of("p-beside"), of(cleanup.beside("q", 2))
    network = Thing("n", {**OURS, cleanup.PROJECT_LABEL: cleanup.beside("p", 2)})
    client = daemon(containers=Store(second, tenth, longer, of_another), networks=Store(network))
    assert cleanup.remove(client, "p") == [second.id, tenth.id]
    assert network.removed
    assert not longer.removed
    assert not of_another.removed


def test_named_services_go_and_the_rest_stays() -> None:
    server = Thing("server", {**OURS, cleanup.SERVICE: "epoll"})
    redis = Thing("redis", {**OURS, cleanup.SERVICE: "redis"})
    network = Thing("n", OURS)
    client = daemon(containers=Store(server, redis), networks=Store(network))
    assert cleanup.remove(client, "p", ["epoll"]) == ["server"]
    assert not redis.removed
    assert not network.removed


def test_what_is_gone_or_going_is_no_failure_but_is_awaited() -> None:
    gone = Thing("gone", {**OURS, cleanup.SERVICE: "a"}, NotFound("x"))
    going = Thing("going", {**OURS, cleanup.SERVICE: "b"}, failing(409))
    client = daemon(containers=Store(gone, going), networks=Store())
    assert cleanup.remove(client, "p") == []
    assert going.awaited


def test_any_other_failure_is_one() -> None:
    broken = Thing("broken", {**OURS, cleanup.SERVICE: "a"}, failing(500))
    with pytest.raises(APIError):
        cleanup.remove(daemon(containers=Store(broken), networks=Store()), "p")


def test_images_go_by_label_and_tag_and_one_in_use_stays() -> None:
    labels = {"lab.project": "serverlab"}
    ours = Thing("1", labels, tags=("serverlab-guest:latest",))
    in_use = Thing("2", labels, failing(409), tags=("serverlab-redis:latest",))
    built_upon_ours = Thing("3", labels, tags=("somebody/else:1",))
    alike = Thing("4", {}, tags=("serverlab-alike:latest",))
    images = Store(ours, in_use, built_upon_ours, alike)
    assert cleanup.remove_images(daemon(images=images)) == ["serverlab-guest:latest"]
    assert not built_upon_ours.removed
    assert not alike.removed


@pytest.mark.parametrize("made_here", [True, False])
def test_the_base_image_goes_only_if_the_lab_made_it(made_here: bool) -> None:
    key, _, value = MADE_HERE.partition("=")
    base = Thing("5", {key: value} if made_here else {}, tags=(BASE,))
    assert cleanup.remove_images(daemon(images=Store(base))) == ([BASE] if made_here else [])
