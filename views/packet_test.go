package views

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/wire"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// fixturePackets fills the log with packets of every kind, newest first, 120 of them.
func fixturePackets(r *rand.Rand, s *dhtcore.Snapshot) {
	self, other, target := s.Nodes[0].ID, randomID(r), s.Hashes.Top[0].InfoHash
	for i := range 120 {
		p := journal.Packet{Seq: uint64(120 - i), Way: wire.Direction(i % 2), At: noon.Add(-time.Duration(i) * 37 * time.Millisecond),
			Addr: randomAddr(r, i%13 == 5), Kind: wire.KindQuery, Method: wire.GetPeers, Target: target, HasTarget: true}
		tid := []byte{'a', byte(i)}
		q := wire.Query{Method: wire.GetPeers, Target: target, Scrape: true, Want: wire.WantNodes | wire.WantNodes6}
		switch i % 6 {
		case 0:
			p.Kind, p.Took = wire.KindReply, 23*time.Millisecond
			p.Payload = fixtureReply(r, other, target, tid)
		case 1:
			p.Payload = wire.AppendQuery(nil, self, tid, false, &q)
		case 2:
			p.Kind, p.Took = wire.KindError, 9*time.Millisecond
			p.Payload = wire.AppendError(nil, tid, p.Addr, wire.CodeProtocol, hostile[2])
		case 3:
			p.Method, p.HasTarget = wire.Ping, false
			p.Payload = wire.AppendQuery(nil, self, tid, true, &wire.Query{Method: wire.Ping})
		case 4:
			p.Kind, p.HasTarget, p.Method = wire.NoKind, false, wire.MethodUnknown
			p.Payload = []byte("d1:t2:\x1b]1:y5:what is this, from 203.0.113.7?")
		default:
			p.Method = wire.MethodUnknown
			name := hostile[i%len(hostile)]
			p.Payload = fmt.Appendf(nil, "d1:ad2:id20:%s6:target20:%se1:q%d:%s1:t1:x1:v5:x\x1b[2J1:y1:qe", other[:], target[:], len(name), name)
		}
		p.Size = len(p.Payload)
		s.Packets.Log = append(s.Packets.Log, dhtcore.NewPacket(p, self))
	}
	s.Packets.PacketFlow = journal.PacketFlow{Watched: true, Rate: 812, Kept: 198, Seen: 4080, Passed: 4080}
}

// fixtureReply is an answer to get_peers with eight nodes, the closest of them ten bits further each.
func fixtureReply(r *rand.Rand, from, target dhtcore.ID, tid []byte) []byte {
	a := wire.Answer{Token: []byte("\x01\x02aoeusn"), ValueLen: 6, SeedFilter: make([]byte, wire.FilterLen), PeerFilter: make([]byte, wire.FilterLen)}
	for i := range 40 {
		a.SeedFilter[i*5] = 1
	}
	for i := range 8 {
		c := wire.Contact{ID: randomID(r), Addr: randomAddr(r, false)}
		copy(c.ID[:], target[:2])
		c.ID[2] = target[2] ^ 0x80>>i
		a.Nodes = wire.AppendContact(a.Nodes, c)
	}
	for range 3 {
		a.Values = wire.AppendAddr(a.Values, randomAddr(r, false))
	}
	return wire.AppendReply(nil, from, tid, randomAddr(r, false), &a)
}

// packetFixture is the fixture and a State that looks at the row-th packet of its log.
func packetFixture(th *theme.Theme, row int) (*dhtcore.Snapshot, *screen.State) {
	s, st := fixture(), fixtureState(th)
	st.Pane = screen.PacketsPane
	st.Lists[screen.PacketList].Row = row
	return s, st
}

// openFixture is packetFixture with the packet taken apart and a field of it selected.
func openFixture(th *theme.Theme, row, field int) (*dhtcore.Snapshot, *screen.State) {
	s, st := packetFixture(th, row)
	st.TakeApart(st.SelectedPacket(s))
	st.Lists[screen.FieldList].Row = field
	return s, st
}

func TestOpenPacketsLookAsInTheGoldens(t *testing.T) {
	mono := theme.New("mono")
	for name, c := range map[string]struct{ row, field int }{
		"packet_contact.txt": {0, 8}, "packet_message.txt": {0, 0}, "packet_target.txt": {1, 3}, "packet_error.txt": {2, 3}, "packet_debris.txt": {4, 9},
	} {
		s, st := openFixture(mono, c.row, c.field)
		compare(t, name, album(s, st))
	}
	s, st := openFixture(mono, 0, 8)
	st.Masked = true
	compare(t, "packet_masked.txt", album(s, st))
	s, st = openFixture(mono, 0, 8)
	st.FullDetails, st.Scroll = true, 3
	compare(t, "packet_whole.txt", album(s, st))
	st.Masked = true
	compare(t, "packet_whole_masked.txt", album(s, st))
	s, st = openFixture(mono.WithASCII(), 0, 8)
	lines, _ := Frame(s, st, 120, 30)
	for _, l := range lines {
		if strings.Trim(l, asciiPrintable()) != "" {
			t.Errorf("%q is not ASCII", l)
		}
	}
	compare(t, "packet_ascii.txt", []byte(strings.Join(lines, "|\n")))
	s, st = openFixture(theme.New("dark"), 0, 8)
	lines, _ = Frame(s, st, 120, 30)
	compare(t, "packet_colour.txt", []byte(strings.ReplaceAll(strings.Join(lines, "\n"), "\x1b", "␛")))
}

