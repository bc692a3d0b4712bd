package ui

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/metadata"
)

func TestMaskingHidesAddressesAndOurIDAlsoInCopies(t *testing.T) {
	play(t, func(s *stage) {
		s.show(doneLookup(scene("aa"), "d1"))
		s.sees("0101…0101")
		s.keys("4", "enter", "P")
		s.sees("10.0.1.x", "dhtop masked ")
		s.keys("esc")
		s.seesNoAddress("10.0.")
		s.keys("enter", "y")
		s.sees("copy the address 10.0.0.x")
		if want := base64.StdEncoding.EncodeToString([]byte("10.0.0.x")); !strings.Contains(s.term.String(), want) {
			t.Errorf("copied %q", s.term.String())
		}
		for _, pane := range []string{"1", "2", "3", "4", "5", "6", "7"} {
			s.keys(pane)
			s.sees("dhtop masked")
			s.seesNot("0101…0101")
			s.seesNoAddress("10.0.")
		}
		s.keys("1", "P")
		s.sees("0101…0101", "addresses are shown")
		s.seesNot("masked  ●")
	})
}

// What the mask must hide: the address that others see us at, those of strangers, and our ID.
var (
	ourID     = hash("5e")
	ourAddr   = netip.MustParseAddrPort("192.0.2.147:6881")
	strangers = []netip.AddrPort{netip.MustParseAddrPort("203.0.113.77:51413"), netip.MustParseAddrPort("198.51.100.231:7001"),
		netip.MustParseAddrPort("[2001:db8:77aa:b1b2::c3c4]:51413")}
)

// secrets are the forms that they may come in: as text, as bytes in hexadecimal, our ID from its first digits
// on. An address is given away by what is beyond its network.
func secrets() (all []string) {
	for _, addr := range append(strangers, ourAddr) {
		bytes := hex.EncodeToString(addr.Addr().AsSlice())
		all = append(all, addr.Addr().String(), bytes)
	}
	for _, shown := range []string{"01", "02", "03", "04", "91", "92"} { // from the ID of a node and its distance follows ours
		distance := dhtcore.Distance(ourID, hash(shown))
		all = append(all, hex.EncodeToString(distance[:4]))
	}
	return append(all, "192.0.2.1", "203.0.113.7", "198.51.100.2", "b1b2", "c3c4", ourID.String()[:8], "5e5e…5e5e", "5exxxx")
}

// gossip is a text in which a stranger reveals everything that must be hidden, also with runes that are not shown.
func gossip() string {
	return fmt.Sprintf("to %s [%s]:1 2001:db8:77aa:b1b2::c3c4%%eth0 203.0.113\u200b.77, by %s of %s…", strangers[0], strangers[2].Addr(), ourID, ourID.String()[:8])
}

