package ui

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/wire"
)

// small is a window that no detail fits into.
var small = tea.WindowSizeMsg{Width: 40, Height: 10}

func TestALongHashDetailScrollsAndAShortOneDoesNot(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("2", "enter")
		s.seesNot("j k scroll")
		s.keys("j") // it fits: on to the next hash
		s.sees("hash " + strings.Repeat("bb", 20))

		s.send(small)
		s.sees("hash bbbbbbbbbbbb…", "1–7 of ", "j k scroll", "name      name of bb", "hash      "+strings.Repeat("b", 27))
		s.keys("j")
		s.sees("hash bbbbbbbbbbbb…", "2–8 of ")
		s.keys("ctrl+d")
		s.seesNot("name of bb")
		s.keys("G")
		s.sees("sources ──")
		s.keys("j", "ctrl+d")
		s.sees("sources ──") // the end is the end
		s.keys("g")
		s.sees("1–7 of ", "name of bb")
		s.keys("G", "esc")
		s.sees("▌   2  name of bb") // it is still selected
		s.keys("enter")
		s.sees("1–7 of ") // and opened from the top
		s.keys("esc", "k")
		s.sees("▌   1  name of aa")
	})
}

func TestTheWheelScrollsALongDetail(t *testing.T) {
	play(t, func(s *stage) {
		s.send(small)
		s.keys("2", "enter")
		s.sees("1–7 of ")
		s.send(tea.MouseMsg{Button: tea.MouseButtonWheelDown, Action: tea.MouseActionPress})
		s.sees("4–10 of ", "hash aaaaaaaaaaaa…")
	})
}

func TestALongNodeDetailScrolls(t *testing.T) {
	play(t, func(s *stage) {
		s.send(small)
		s.keys("3", "enter")
		s.sees("node 020202020202…", "1–7 of ", "address")
		s.seesNot("XOR")
		s.keys("G")
		s.sees("XOR", "distance ~2^")
		s.seesNot("address")
	})
}

func TestALookupInFullScrollsAndEscLeadsBackToItsNodes(t *testing.T) {
	play(t, func(s *stage) {
		s.send(small)
		snap := addLookup(scene("aa"), "d1")
		snap.Lookups[0].Done = true
		snap.Lookups[0].Risk.Reasons = []string{"the 8 closest nodes are in 1 network"}
		snap.Lookups[0].Steps[1].Client = "libtorrent 2.0.8"
		s.show(snap)
		s.keys("4", "enter", "j")
		s.sees("▌", "v details")
		s.keys("v")
		s.sees("lookup d1d1d1d1d1d1…", "1–7 of ", "j k scroll")
		s.keys("j", "j")
		s.sees("the 8 closest nodes are in 1", " network ") // over two lines, as it is longer than one
		s.keys("G")
		s.seesNot("1–7 of ")
		s.keys("esc")
		s.sees("node ", "rtt ms")
		if s.m.state.Focus() == 0 || !s.m.state.Zoom {
			t.Error("esc left the lookup")
		}
	})
}

func TestAPacketIsReadInFullByEnterOnAField(t *testing.T) {
	play(t, func(s *stage) {
		s.send(small)
		self := hash("01")
		p := journal.Packet{Seq: 1, At: time.Now(), Way: wire.In, Addr: netip.MustParseAddrPort("203.0.113.7:6881"), Kind: wire.KindQuery, Method: wire.FindNode,
			Target: hash("ab"), HasTarget: true}
		p.Payload = wire.AppendQuery(nil, hash("02"), []byte("aa"), false, &wire.Query{Method: wire.FindNode, Target: p.Target})
		p.Size = len(p.Payload)
		snap := scene("aa")
		snap.Packets.Watched = true
		snap.Packets.Log = []*dhtcore.Packet{dhtcore.NewPacket(p, self)}
		s.show(snap)
		s.keys("5", "enter", "j")
		s.sees("▌", "field")
		s.keys("enter")
		s.sees("from 203.0.113.7:6881", "1–7 of ", "They ask us")
		s.keys("G")
		s.sees("0058", "j k scroll")
		s.keys("enter")
		s.sees("nothing more to open")
		s.keys("esc")
		s.sees("field", "▌")
		s.keys("esc")
		s.sees(" packets ─")
	})
}
