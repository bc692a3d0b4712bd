package snapshot

import "testing"

func TestTheShareThatRepliesDecides(t *testing.T) {
	for _, c := range []struct {
		what               string
		n                  NodeChecks
		filtered, outdated bool
	}{
		{"nothing", NodeChecks{}, false, false},
		{"a cloud that filters", NodeChecks{Lately: 200, LatelyReplied: 1, Named: 24}, true, false},
		{"the same, and few named", NodeChecks{Lately: 200, LatelyReplied: 1, Named: 4, NamedReplied: 2}, true, false},
		{"named ones reply", NodeChecks{Lately: 200, LatelyReplied: 1, Named: 24, NamedReplied: 9}, false, true},
		{"an old table and a filter", NodeChecks{Old: 200, Named: 60, NamedReplied: 1}, true, false},
		{"an old table", NodeChecks{Old: 200, OldReplied: 2, Named: 60, NamedReplied: 25}, false, true},
		{"an old table, nobody named", NodeChecks{Old: 200, OldReplied: 2}, false, false},
		{"a third reply", NodeChecks{Lately: 200, LatelyReplied: 66, Named: 60, NamedReplied: 20}, false, false},
		{"few are asked", NodeChecks{Lately: 20, Named: 12}, false, false},
	} {
		if c.n.Filtered() != c.filtered || c.n.Outdated() != c.outdated {
			t.Errorf("%s: filtered %v, outdated %v", c.what, c.n.Filtered(), c.n.Outdated())
		}
	}
}