// gossips is a scene in which addresses and our ID are everywhere.
func gossips() *dhtcore.Snapshot {
	s := doneLookup(scene("aa", "bb"), "d1")
	s.Nodes[0].ID, s.Nodes[0].External, s.Nodes[0].Addr = ourID, ourAddr, ourAddr
	s.Nodes[0].Buckets = []dhtcore.BucketView{{Index: 0, Good: 4}}
	s.Nodes[0].Contacts = nil
	for i, addr := range append(strangers, ourAddr) {
		c := dhtcore.TableNode{Client: gossip(), FirstSeen: s.At, LastReply: s.At, RTT: time.Millisecond}
		c.ID, c.Addr = hash(fmt.Sprintf("0%d", i+1)), addr
		s.Nodes[0].Contacts = append(s.Nodes[0].Contacts, c)
	}
	s.Pings = &dhtcore.Pings{ID: hash("01"), Addr: strangers[0], Sent: 1, RTTs: []time.Duration{0}, Trouble: gossip()}
	s.Notices = []string{"No network: " + gossip()}
	s.Traffic.Blocked = strangers
	s.Crawl.Running, s.Crawl.Sweep, s.Crawl.NodesAsked = true, 1, 40
	s.Hashes.Top[0].Name = gossip()
	s.Hashes.Top[0].FirstSeen = s.At.Add(-time.Minute)
	s.Detail = &dhtcore.Detail{InfoHash: s.Hashes.Top[0].InfoHash, Row: s.Hashes.Top[0], Sightings: 3}
	for _, addr := range strangers {
		s.Detail.Sources = append(s.Detail.Sources, dhtcore.Source{Addr: addr, Client: gossip(), Addrs: 1, Requests: 1, Last: s.At})
	}
	s.Metadata = map[dhtcore.ID]*dhtcore.MetadataInfo{hash("aa"): {Name: gossip()}, hash("d1"): {Name: gossip(), FileCount: 2, Files: []metadata.File{{Path: gossip()}, {Path: gossip()}}}}
	gossipLookup(s)
	for i, kind := range []dhtcore.EventKind{dhtcore.Requested, dhtcore.Announced, dhtcore.Sampled, dhtcore.Found, dhtcore.NodeJoined,
		dhtcore.NodeLeft, dhtcore.LookupStarted, dhtcore.LookupStep, dhtcore.LookupDone, dhtcore.CrawlStep, dhtcore.Warning, dhtcore.Named} {
		s.Events = append(s.Events, dhtcore.Event{Seq: uint64(i + 1), At: s.At, Kind: kind, Hash: ourID, ID: ourID, Addr: strangers[i%len(strangers)], Text: gossip()})
	}
	gossipPackets(s)
	return s
}

// gossipLookup puts addresses into the lookup of a scene, and a lookup of our own ID after it.
func gossipLookup(s *dhtcore.Snapshot) {
	lk := &s.Lookups[0]
	lk.Err = gossip()
	for i := range lk.Steps {
		lk.Steps[i].Addr, lk.Steps[i].Client = strangers[i], gossip()
		lk.Closest[i] = lk.Steps[i]
		r := dhtcore.Receipt{Contact: lk.Steps[i].Contact}
		if i > 0 {
			r.Err = errors.New(gossip())
		}
		lk.Stored = append(lk.Stored, r)
	}
	for i := range lk.Peers {
		lk.Peers[i].Addr, lk.Peers[i].From = strangers[i+1], strangers
	}
	own := *lk
	own.Target, own.Started, own.Method = ourID, s.At.Add(-time.Second), dhtcore.FindNode
	s.Lookups = append(s.Lookups, own)
}

// gossipPackets puts packets into the log of a scene in which everything that must be hidden appears in every form and
// place that a packet has for it.
func gossipPackets(s *dhtcore.Snapshot) {
	compact := func(a netip.AddrPort) string {
		return string(a.Addr().AsSlice()) + string([]byte{byte(a.Port() >> 8), byte(a.Port())})
	}
	str := func(b string) string { return fmt.Sprintf("%d:%s", len(b), b) }
	four, six, us := compact(strangers[0]), compact(strangers[2]), string(ourID[:])
	them, node := strings.Repeat("\x91", 20), strings.Repeat("\x92", 20)
	s.Packets.Watched = true
	for i, payload := range []string{
		"d1:ad2:id20:" + us + "6:target20:" + us + "4:wantl2:n42:n6ee1:q9:find_node1:t4:" + four[:4] + "1:v" + str(gossip()) + "1:y1:qe",
		"d2:ip6:" + compact(ourAddr) + "1:rd2:id20:" + them + "5:nodes" + str(node+four+us+compact(strangers[1])) + "6:nodes6" + str(node+six) +
			"5:token" + str(four[:4]+us+six[:16]) + "6:valuesl" + str(four) + str(six) + "ee1:t2:aa1:y1:re",
		"d1:rd2:id20:" + them + "5:nodes" + str("odd"+four) + "1:v" + str(gossip()+four+us) + "1:kd3:abc" + str(six) + "ee1:t2:bb1:x" + str(six) + "1:y1:re",
		"d1:eli203e" + str(gossip()+four) + "e1:t2:cc1:v4:" + four[:4] + "1:y1:ee",
		"d1:ad2:id20:" + them + "4:salt" + str(gossip()) + "1:vd5:token" + str(six) + "1:t" + str(four) + "ee1:q" + str("ask for it at 203.0.113.77, which is cut") + "1:t2:dd1:y1:qe",
		"d1:" + four + us + "1:xe" + gossip() + six,
	} {
		raw := journal.Packet{Seq: uint64(100 - i), At: s.At, Kind: dhtcore.KindQuery, Method: dhtcore.FindNode, Addr: strangers[i%len(strangers)],
			Target: ourID, HasTarget: i%2 == 0, Payload: []byte(payload), Size: len(payload), Way: dhtcore.Direction(i % 2)}
		switch i {
		case 1, 2:
			raw.Kind, raw.Took = dhtcore.KindReply, time.Millisecond
		case 3:
			raw.Kind, raw.Took = dhtcore.KindError, time.Millisecond
		}
		p := dhtcore.NewPacket(raw, ourID)
		p.Client = gossip()
		s.Packets.Log = append(s.Packets.Log, p)
	}
}

