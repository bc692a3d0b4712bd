package views

import (
	"math/rand/v2"
	"net/netip"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/metadata"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// fixtureHash is a Snapshot whose fourth hash is looked at: it has a name from a stranger, a swarm, lookups,
// sources, and others that look like it.
func fixtureHash() *dhtcore.Snapshot {
	r := rand.New(rand.NewPCG(3, 4))
	s := fixture()
	for i := range s.Hashes.Top {
		h := &s.Hashes.Top[i]
		h.RawRequests, h.Rate, h.Vantages = h.Requests+uint64(i*i), float64(h.Requests)/4000, uint16(1|i%3<<1)
		h.Hour, h.Minutes = h.Requests/9, h.Requests/90
		if i%4 == 3 {
			h.Seeds, h.PeersEstimate = 61+i, 1153/(i+1)
		}
	}
	h := &s.Hashes.Top[3]
	h.Related, s.Hashes.Top[9].Related = 5, 1
	s.Metadata = map[dhtcore.ID]*dhtcore.MetadataInfo{h.InfoHash: {Name: hostile[2], Size: 3_912_000_000, PieceLength: 4 << 20, Pieces: 933,
		FileCount: 12, Private: true, Files: []metadata.File{{Path: "disc 1/\x1b[2J" + hostile[3], Length: 700_000_000}, {Path: hostile[5], Length: 12}}}}
	s.Lookups[0].Target = h.InfoHash
	s.Lookups[2].Target = h.InfoHash
	d := &dhtcore.Detail{InfoHash: h.InfoHash, Row: *h, Sightings: 412, Since: noon.Add(-7 * time.Minute)}
	for i := range d.History.Hour {
		d.History.Hour[i] = uint32(i * i % 37)
	}
	for i := range d.History.Minutes {
		d.History.Minutes[i] = uint32((i + 3) % 5)
	}
	for i := range 5 {
		alike := s.Hashes.Top[20+i]
		alike.InfoHash = h.InfoHash
		alike.InfoHash[9] = byte(i)
		alike.Name = hostile[i]
		d.Related = append(d.Related, alike)
	}
	for i := range 40 {
		d.Sources = append(d.Sources, dhtcore.Source{Addr: randomAddr(r, i%7 == 6), Client: []string{"libtorrent 2.0.8", "", "x\x1b[2J\u202ey"}[i%3],
			Addrs: 1 + i%4, Requests: 40 - i, Announces: i % 2, Last: noon.Add(-time.Duration(i*i) * time.Second)})
	}
	for i := range 90 {
		p := dhtcore.SwarmPeer{Addr: randomAddr(r, i%6 == 5), Seed: i < 4, Client: []string{"libtorrent 2.0.8", "", "x\x1b[2J\u202ey"}[i%3],
			First: noon.Add(-time.Duration(i*i) * time.Minute), Last: noon.Add(-time.Duration(i*i) * time.Second)}
		switch {
		case i < 4 || i%9 == 0:
			p.Announced = p.Last
		case i < 70:
			p.From = []netip.AddrPort{randomAddr(r, i%8 == 7), randomAddr(r, false), randomAddr(r, false)}[:1+i%3]
		}
		d.Swarm.Peers = append(d.Swarm.Peers, p)
	}
	d.Swarm.Known, d.Swarm.Seeds = 214, 4
	d.Past.Read = true
	for i := range d.Past.Days {
		d.Past.Days[i] = uint32(i * 7 % 23)
	}
	s.Detail = d
	return s
}

// fixtureBare is a Snapshot of a hash of which nothing but its row is known, and not yet its detail.
func fixtureBare() *dhtcore.Snapshot {
	s := fixture()
	h := &s.Hashes.Top[3]
	h.Name, h.Trend = "", [dhtcore.TrendLen]uint32{}
	return s
}

// fixtureQuiet is one of a hash that only a crawl has met: nobody asks for it.
func fixtureQuiet() *dhtcore.Snapshot {
	s := fixtureBare()
	h := &s.Hashes.Top[3]
	*h = dhtcore.HashRow{Rank: 4, InfoHash: h.InfoHash, Samples: 1, FirstSeen: noon.Add(-time.Second), LastSeen: noon.Add(-time.Second), Vantages: 1}
	s.Detail = &dhtcore.Detail{InfoHash: h.InfoHash, Row: *h, Since: noon.Add(-3 * time.Minute)}
	return s
}

// hashState is a State in the hashes pane with the fourth hash selected, as scene says.
func hashState(scene screen.State, th *theme.Theme) *screen.State {
	st := fixtureState(th)
	st.Pane, st.Zoom, st.Masked, st.Orders, st.Window, st.Alike = screen.HashesPane, scene.Zoom, scene.Masked, scene.Orders, scene.Window, scene.Alike
	st.Lists[screen.HashList].Row, st.Unfolded = scene.Lists[screen.HashList].Row, scene.Unfolded
	return st
}

// fixtureSampled is one of a ranking whose last 49 hashes nobody asked for.
func fixtureSampled() *dhtcore.Snapshot {
	s := fixtureHash()
	for i := 11; i < len(s.Hashes.Top); i++ {
		h := &s.Hashes.Top[i]
		h.Requests, h.RawRequests, h.Sources, h.Announces, h.Samples = 0, 0, 0, 0, 2
	}
	return s
}
