package ui

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

func TestAFilterActsAsItIsTyped(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("/")
		s.sees("filter ▏", "word  !not  ~regex  \"two words\"  tab: hash:  name:  rank>  req>")
		s.typed("OF bb")
		s.sees("filter OF bb  1 of 3.", "name of bb")
		s.seesNot("name of aa")
		s.keys("enter")
		s.show(scene("bb", "aa", "cc", "dd"))
		s.sees("filter OF bb  1 of 4.", "▌", "name of bb")
		s.keys("l")
		if len(s.started) != 1 || s.started[0] != hash("bb") {
			t.Fatalf("looked up %v", s.started)
		}
		s.keys("esc")
		s.sees("name of aa", "name of dd")
		s.seesNot("filter OF bb")
	})
}

func TestAFilterCanBeInvertedAndARegularExpression(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("/")
		s.typed("!aaaa")
		s.seesNot("name of aa")
		s.sees("2 of 3.")
		s.keys("ctrl+u")
		s.typed("~^(aa|cc)")
		s.sees("2 of 3.", "name of aa", "name of cc")
		s.keys("ctrl+u")
		s.typed("!~^(AA|cc)")
		s.sees("1 of 3.", "name of bb")
	})
}

func TestABadPatternSaysWhyAndKeepsTheLastGoodOne(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("/")
		s.typed("~bb(")
		s.sees("! invalid regular expression: missing closing ): bb(", "filter ~bb ", "1 of 3.", "filter ~bb(▏")
		s.seesNot("name of aa")
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
		s.sees("name of aa")
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
	for l := range screen.Lists {
		language := l.Context().Filter
		if language == nil {
			continue
		}
		for _, text := range []string{"", "  ", "!", "~", "!~"} {
			if f, err := language.Parse(text); f != nil || err != nil {
				t.Errorf("%q: %v, %v", text, f, err)
			}
		}
	}
}

// A node in each state, as the routing table shows them.
func nodesOfAllStates(s *dhtcore.Snapshot) *dhtcore.Snapshot {
	var nodes []dhtcore.TableNode
	for i, n := range []dhtcore.TableNode{
		{LastReply: s.At, RTT: 40 * time.Millisecond, Client: "libtorrent 2.0.8"},
		{LastReply: s.At.Add(-time.Hour), RTT: 300 * time.Millisecond, Client: "µTorrent 3.5"},
		{LastReply: s.At.Add(-2 * time.Hour), Fails: 9, Client: "libtorrent 1.2"},
		{LastReply: s.At, Replacement: true},
	} {
		n.ID, n.Addr = hash(fmt.Sprintf("e%d", i)), netip.MustParseAddrPort(fmt.Sprintf("91.201.41.%d:6881", i))
		n.Bucket = 3 * i
		nodes = append(nodes, n)
	}
	s.Nodes[0].Contacts = nodes
	return s
}

func TestAFilterSeesWhatTheRowShows(t *testing.T) {
	play(t, func(s *stage) {
		s.show(nodesOfAllStates(scene("aa", "bb")))
		s.keys("3")
		for text, passes := range map[string]string{
			"good": "0", "bad": "2", "!good": "123", "!spare": "012", "replacement": "3", "●": "0", "×": "2", "state:q": "1",
			"rtt>200": "1", "rtt<200ms client:lib": "0", "client:lib": "02", "net:91.201.": "0123", "net:91.201.41.2/31": "23",
			"bits>3 !spare": "2", "seen<1m": "03", "seen>1h30m": "2", "exempt": "", "node:e1": "1", `"torrent 3"`: "1", "~^lib.*8$": "0",
			"state:bad client:lib seen<3h net:91.201. bits>5": "2",
		} {
			s.keys("/", "ctrl+u")
			s.typed(text)
			s.keys("enter")
			for i := range 4 {
				if id, shown := fmt.Sprintf("e%d", i), strings.Contains(passes, strconv.Itoa(i)); strings.Contains(s.screen(), strings.Repeat(id, 4)) != shown {
					t.Errorf("%q: node %s is shown: %v\n%s", text, id, !shown, s.screen())
				}
			}
			s.sees(fmt.Sprintf("%d of 4.", len(passes)))
		}
		s.keys("4")
		snap := doneLookup(addLookup(scene("aa"), "d1"), "d2")
		snap.Names = map[dhtcore.ID]string{hash("d2"): "debian"}
		s.show(snap)
		for text, count := range map[string]string{"done": "1 of 2", "!done": "1 of 2", "running": "1 of 2", "for:peers": "2 of 2", "peers>0 asked>=3": "1 of 2", "debian": "1 of 2", "name~^deb done": "1 of 2"} {
			s.keys("/", "ctrl+u")
			s.typed(text)
			s.keys("enter")
			s.sees(count)
		}
		s.keys("2")
		for text, count := range map[string]string{"req>99": "1 of 1", "req>100": "0 of 1", "name~^name.of": "1 of 1", "req>10 !aa": "0 of 1", hash("aa").String(): "1 of 1",
			"magnet:?xt=urn:btih:" + strings.ToUpper(hash("aa").String()): "1 of 1"} {
			s.keys("/", "ctrl+u")
			s.typed(text)
			s.keys("enter")
			s.sees(count)
		}
	})
}

