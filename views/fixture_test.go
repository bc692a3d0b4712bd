package views

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// noon is when the fixture was taken.
var noon = time.Date(2025, 3, 1, 12, 4, 31, 0, time.UTC)

// hostile are names as an attacker, or only a foreigner, may choose them.
var hostile = []string{
	"debian-13.1.0-amd64-netinst.iso",
	"",
	"evil\x1b]52;c;cm0gLXJmIC8=\x07\x1b[2Jname",
	"invoice\u202efdp.exe and a name that is a good deal longer than any column has cells for, so it is cut",
	"ubuntu-26.04-live-server-amd64.iso",
	"日本語のとても長い名前のトレント 第12話 高画質版 字幕つき",
	"zero\u200b\u200dwidth\ufeff ça va? \U0001F469\u200d\U0001F4BB \U0001F1E9\U0001F1EA",
	"two\r\nlines\tand a tab \xff\xfe",
}

// fixture is a Snapshot in which everything occurs, the same in every run.
func fixture() *dhtcore.Snapshot {
	r := rand.New(rand.NewPCG(1, 2))
	s := &dhtcore.Snapshot{Revision: 7, At: noon, Started: noon.Add(-42 * time.Minute), Phase: dhtcore.Serving}
	s.Nodes = []dhtcore.Vantage{fixtureVantage(r, wire.IPv4), fixtureVantage(r, wire.IPv6)}
	s.Bounds = dhtcore.Bounds{Hashes: 12408, MaxHashes: dhtcore.DefaultMaxHashes,
		Stored: true, StoreBytes: 3_900_000, Keep: dhtcore.Keep{Bytes: dhtcore.DefaultKeep}}
	s.Hashes = dhtcore.Hashes{Seen: 12408, Requests: 48211, Announces: 912, Samples: 20140}
	for i := range 60 {
		h := dhtcore.HashRow{Rank: i + 1, InfoHash: randomID(r), Name: hostile[i%len(hostile)],
			Requests: uint64(231000 / (i*i + 1)), Announces: uint64(i % 7), Samples: uint64(i % 3), Sources: 118 - i, Peers: i * 3 % 61,
			FirstSeen: noon.Add(-time.Hour), LastSeen: noon.Add(-time.Duration(i*i) * time.Second)}
		for j := range h.Trend {
			h.Trend[j] = r.Uint32N(9)
		}
		s.Hashes.Top = append(s.Hashes.Top, h)
	}
	s.Lookups = []dhtcore.LookupState{fixtureLookup(r, 58, false), fixtureLookup(r, 120, true), fixtureLookup(r, 9, true)}
	for i := range s.Lookups {
		linkSteps(&s.Lookups[i])
	}
	s.Lookups[1].Method, s.Lookups[1].Peers = wire.FindNode, nil
	s.Lookups[2].Err, s.Lookups[2].Peers, s.Lookups[2].FirstPeer = "no node answered\x1b[31m", nil, 0
	fixtureEvents(r, s)
	fixturePackets(rand.New(rand.NewPCG(3, 4)), s)
	s.Traffic = dhtcore.Traffic{InRate: 184.2, OutRate: 61.4, Used: dhtcore.Limits{Packets: 61}, Limits: dhtcore.Limits{Packets: 150}}
	fixtureTraffic(s)
	fixtureCrawl(s)
	fixtureNodes(s)
	for i := range dhtcore.HistoryLen {
		s.Traffic.History = append(s.Traffic.History, float64(20+i*i%97))
	}
	return s
}

func fixtureVantage(r *rand.Rand, family wire.Family) dhtcore.Vantage {
	v := dhtcore.Vantage{ID: randomID(r), Family: family, Addr: netip.MustParseAddrPort("0.0.0.0:6881"),
		External: netip.MustParseAddrPort("203.0.113.7:6881")}
	for b := range 17 {
		view := table.BucketView{Index: b, Good: max(8-b/3, 1), Replacements: max(8-b, 0)}
		if view.Good < 8 && b < 14 {
			view.Questionable = 1
		}
		if b == 9 {
			view.Bad = 1
		}
		v.Buckets = append(v.Buckets, view)
		v.Good, v.Questionable, v.Bad, v.Replacements = v.Good+view.Good, v.Questionable+view.Questionable, v.Bad+view.Bad, v.Replacements+view.Replacements
		for i := range view.Good + view.Questionable + view.Bad {
			v.Contacts = append(v.Contacts, fixtureContact(r, family, b, i, view))
		}
	}
	return v
}

func fixtureContact(r *rand.Rand, family wire.Family, b, i int, view table.BucketView) dhtcore.TableNode {
	clients := []string{"libtorrent 2.0.8", "µTorrent a8b3", "", "Transmission 0400", "x\x1b[2J\u202ey"}
	c := dhtcore.TableNode{Bucket: b, FirstSeen: noon.Add(-time.Hour), LastReply: noon.Add(-time.Duration(i*70) * time.Second),
		RTT: time.Duration(r.IntN(300_000)) * time.Microsecond, Client: clients[(b+i)%len(clients)]}
	c.ID, c.Addr = randomID(r), randomAddr(r, family == wire.IPv6)
	c.Secure = i%4 != 3
	switch {
	case i >= view.Good+view.Questionable:
		c.Fails = table.MaxFails
	case i >= view.Good:
		c.LastReply = noon.Add(-20 * time.Minute)
	}
	return c
}

