"""Map tiles are read by parts of one file, as browsers ask them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ADDRESS = "/observatoire/carte/communes.pmtiles"
OWN = "/observatoire/carte/fond.pmtiles"


@pytest.fixture
def whole(mapped) -> bytes:
    return (mapped.folders.reference / "communes.pmtiles").read_bytes()


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_whole_file_says_that_it_can_be_read_by_parts(client, whole):
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert body(answer) == whole
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Content-Length"] == str(len(whole))


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-126", slice(0, 127)),
        ("bytes=7-", slice(7, None)),
        ("bytes=-20", slice(-20, None)),
        ("bytes=10-99999999", slice(10, None)),
        ("bytes=-99999999", slice(0, None)),
    ],
)
def test_a_part_is_given_with_its_place(client, whole, asked, part):
    answer = client.get(ADDRESS, headers={"Range": asked})
    assert answer.status_code == 206
    assert body(answer) == whole[part]
    first = range(len(whole))[part][0]
    assert answer["Content-Range"] == f"bytes {first}-{first + len(whole[part]) - 1}/{len(whole)}"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2_000), st.integers(0, 2_000))
def test_any_part_is_that_of_the_file_or_is_refused(client, whole, first, last):
    answer = client.get(ADDRESS, headers={"Range": f"bytes={first}-{last}"})
    if first <= last and first < len(whole):
        assert (answer.status_code, body(answer)) == (206, whole[first : last + 1])
    else:
        assert answer.status_code == 416


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=9-3", "bytes=-0"])
def test_a_part_outside_the_file_is_refused_with_its_size(client, whole, asked):
    answer = client.get(ADDRESS, headers={"Range": asked})
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{len(whole)}"


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "octets=0-1", "bytes=-", "bytes=a-b"])
def test_what_is_no_single_range_gets_the_whole(client, whole, asked):
    answer = client.get(ADDRESS, headers={"Range": asked})
    assert (answer.status_code, body(answer)) == (200, whole)


def test_a_head_has_the_same_headers_and_no_body(client, whole):
    answer = client.head(ADDRESS, headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer["Content-Length"]) == (206, "10")
    assert body(answer) == b""


def test_what_the_browser_has_is_not_sent_again(client, whole):
    tag = client.get(ADDRESS)["ETag"]
    assert client.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(ADDRESS, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_part_of_another_version_is_never_joined_to_this_one(client, whole):
    tag = client.get(ADDRESS)["ETag"]
    asked = {"Range": "bytes=0-9", "If-Range": tag}
    assert client.get(ADDRESS, headers=asked).status_code == 206
    assert client.get(ADDRESS, headers=asked | {"If-Range": '"other"'}).status_code == 200


def test_an_address_that_names_the_version_is_kept_for_good(client, whole):
    stamp = client.get(ADDRESS)["ETag"].strip('"')
    assert "immutable" in client.get(ADDRESS, {"v": stamp})["Cache-Control"]
    assert "immutable" not in client.get(ADDRESS, {"v": "another"})["Cache-Control"]


def test_a_file_of_another_name_does_not_exist(client, mapped):
    assert client.get("/observatoire/carte/secret_key.pmtiles").status_code == 404


def test_one_s_own_background_is_served_where_there_is_one(client, mapped):
    assert client.get(OWN).status_code == 404
    background = mapped.folders.reference / "background.pmtiles"
    background.write_bytes(b"PMTiles")
    try:
        assert body(client.get(OWN)) == b"PMTiles"
        assert "fond.pmtiles" in client.get("/observatoire/carte/").content.decode()
    finally:
        background.unlink()