func asciiPrintable() string {
	var b strings.Builder
	for c := ' '; c <= '~'; c++ {
		b.WriteRune(c)
	}
	return b.String()
}

func TestAFilterShowsOnlyWhatPassesAndSaysSo(t *testing.T) {
	s, st := packetFixture(theme.New("mono"), 0)
	f, err := screen.PacketList.Context().Filter.Parse("announce_peer")
	if err != nil {
		t.Fatal(err)
	}
	all := len(s.Packets.Log)
	st.Filters[screen.PacketList] = f
	f.Sift(st, s)
	st.Filter = screen.Filtered{By: f.String(), Shown: len(s.Packets.Log), All: all}
	compare(t, "packets_none.txt", album(s, st))
	s.Packets = dhtcore.Packets{}
	st.Filters[screen.PacketList], st.Filter = nil, screen.Filtered{}
	compare(t, "packets_empty.txt", album(s, st))
}

func TestTheDistanceIsWorkedOutRight(t *testing.T) {
	s, st := openFixture(theme.New("mono"), 0, 0)
	target := dhtcore.ID(s.Hashes.Top[0].InfoHash)
	for i, f := range st.Packet.Fields {
		if f.Shape != dhtcore.Part {
			continue
		}
		st.Lists[screen.FieldList].Row = i
		lines, _ := Frame(s, st, 200, 60)
		all := strings.Join(lines, "\n")
		distance := dhtcore.Distance(target, f.ID)
		for _, want := range []string{target.String(), f.ID.String(), hex.EncodeToString(distance[:]),
			"equal bytes 2 × 8 = 16 bits", "shared 16 + "} {
			if !strings.Contains(all, want) {
				t.Errorf("%q is not said of field %d:\n%s", want, i, all)
			}
		}
	}
}

// What the mask hides must be in no byte of the frame: not in the tree, not in the dump.
func TestMaskedAddressesAreNotInTheBytesEither(t *testing.T) {
	for row := range 6 {
		s, st := openFixture(theme.New("mono"), row, 0)
		st.Masked = true
		hidden := text.HiddenBytes(st.Packet.Packet, st.Packet.Fields, st.Mask(s))
		for i, f := range st.Packet.Fields {
			if f.Addr.IsValid() {
				for j := f.To - 6; j < f.To; j++ {
					if !hidden[j] {
						t.Fatalf("byte %d of field %d is shown", j, i)
					}
				}
			}
			st.Lists[screen.FieldList].Row = i
			lines, _ := Frame(s, st, 200, 60)
			all := strings.Join(lines, "\n")
			if f.Addr.IsValid() && strings.Contains(all, f.Addr.String()) || strings.Contains(all, "203.0.113.7?") ||
				strings.Contains(all, s.Nodes[0].ID.String()) {
				t.Fatalf("an address or our ID is shown with field %d of packet %d:\n%s", i, row, all)
			}
		}
	}
}

func FuzzAPacketFillsEverySizeExactly(f *testing.F) {
	s, _ := packetFixture(nil, 0)
	for i, p := range s.Packets.Log[:6] {
		for _, size := range [][2]int{{-1, 3}, {1, 1}, {39, 7}, {40, 10}, {109, 20}, {110, 20}, {300, 80}} {
			f.Add(p.Payload, int16(size[0]), int16(size[1]), uint8(i*5), i%2 == 0)
		}
	}
	f.Fuzz(func(t *testing.T, payload []byte, width, height int16, row uint8, mask bool) {
		w, h := int(width)%302, int(height)%302
		if w < -1 || h < -1 {
			return
		}
		p := &dhtcore.Packet{Name: string(payload), Text: string(payload), Client: string(payload)}
		p.Payload, p.Size, p.Kind, p.HasTarget = payload, len(payload), wire.Kind(row%4), row%3 == 0
		st := &screen.State{Theme: theme.New(theme.Names()[int(row)%len(theme.Names())]), Pane: screen.PacketsPane, Masked: mask}
		s := &dhtcore.Snapshot{Packets: dhtcore.Packets{Log: []*dhtcore.Packet{p}}}
		check(t, "log", PacketLog(s, st, w, h), w, h)
		st.TakeApart(p)
		st.Lists[screen.FieldList] = screen.Cursor{Row: int(row), Top: int(row)}
		check(t, "packet", PacketLog(s, st, w, h), w, h)
	})
}

func TestAPacketIsDrawnFast(t *testing.T) {
	for name, fixture := range map[string]func(*theme.Theme) (*dhtcore.Snapshot, *screen.State){
		"log":    func(th *theme.Theme) (*dhtcore.Snapshot, *screen.State) { return packetFixture(th, 3) },
		"packet": func(th *theme.Theme) (*dhtcore.Snapshot, *screen.State) { return openFixture(th, 0, 8) },
	} {
		s, st := fixture(theme.New("dark"))
		if n := testing.AllocsPerRun(20, func() { Frame(s, st, 200, 60) }); n > 60 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkPackets(b *testing.B) {
	for name, fixture := range map[string]func(*theme.Theme) (*dhtcore.Snapshot, *screen.State){
		"log":    func(th *theme.Theme) (*dhtcore.Snapshot, *screen.State) { return packetFixture(th, 3) },
		"packet": func(th *theme.Theme) (*dhtcore.Snapshot, *screen.State) { return openFixture(th, 0, 8) },
	} {
		b.Run(name, func(b *testing.B) {
			s, st := fixture(theme.New("dark"))
			b.ReportAllocs()
			for b.Loop() {
				Frame(s, st, 200, 60)
			}
		})
	}
}
