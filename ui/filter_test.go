package ui

import (
	"testing"
)

func TestAFilterActsAsItIsTyped(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("/")
		s.sees("filter ▏", "text in the row, !text to exclude, ~regular expression")
		s.typed("OF B")
		s.sees("filter OF B  1 of 3.", "bbbbbbbbbbbb…")
		s.seesNot("aaaaaaaaaaaa…")
		s.keys("enter")
		s.show(scene("bb", "aa", "cc", "dd"))
		s.sees("filter OF B  1 of 4.", "▌", "bbbbbbbbbbbb…")
		s.keys("l")
		if len(s.started) != 1 || s.started[0] != hash("bb") {
			t.Fatalf("looked up %v", s.started)
		}
		s.keys("esc")
		s.sees("aaaaaaaaaaaa…", "dddddddddddd…")
		s.seesNot("filter OF B")
	})
}

func TestAFilterCanBeInvertedAndARegularExpression(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("/")
		s.typed("!aaaa")
		s.seesNot("aaaaaaaaaaaa…")
		s.sees("2 of 3.")
		s.keys("ctrl+u")
		s.typed("~^(aa|cc)")
		s.sees("2 of 3.", "aaaaaaaaaaaa…", "cccccccccccc…")
		s.keys("ctrl+u")
		s.typed("!~^(AA|cc)")
		s.sees("1 of 3.", "bbbbbbbbbbbb…")
	})
}

func TestABadPatternSaysWhyAndKeepsTheLastGoodOne(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("/")
		s.typed("~bb(")
		s.sees("! invalid regular expression: missing closing ): bb(", "filter ~bb ", "1 of 3.", "filter ~bb(▏")
		s.seesNot("aaaaaaaaaaaa…")
		s.keys("enter")
		s.sees("filter ~bb(▏") // it stays open
		s.keys("backspace", "enter")
		s.seesNot("▏")
		s.keys("/", "esc") // esc takes back what was typed, and that was nothing
		s.sees("filter ~bb ")
	})
}

func TestEscTakesBackWhatWasTyped(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("/")
		s.typed("nothing has this")
		s.sees("0 of 3.")
		s.keys("esc")
		s.sees("aaaaaaaaaaaa…")
		s.seesNot("0 of 3")
	})
}

func TestEachListHasAFilterOfItsOwn(t *testing.T) {
	play(t, func(s *stage) {
		s.show(addLookup(addLookup(scene("aa", "bb"), "d1"), "d2"))
		s.keys("/")
		s.typed("bb")
		s.keys("enter", "4")
		s.sees("d1d1d1d1", "d2d2d2d2")
		s.seesNot("filter bb")
		s.keys("/")
		s.typed("d1d1")
		s.keys("enter")
		s.sees("filter d1d1  1 of 2.")
		s.keys("1")
		s.sees("filter bb  1 of 2.", "d2d2d2d2")
		s.keys("3", "/")
		s.typed("libtorrent")
		s.sees("filter libtorrent  1 of 1.")
		s.typed("x")
		s.sees("0 of 1.")
	})
}

func TestWhatIsMaskedCannotBeFound(t *testing.T) {
	play(t, func(s *stage) {
		snap := doneLookup(scene("aa"), "d1")
		snap.Nodes[0].Contacts[0].Addr = snap.Lookups[0].Steps[0].Addr // 10.0.0.0:6881
		s.show(snap)
		s.keys("3", "/")
		s.typed("10.0.0.0:6881")
		s.keys("enter")
		s.sees("1 of 1.")
		s.keys("P")
		s.sees("0 of 1.")
	})
}

func TestAnEmptyListSaysWhatItLeavesOut(t *testing.T) {
	play(t, func(s *stage) {
		s.show(addLookup(scene("aa"), "d1"))
		for _, c := range []struct{ pane, key string }{{"1", "l"}, {"2", "enter"}, {"3", "p"}, {"4", "l"}, {"4", "enter"}, {"4", "a"}} {
			s.keys(c.pane, "/", "ctrl+u")
			s.typed("nothing has this")
			s.keys("enter", c.key)
			s.sees("no match: esc clears the filter")
			s.keys("esc")
		}
		for pane, says := range map[string]string{"2": "No hash passes", "3": "No node passes", "4": "No lookup passes"} {
			s.keys(pane, "/")
			s.typed("nothing has this")
			s.keys("enter")
			s.sees(says + " the filter. / changes it, esc clears it.")
			s.keys("esc")
		}
		s.keys("2", "R", "l")
		s.sees("no look-alike hashes: R lists all")
	})
}

func TestEmptyFiltersAreNone(t *testing.T) {
	for _, text := range []string{"", "  ", "!", "~", "!~"} {
		if f, err := parseFilter(text); f != nil || err != nil {
			t.Errorf("%q: %v, %v", text, f, err)
		}
	}
	f, err := parseFilter("x")
	if err != nil || !f.match("", "a X b") || f.match("", "") {
		t.Errorf("%v, %v", f, err)
	}
}