// hidesIn fails if something that is masked is in a text.
func (s *stage) hidesIn(what, text string) {
	s.Helper()
	for _, form := range []string{text, strings.NewReplacer(" ", "", "[", "", "]", "").Replace(text)} { // bytes stand apart in a dump
		for _, secret := range secrets() {
			if strings.Contains(strings.ToLower(form), secret) {
				s.Fatalf("%s tells %q:\n%s", what, secret, text)
			}
		}
	}
}

// copied is what was copied since the last call.
func (s *stage) copied() (all string) {
	for _, m := range regexp.MustCompile(`\x1b\]52;c;([^\a]*)\a`).FindAllStringSubmatch(s.term.String(), -1) {
		value, err := base64.StdEncoding.DecodeString(m[1])
		if err != nil {
			s.Fatal(err)
		}
		all += string(value) + "\n"
	}
	s.term.Reset()
	return all
}

// ways lead to every pane, detail, overlay and prompt.
var ways = [][]string{
	{"1"}, {"1", "z"}, {"2"}, {"2", "enter"}, {"3"}, {"3", "j"}, {"3", "j", "j", "enter"}, {"3", "enter", "p"}, {"3", "b"}, {"3", ">", ">"},
	{"4"}, {"4", "j"}, {"4", "enter"}, {"4", "enter", "j"}, {"4", "enter", "enter"}, {"4", "j", "enter"}, {"4", "a"}, {"4", "n"},
	{"5"}, {"5", "j"}, {"6"}, {"6", "enter"}, {"7"}, {"D"}, {"?"}, {":"}, {"L"}, {"e"}, {"2", "/", "1", "9"}, {"space"}, {"2", "n"},
}

func TestMaskedNothingTellsAnAddressOrOurID(t *testing.T) {
	for _, size := range []tea.WindowSizeMsg{{Width: 200, Height: 60}, {Width: 120, Height: 30}, {Width: 80, Height: 24}, {Width: 60, Height: 16}, {Width: 40, Height: 10}} {
		t.Run(fmt.Sprintf("%dx%d", size.Width, size.Height), func(t *testing.T) {
			play(t, func(s *stage) {
				s.send(size)
				s.keys("P")
				s.show(gossips())
				s.hidesIn("a toast of a warning", s.screen())
				for _, way := range ways {
					s.keys("esc", "esc", "esc", "1")
					for _, key := range way {
						s.keys(key)
						s.hidesIn("the screen after "+strings.Join(way, " "), s.screen())
					}
					s.show(s.snap)
					s.hidesIn("the screen after "+strings.Join(way, " "), s.screen())
					if s.m.prompt == nil {
						s.keys("y", "Y")
						s.hidesIn("the toast of a copy after "+strings.Join(way, " "), s.screen())
						s.hidesIn("a copy after "+strings.Join(way, " "), s.copied())
					}
					if s.m.state.Frozen {
						s.keys("space")
					}
				}
			})
		})
	}
}

