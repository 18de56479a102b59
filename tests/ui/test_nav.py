from toadlane.ui import nav


def test_links_stand_under_their_headings_and_no_heading_stands_alone():
    links = [{"label": "Books", "group": "office"}, {"label": "Orders", "group": "work"}, {"label": "Bank", "group": "office"}]
    told = [(name, [link["label"] for link in some]) for name, some in nav.grouped(links)]
    assert told == [("Work and orders", ["Orders"]), ("Keeping the co-op", ["Books", "Bank"])]


def test_every_link_of_the_desk_is_in_a_group_that_is_shown():
    groups = {item.group for item in nav.declared() if item.place == "desk"}
    assert groups <= set(nav.GROUPS)