func fixtureLookup(r *rand.Rand, steps int, done bool) dhtcore.LookupState {
	lk := dhtcore.LookupState{Target: randomID(r), Method: wire.GetPeers, Started: noon.Add(-time.Duration(steps) * time.Second), Done: done}
	for i := range steps {
		step := lookup.Step{State: lookup.Replied, Round: 1 + i/8, Asked: time.Duration(i*i/4+i*2) * time.Millisecond,
			RTT: time.Duration(20+r.IntN(120)) * time.Millisecond, Referrers: 1 + r.IntN(6), Token: true, Nodes: 8, Client: "libtorrent 2.0.8"}
		step.Bits = min(2+i*26/steps+r.IntN(4), 40)
		step.ID, step.Addr = lk.Target, randomAddr(r, false)
		step.ID[step.Bits/8] ^= 0x80 >> (step.Bits % 8)
		step.ID[10] = byte(r.Uint32())
		if i > 7 {
			step.Referrer = randomID(r)
		}
		switch {
		case i%7 == 3:
			step.State, step.RTT, step.Token, step.Client = lookup.TimedOut, 0, false, ""
			lk.TimedOut++
		case i%29 == 13:
			step.State = lookup.Lied
			lk.Lied++
		case !done && i >= steps-4:
			step.State, step.RTT = lookup.InFlight, 0
			lk.InFlight++
		default:
			lk.Replied++
			lk.ClosestBits = max(lk.ClosestBits, step.Bits)
		}
		lk.Steps = append(lk.Steps, step)
		lk.Elapsed = max(lk.Elapsed, step.Asked+step.RTT)
	}
	lk.Asked, lk.FirstPeer = steps, 110*time.Millisecond
	for i := range steps {
		lk.Peers = append(lk.Peers, lookup.Peer{Addr: randomAddr(r, i%5 == 4), Found: time.Duration(110+i*4) * time.Millisecond,
			From: make([]netip.AddrPort, 1+i%5)})
	}
	return lk
}

func fixtureEvents(r *rand.Rand, s *dhtcore.Snapshot) {
	kinds := []journal.EventKind{journal.Requested, journal.Requested, journal.Announced, journal.Sampled, journal.Found, journal.NodeJoined,
		journal.NodeLeft, journal.LookupStarted, journal.LookupStep, journal.LookupDone, journal.CrawlStep, journal.Warning}
	for i := range 90 {
		s.Events = append(s.Events, dhtcore.Event{Seq: uint64(i), At: noon.Add(time.Duration(i-90) * time.Second), Kind: kinds[i%len(kinds)],
			Hash: s.Hashes.Top[i%9].InfoHash, ID: randomID(r), Addr: randomAddr(r, i%11 == 0), N: 20 + i, New: 14, Wait: 6 * time.Hour,
			Text: "the socket\x1b[2J refused 3 packets\u202e; a sentence that goes on for longer than there is room in the log"})
	}
}

func randomID(r *rand.Rand) (id dhtcore.ID) {
	for i := 0; i < len(id); i += 4 {
		binary.BigEndian.PutUint32(id[i:], r.Uint32())
	}
	return id
}

func randomAddr(r *rand.Rand, v6 bool) netip.AddrPort {
	port := uint16(1024 + r.IntN(60000))
	if v6 {
		return netip.AddrPortFrom(netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, byte(r.Uint32()), 5: 0x2b, 15: byte(r.Uint32())}), port)
	}
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{byte(11 + r.IntN(180)), byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32())}), port)
}

// fixtureMoved are the hashes of the second and the third rank.
var fixtureMoved = sync.OnceValue(func() [2]dhtcore.ID {
	top := fixture().Hashes.Top
	return [2]dhtcore.ID{top[1].InfoHash, top[2].InfoHash}
})

// fixtureState is a State with something in every part, in a theme.
func fixtureState(th *theme.Theme) *screen.State {
	moved := fixtureMoved()
	st := &screen.State{Theme: th, Marks: map[dhtcore.ID]screen.Mark{moved[0]: {Move: 2, Hot: true}, moved[1]: {Move: -1}}}
	st.Lists[screen.HashList].Row = 3
	st.Lists[screen.NodeList].Row = 5
	st.Lists[screen.StepList].Row = 2
	st.Lists[screen.PacketList].Row = 4
	st.Keys = []screen.Key{
		{Keys: "j down", Help: "down", Group: "move"}, {Keys: "k up", Help: "up", Group: "move"},
		{Keys: "1", Help: "overview", Group: "panes"}, {Keys: "2", Help: "hashes", Group: "panes"},
		{Keys: "l", Help: "look up the selected hash", Group: "actions"}, {Keys: "c", Help: "start or stop the crawl", Group: "actions", Off: true},
		{Keys: "?", Help: "help for where you are", Group: "program"},
	}
	st.Hints = []screen.Key{{Keys: "l", Help: "look up"}, {Keys: "c", Help: "crawl", Off: true}, {Keys: "e", Help: "export"},
		{Keys: "space", Help: "freeze"}, {Keys: "?", Help: "help"}}
	return st
}