func TestMaskedPacketsTellNoAddressNorOurID(t *testing.T) {
	for _, size := range []tea.WindowSizeMsg{{Width: 200, Height: 60}, {Width: 120, Height: 30}, {Width: 80, Height: 24}, {Width: 40, Height: 10}} {
		play(t, func(s *stage) {
			s.send(size)
			s.show(gossips())
			s.keys("P", "5")
			for row, p := range s.snap.Packets.Log {
				s.keys("g")
				for range row {
					s.keys("j")
				}
				s.keys("enter")
				for field := range p.Explain() {
					s.hidesIn(fmt.Sprintf("field %d of packet %d", field, row), s.screen())
					s.keys("y", "Y")
					s.hidesIn("a copy", s.copied())
					s.keys("j")
				}
				s.keys("esc")
			}
		})
	}
}

func TestMaskedExportsTellNoAddressNorOurID(t *testing.T) {
	play(t, func(s *stage) {
		s.show(gossips())
		s.keys("P")
		dir, n := s.TempDir(), 0
		for _, way := range [][]string{{"1"}, {"2"}, {"2", "enter"}, {"3"}, {"4"}, {"4", "enter"}, {"5"}, {"5", "enter"}, {"6"}, {"6", "enter"}} {
			for _, format := range []string{"csv", "json", "ndjson", "plain", "magnet"} {
				s.keys("esc", "esc", "esc")
				s.keys(way...)
				n++
				path := filepath.Join(dir, fmt.Sprint(n))
				s.exportTo(format, path)
				s.hidesIn("the screen of an export", s.screen())
				file, err := os.ReadFile(path)
				switch {
				case err == nil && len(file) > 0:
					s.hidesIn(fmt.Sprintf("%v as %s", way, format), string(file))
				case format != "magnet":
					t.Errorf("%v as %s is not written: %v\n%s", way, format, err, s.screen())
				}
				s.keys("esc")
			}
		}
		s.keys("1", "4", "j", "enter", "e") // the lookup of our own ID
		s.sees("our own ID is masked: P shows it")
		s.keys("esc", "Y")
		s.sees("our own ID is masked: P shows it")
	})
}

// The tests above look for what the scene has: without the mask they must find it everywhere.
func TestUnmaskedTheSceneTellsItAll(t *testing.T) {
	play(t, func(s *stage) {
		s.send(tea.WindowSizeMsg{Width: 200, Height: 60})
		s.show(gossips())
		for way, secret := range map[string]string{"1": "5e5e…5e5e", "2 enter": "203.0.113", "3": "192.0.2.147", "4": "198.51.100.231", "4 j": ourID.String(), "5": "203.0.113.77"} {
			s.keys("esc", "esc", "esc")
			s.keys(strings.Fields(way)...)
			s.sees(secret)
		}
		s.keys("5", "j", "enter")
		s.sees("cb 00 71 4d", "c0 00 02 93")
		if file := s.exported("json"); !strings.Contains(file, "cb00714d") || !strings.Contains(file, ourID.String()) {
			t.Errorf("wrote %s", file)
		}
	})
}

func TestWhatIsTypedIsCoveredOnceItIsAnAddress(t *testing.T) {
	play(t, func(s *stage) {
		s.show(gossips())
		s.keys("P", "5", "/")
		s.typed("!203.0.113.77 in")
		s.sees("filter !xxx.x.xxx.xx in▏")
		s.keys("left", "left", "left", "left", "left")
		s.hidesIn("the prompt", s.screen())
		s.keys("enter")
		s.hidesIn("the title", s.screen())
		s.keys("/")
		s.sees("xxx.x.xxx.xx")
		s.keys("esc", "3", "/")
		s.typed("203.0.113.77")
		s.keys("enter")
		s.send(tea.WindowSizeMsg{Width: 50, Height: 16}) // too narrow for the last number
		s.hidesIn("the line of a filter", s.screen())
	})
}

// seesNoAddress fails if an address of the network is on the screen in full.
func (s *stage) seesNoAddress(network string) {
	s.Helper()
	for third := range 10 {
		for digit := range 10 {
			s.seesNot(fmt.Sprintf("%s%d.%d", network, third, digit))
		}
	}
}