func TestWhatIsHalfTypedDoesNotBlankTheScreen(t *testing.T) {
	play(t, func(s *stage) {
		s.show(nodesOfAllStates(scene("aa")))
		s.keys("3", "/")
		s.typed("!spare ")
		for _, r := range "client" {
			s.typed(string(r))
			if strings.Contains(s.screen(), "0 of 4") {
				t.Fatalf("%c blanks the screen:\n%s", r, s.screen())
			}
		}
		s.typed(":")
		s.sees("3 of 4.", "name and version, as it says: a word that is in it")
		s.typed("lib")
		s.sees("2 of 4.")
		s.typed(" rtt<")
		s.sees("2 of 4.", "round-trip time: a time like 200 (ms), 1.5s or 2m")
		s.typed("fast")
		s.sees("2 of 4.", "! rtt<fast: want a time")
		s.keys("enter")
		s.sees("filter !spare client:lib rtt<fast▏")
		s.keys("ctrl+u")
		s.typed("stat:bad")
		s.sees(`! no field "stat": did you mean state? The fields are state bits node addr net`)
		s.keys("ctrl+u")
		s.typed("rtt>")
		s.keys("enter")
		s.sees("! rtt: a time like 200 (ms), 1.5s or 2m, as in rtt>200")
	})
}

func TestTabCompletesAFilterAndUpBringsOneBack(t *testing.T) {
	play(t, func(s *stage) {
		s.show(nodesOfAllStates(scene("aa")))
		s.keys("3", "/")
		s.typed("st")
		s.sees("tab: state:")
		s.keys("tab")
		s.sees("filter state:▏", "tab: state:good  state:questionable  state:bad  state:replacement")
		s.keys("tab")
		s.sees("filter state:good▏", "1 of 4.")
		s.keys("tab", "tab")
		s.sees("filter state:bad▏", "1 of 4.")
		s.keys("shift+tab")
		s.sees("filter state:questionable▏")
		s.typed(" !e0 r")
		s.keys("tab")
		s.sees("filter state:questionable !e0 rtt>▏")
		s.typed("200")
		s.keys("enter", "/", "ctrl+u")
		s.typed("bad")
		s.keys("enter", "/", "up")
		s.sees("filter bad▏")
		s.keys("up")
		s.sees("filter state:questionable !e0 rtt>200▏", "1 of 4.")
		s.keys("up", "down", "down")
		s.sees("filter bad▏")
		s.keys("esc")
		s.sees("filter bad ")
	})
}

func TestTheNodesAndPeersOfALookupCanBeFiltered(t *testing.T) {
	play(t, func(s *stage) {
		snap := doneLookup(scene("aa"), "d1")
		lk := &snap.Lookups[0]
		for i := range 3 {
			lk.Peers = append(lk.Peers, dhtcore.Peer{Addr: netip.MustParseAddrPort(fmt.Sprintf("198.51.100.%d:51413", i+1)), Found: time.Duration(i+1) * 100 * time.Millisecond})
		}
		s.show(snap)
		steps := len(lk.Steps)
		s.keys("4", "enter", "/")
		s.typed("state:answered bits>=0")
		s.sees(fmt.Sprintf(" of %d.", steps))
		s.keys("ctrl+u")
		s.typed("nobody")
		s.keys("enter")
		s.sees("No node passes the filter.")
		s.keys("p")
		s.sees("no match: esc clears the filter")
	})
}

func TestTheKeyspaceIsFilteredCellByCell(t *testing.T) {
	play(t, func(s *stage) {
		snap := scene("aa")
		snap.Crawl.Running, snap.Crawl.Packets = true, 9
		for i := range snap.Crawl.Cells {
			snap.Crawl.Cells[i] = dhtcore.CrawlCell{Nodes: i, Asked: i / 2}
		}
		s.show(snap)
		s.keys("6", "/")
		s.typed("nodes>=0xff")
		s.sees("! nodes>=0xff: want a number like 10, 2.5, 10k or 2M")
		s.keys("ctrl+u")
		s.typed("nodes>=250 !cell:ff")
		s.sees("5 of 256.")
		if c := &s.m.snap.Crawl.Cells; c[249].Nodes != 0 || c[250].Nodes != 250 || c[255].Nodes != 0 || snap.Crawl.Cells[255].Nodes != 255 {
			t.Errorf("the cells are %v", c[248:])
		}
		s.keys("enter", "esc")
		s.seesNot("filter nodes")
	})
}

func TestPacketsAreFilteredAsTheyPass(t *testing.T) {
	play(t, func(s *stage) {
		s.show(addPackets(scene("aa"), "d3", "d2", "d1"))
		s.keys("5", "/")
		s.typed("in get_peers about:d2 :6881 bytes>50 !client:lib net:192.0.2.0/24")
		s.sees("1 of 3.", "d2d2d2d2…")
		if got := s.watched.filter.String(); got != "in get_peers about:d2 :6881 bytes>50 !client:lib net:192.0.2.0/24" {
			t.Errorf("the core looks out for %q", got)
		}
		s.typed(" ms>")
		if got := s.watched.filter.String(); got != "in get_peers about:d2 :6881 bytes>50 !client:lib net:192.0.2.0/24" {
			t.Errorf("a half-typed term changed it to %q", got)
		}
		s.keys("esc")
		if s.watched.filter != nil {
			t.Errorf("the core still looks out for %q", s.watched.filter)
		}
		s.keys("/")
		s.typed("method:vote")
		s.sees(`! method is never "vote": it is ping, find_node, get_peers, announce_peer`)
	})
}
